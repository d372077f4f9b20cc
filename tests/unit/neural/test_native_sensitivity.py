"""Native sensitivities of windows against those of small Runge-Kutta steps, and behind least squares."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from odeplayground.dynamics import dense_sensitivities
from odeplayground.neural import native_sensitivity, sensitivity
from odeplayground.neural.models import MLP, ScaledField, seeded_net
from odeplayground.neural.native_engine import supports
from odeplayground.neural.preparation import Batch
from odeplayground.neural.segments import Segments


def _field() -> ScaledField:
    net = seeded_net([2, 12, 2], "tanh", 0).double()
    with torch.no_grad():
        for p in net.parameters():
            p.mul_(2.0).add_(0.1)
    return ScaledField(net, torch.tensor([1.3, 0.7], dtype=torch.float64))


def _windows() -> tuple[Tensor, Tensor]:
    """Starts (5, 2), and times (7, 5) with a begin and gaps of their own."""
    numbers = torch.Generator().manual_seed(0)
    start = torch.randn(5, 2, generator=numbers, dtype=torch.float64)
    gaps = 0.05 + 0.2 * torch.rand(6, 5, generator=numbers, dtype=torch.float64)
    begin = torch.arange(5, dtype=torch.float64)
    return start, torch.cat([begin[None], begin + gaps.cumsum(0)])


def test_agrees_with_small_steps() -> None:
    field, (start, t) = _field(), _windows()
    exact = sensitivity.record(field, start, t, 20)
    ours = native_sensitivity.record(field, start, t, 1)
    torch.testing.assert_close(ours.y, exact.y, rtol=1e-6, atol=1e-6)
    pairs = zip(native_sensitivity.sensitivities(field, ours), sensitivity.sensitivities(field, exact), strict=True)
    for found, expected in pairs:
        torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-6)


def test_residuals_follow_their_jacobian() -> None:
    """Taylor: without the linear part, what is left falls with the square of the step."""
    field, (start, t) = _field(), _windows()
    assert supports(field)
    y = torch.randn(7, 5, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    problem = Segments(field, [Batch(t, y, torch.ones(7, 5, 2, dtype=torch.float64), start)], 1, 0.0, True)
    x = problem.begin()
    before = problem.residuals(x).clone()
    jacobian = problem.jacobian()
    direction = torch.randn(len(x), generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    rests = []
    for h in (4e-2, 2e-2):
        change = problem.residuals(x + h * direction) - before
        rests.append((change - h * jacobian @ direction).norm().item())
    assert rests[0] / rests[1] == pytest.approx(4.0, rel=0.15)
    assert problem.evaluations > 0


def test_fields_with_known_terms_keep_the_steps_of_torch() -> None:
    class Known(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = MLP([2, 4, 2]).double()

        def forward(self, t: Tensor, y: Tensor) -> Tensor:
            return -y + self.net(t, y)

    start, t = _windows()
    field = Known()
    assert not supports(field)
    y = torch.zeros(7, 5, 2, dtype=torch.float64)
    problem = Segments(field, [Batch(t, y, torch.ones(7, 5, 2, dtype=torch.float64), start)], 1, 0.0, True)
    problem.residuals(problem.begin())
    assert problem.evaluations % (4 * 6) == 0


def test_derivatives_that_took_too_many_steps_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    field, (start, t) = _field(), _windows()
    tape = native_sensitivity.record(field, start, t, 1)
    monkeypatch.setattr(dense_sensitivities, "MOST_STEPS", 1)
    native_sensitivity._linear_solver.cache_clear()
    try:
        with pytest.raises(FloatingPointError, match="derivatives"):
            native_sensitivity.sensitivities(field, tape)
    finally:
        native_sensitivity._linear_solver.cache_clear()
