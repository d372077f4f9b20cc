"""A trajectory that is solved alone gets a kernel of one lane, which changes no bit."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import expr
from odeplayground.dynamics.kernels.alone import WORTH_IT
from odeplayground.dynamics.kernels.batch import Batch, Result
from odeplayground.dynamics.kernels.program import Kernel, equations_of
from odeplayground.dynamics.kernels.run import solve
from odeplayground.dynamics.kernels.store import Store, Wanted, wait_for_workshop
from odeplayground.dynamics.kernels.tableaus import TABLEAUS
from odeplayground.spec import Method
from tests.unit.dynamics.systems import typed

PENDULUM = "theta' = omega\nomega' = -b*omega - 5*sin(theta) + cos(t)\nb = 0.25\ntheta(0) = 1\nomega(0) = 0"


@pytest.mark.parametrize("method", [Method.TSIT5, Method.DOP853, Method.RODAS4])
def test_one_trajectory_gets_one_lane_and_the_same_bits(method: Method) -> None:
    tableau = TABLEAUS[method]
    model = expr.model(typed(PENDULUM))
    kernel = Store().kernel(Wanted(equations_of(model, derivatives=method is Method.RODAS4), tableau))
    assert kernel.alone is not None
    batch = Batch(np.array([[1.0], [0.0]]), 0.0, 10.0, np.array([0.25]), times=np.linspace(0.0, 10.0, 37))
    wide = [solve(kernel, batch) for _ in range(WORTH_IT)][-1]
    wait_for_workshop()
    assert kernel.alone.instead_of(kernel).width == 1 < kernel.width
    narrow = solve(kernel, batch)
    assert narrow.samples is not None
    assert wide.samples is not None
    assert np.array_equal(narrow.samples, wide.samples)
    assert np.array_equal(narrow.rows, wide.rows)


def test_several_trajectories_stay_with_the_wide_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = Store().kernel(Wanted(equations_of(expr.model(typed(PENDULUM))), TABLEAUS[Method.TSIT5]))
    batch = Batch(np.zeros((2, 2)), 0.0, 1.0, np.array([0.25]))
    asked: list[Kernel] = []
    monkeypatch.setattr(type(kernel.alone), "instead_of", lambda _self, wide: asked.append(wide) or wide)
    result = solve(kernel, batch)
    assert not asked
    solve(kernel, batch, Result.of(batch), np.array([1]))
    assert asked == [kernel]
    assert result.steps.all()
