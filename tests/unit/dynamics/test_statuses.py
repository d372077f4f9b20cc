from __future__ import annotations

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import Method, Status
from tests.unit.dynamics.systems import BLOW_UP, PENDULUM, VAN_DER_POL, typed

ADAPTIVE = [Method.AUTO, Method.DOPRI5, Method.LSODA, Method.RADAU, Method.BDF]


class CancelAfter(CancelToken):
    """Is raised after it was looked at so many times."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self.looks = looks

    @property
    def cancelled(self) -> bool:
        self.looks -= 1
        return self.looks < 0


@pytest.mark.parametrize("method", ADAPTIVE)
def test_growth_without_limit_is_divergence(method):
    solution = dynamics.simulate(BLOW_UP, (0, 20), method=method)
    assert solution.status is Status.DIVERGED
    assert solution.message.startswith("The solution became too large at t = 1.")
    assert solution.span[1] == pytest.approx(1.0, abs=1e-3)
    assert sum(solution.stats.values()) < 50_000


@pytest.mark.parametrize("method", [Method.EULER, Method.MIDPOINT, Method.RK4])
def test_fixed_steps_diverge_too(method):
    solution = dynamics.simulate(typed("x' = x^2 + 1\nx(0) = 1"), (0, 20), method=method)
    assert solution.status is Status.DIVERGED
    assert np.isfinite(solution.y).all()


def test_a_slow_growth_to_infinity_is_seen_by_the_step():
    solution = dynamics.simulate(typed("x' = x^3\nx(0) = 1"), (0, 20))
    assert solution.status is Status.DIVERGED
    assert solution.span[1] == pytest.approx(0.5, abs=1e-6)
    assert solution.y.max() < 1e12


def test_divergence_is_measured_from_where_it_began():
    solution = dynamics.simulate(typed("x' = -x\nx(0) = 1e13"), (0, 5))
    assert solution.status is Status.FINISHED


@pytest.mark.parametrize("method", [*ADAPTIVE, Method.EULER, Method.RK4])
def test_where_the_equations_are_undefined(method):
    solution = dynamics.simulate(typed("x' = -1 - sqrt(x)\nx(0) = 1"), (0, 2), method=method)
    assert solution.status in (Status.DIVERGED, Status.STEP_TOO_SMALL)
    assert solution.span[1] == pytest.approx(2 - 2 * np.log(2), abs=0.01)
    assert np.isfinite(solution.y).all()


@pytest.mark.parametrize("method", list(Method))
def test_undefined_from_the_start(method):
    solution = dynamics.simulate(typed("x' = log(x)\nx(0) = -1"), (0, 2), method=method)
    assert solution.status is Status.DIVERGED
    assert solution.message == "The equations have no finite value beyond t = 0."
    np.testing.assert_array_equal(solution.t, [0.0])
    np.testing.assert_array_equal(solution(0.0), [-1.0])


def test_a_singularity_makes_the_step_too_small():
    solution = dynamics.simulate(typed("x' = -1/x\nx(0) = 1"), (0, 2), method="dopri5")
    assert solution.status is Status.STEP_TOO_SMALL
    assert solution.message.startswith("The step fell below ")
    assert solution.message.endswith(" at t = 0.5. The system may be stiff: try Radau.")


@pytest.mark.parametrize("method", list(Method))
def test_the_step_limit_keeps_what_is_there(method):
    solution = dynamics.simulate(PENDULUM, method=method, max_steps=20)
    assert solution.status is Status.STEP_LIMIT
    assert 0 < solution.span[1] < 20
    assert solution.message == f"Stopped at t = {solution.span[1]:.4g} after 20 steps, the most allowed."
    assert solution.t[-1] == solution.span[1]


def test_the_step_limit_counts_both_methods():
    solution = dynamics.simulate(VAN_DER_POL, max_steps=200)
    assert solution.method == "dopri5 + lsoda"
    assert solution.status is Status.STEP_LIMIT
    assert solution.stats["steps"] + solution.stats["rejected"] == 200


@pytest.mark.parametrize("method", list(Method))
def test_cancelling_midway_keeps_what_is_there(method):
    solution = dynamics.simulate(PENDULUM, t_eval=np.linspace(0, 20, 8001), method=method, cancel=CancelAfter(15))
    assert solution.status is Status.CANCELLED
    assert solution.message == f"Stopped on request at t = {solution.span[1]:.4g}."
    assert 1 < solution.t.size < 8001
    full = dynamics.simulate(PENDULUM, t_eval=solution.t, method=method)
    np.testing.assert_array_equal(solution.y, full.y)


def test_cancelling_many():
    many = dynamics.simulate_many(PENDULUM, np.ones((3, 2)), t_eval=[0.0, 5.0, 10.0], cancel=CancelAfter(120))
    assert set(many.status) == {Status.CANCELLED}
    assert (many.t_stop > 5).all()
    np.testing.assert_array_equal(np.isnan(many.y[0, 0]), [False, False, True])


def test_auto_goes_on_after_a_failure_of_the_first_implicit_method(monkeypatch):
    from odeplayground.dynamics import implicit
    from odeplayground.dynamics.endings import Ending

    real = implicit._advance

    def fails(task, solver, now, *rest):
        if type(solver).__name__ == "LSODA" and now.steps == 5:
            now.ending = Ending.FAILED
        else:
            real(task, solver, now, *rest)

    monkeypatch.setattr(implicit, "_advance", fails)
    solution = dynamics.simulate(VAN_DER_POL, (0, 100))
    assert solution.status is Status.FINISHED
    assert solution.method == "dopri5 + lsoda + radau"
    assert solution.message.endswith("continued with LSODA and then Radau.")
    np.testing.assert_allclose(solution(solution.t), solution.y, rtol=1e-9)
