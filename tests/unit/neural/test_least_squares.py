"""Steps of Levenberg-Marquardt against the definition of what they minimise."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from odeplayground.neural.least_squares import Marquardt


class Line:
    """Residuals a x - b with a ridge; of a linear problem the step is known."""

    def __init__(self, residuals: int, unknowns: int) -> None:
        numbers = torch.Generator().manual_seed(0)
        self.a = torch.randn(residuals, unknowns, generator=numbers, dtype=torch.float64)
        self.b = torch.randn(residuals, generator=numbers, dtype=torch.float64)
        # Weights are kept small, starts are free.
        self.ridge = torch.cat([torch.full((unknowns - 2,), 0.3), torch.zeros(2)]).double()

    def residuals(self, x: Tensor) -> Tensor:
        return self.a @ x - self.b

    def jacobian(self) -> Tensor:
        return self.a


@pytest.mark.parametrize(("residuals", "unknowns"), [(30, 7), (7, 30)])
def test_a_step_minimises_the_damped_model(residuals: int, unknowns: int) -> None:
    problem = Line(residuals, unknowns)
    start = torch.linspace(-1.0, 1.0, unknowns, dtype=torch.float64)
    search = Marquardt(start.clone(), damping=0.05)
    assert search.step(problem).gain > 0
    moved = search.x - start
    model = (
        problem.a.T @ (problem.a @ search.x - problem.b) + problem.ridge * search.x + 0.05 * moved
    )  # half the gradient of |r|^2 + ridge |x|^2 + damping |step|^2
    assert model.norm() < 1e-9 * (problem.a.T @ problem.b).norm()
