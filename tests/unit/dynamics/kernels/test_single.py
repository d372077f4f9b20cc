"""One trajectory with little around it: the same bits as by the general way."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import dynamics, expr
from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.kernels.batch import Batch, Result
from odeplayground.dynamics.kernels.program import Kernel, equations_of, make_kernel
from odeplayground.dynamics.kernels.run import solve
from odeplayground.dynamics.kernels.single import solve_single
from odeplayground.dynamics.kernels.tableaus import TABLEAUS
from odeplayground.spec import Method
from tests.unit.dynamics.systems import typed

PENDULUM = "theta' = omega\nomega' = -b*omega - 5*sin(theta) + cos(t)\nb = 0.25\ntheta(0) = 1\nomega(0) = 0"
VAN_DER_POL = "x' = v\nv' = b*(1 - x^2)*v - x\nb = 1000\nx(0) = 2\nv(0) = 0"
BLOW_UP = "x' = x^2\nx(0) = 1"


def _kernel(text: str, method: Method) -> Kernel:
    return make_kernel(equations_of(expr.model(typed(text)), derivatives=method is Method.RODAS4), TABLEAUS[method])


def _both(kernel: Kernel, batch: Batch) -> tuple[Result, Result]:
    assert isinstance(batch.t0, float)
    assert isinstance(batch.t1, float)
    assert isinstance(batch.rtol, float)
    single = solve_single(
        kernel,
        batch.y0,
        (batch.t0, batch.t1),
        batch.parameters,
        (batch.rtol, np.asarray(batch.atol)),
        step=batch.step,
        max_step=batch.max_step,
        max_steps=batch.max_steps,
        times=batch.times,
        watch=batch.watch_stiffness,
    )
    _check(solve(kernel, batch), single)
    return single, solve(kernel, batch, lanes=np.array([0]))  # the general way


def _check(single: Result, general: Result) -> None:
    np.testing.assert_array_equal(single.rows.view(np.int64), general.rows.view(np.int64))
    np.testing.assert_array_equal(single.evaluations, general.evaluations)
    assert (single.samples is None) == (general.samples is None)
    if single.samples is not None:
        np.testing.assert_array_equal(single.samples, general.samples)


@pytest.mark.parametrize("times", [None, np.linspace(0.0, 10.0, 37), np.empty(0)])
@pytest.mark.parametrize("method", [Method.EULER, Method.TSIT5, Method.DOP853, Method.RODAS4])
def test_the_same_bits(method: Method, times: np.ndarray | None) -> None:
    kernel = _kernel(PENDULUM, method)
    atol = np.array([[1e-9], [1e-7]])
    for start in ([[1.0], [0.0]], [[-2.0], [3.0]]):  # the second one meets what the first one left
        batch = Batch(np.array(start), 0.0, 10.0, np.array([0.25]), 1e-5, atol, 0.01, 0.3, times=times)
        _check(*_both(kernel, batch))


def test_the_same_endings() -> None:
    atol, none = np.array([[1e-9], [1e-9]]), np.empty(0)
    stiff = Batch(np.array([[2.0], [0.0]]), 0.0, 2000.0, np.array([1000.0]), atol=atol, watch_stiffness=True)
    blow_up = Batch(np.array([[1.0]]), 0.0, 3.0, none, atol=atol[:1], times=np.linspace(0.0, 3.0, 7))
    backwards = Batch(np.array([[1.0]]), 0.0, -3.0, none, atol=atol[:1], max_steps=3)
    given = ((VAN_DER_POL, stiff, Ending.STIFF), (BLOW_UP, blow_up, Ending.TOO_LARGE))
    for text, batch, ending in (*given, (BLOW_UP, backwards, Ending.STEP_LIMIT)):
        single, general = _both(_kernel(text, Method.TSIT5), batch)
        assert single.endings == [ending]
        _check(single, general)


def test_solutions_do_not_share_memory() -> None:
    system = typed(PENDULUM)
    first = dynamics.simulate(system, (0, 10), [1, 0], t_eval=[0, 5, 10])
    kept, stats, span = first.y.copy(), first.stats, first.span
    dynamics.simulate(system, (0, 20), [2, 1], t_eval=[0, 3, 20])
    np.testing.assert_array_equal(first.y, kept)
    assert (first.stats, first.span) == (stats, span)


def test_what_only_the_general_way_can_do_is_done_so() -> None:
    kernel, start = _kernel(BLOW_UP, Method.TSIT5), np.array([[1.0]])
    plain = Batch(start, 0.0, 3.0, np.empty(0))
    assert solve(kernel, plain).endings == [Ending.TOO_LARGE]
    near = Batch(start, 0.0, 3.0, np.empty(0), limit=10.0)
    assert 10.0 < solve(kernel, near).y.item() < 100.0
    boxed = Batch(start, 0.0, 3.0, np.empty(0), box=(np.array([[0.0]]), np.array([[10.0]])))
    assert solve(kernel, boxed).endings == [Ending.LEFT]
    cancelled = Batch(start, 0.0, 3.0, np.empty(0), cancel=np.ones(1, dtype=np.int64))
    assert solve(kernel, cancelled).endings == [Ending.CANCELLED]
    arrays = Batch(start, np.zeros(1), np.full(1, 0.5), np.empty(0), np.array(1e-6), max_step=np.array([0.1]))
    np.testing.assert_array_equal(solve(kernel, arrays).rows, solve(kernel, arrays, lanes=np.array([0])).rows)
