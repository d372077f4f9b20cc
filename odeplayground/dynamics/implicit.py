"""scipy's implicit solvers, stepped one by one, with the exact Jacobian. One trajectory at a time."""

from __future__ import annotations

import contextlib
import threading
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from odeplayground.dynamics.arrays import Floats, Integers
from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.outcome import Tally
from odeplayground.dynamics.task import StepRecorder, Task, runs_away
from odeplayground.spec import Method

TIGHTEST = 3e-14
"""The smallest relative tolerance that scipy accepts without a warning."""

SHORTEST = 1e-10
"""Steps shorter than this, relative to the time, lead nowhere. LSODA does not shorten a step that meets what is not
finite, as the others do: it is begun anew with shorter ones."""

_ONE_LSODA = threading.Lock()
"""LSODA keeps its state in global variables, so that only one can run at a time."""


@dataclass
class _Progress:
    ending: Ending
    t: float
    y: Floats
    step: float
    steps: int = 0
    evaluations: int = 0
    jacobians: int = 0


def solve_implicit(
    task: Task, method: Method, outcome: Tally, lanes: Integers, recorder: StepRecorder | None = None
) -> None:
    """Solve for some of the trajectories, which are in ``outcome`` as they begin, and write the results there."""
    for lane in lanes:
        progress = _solve_one(task, method, outcome, int(lane), recorder)
        outcome.endings[lane], outcome.t[lane], outcome.y[:, lane] = progress.ending, progress.t, progress.y
        outcome.step[lane] = progress.step
        outcome.steps[lane] += progress.steps
        outcome.accepted[lane] += progress.steps
        outcome.evaluations[lane] += progress.evaluations
        outcome.jacobians[lane] += progress.jacobians


def _solve_one(task: Task, method: Method, outcome: Tally, lane: int, recorder: StepRecorder | None) -> _Progress:
    field = task.field.take(np.array([lane]))
    limit = float(task.limits()[lane])
    allowed = task.max_steps - int(outcome.steps[lane])
    now = _Progress(Ending.RUNNING, float(outcome.t[lane]), outcome.y[:, lane].copy(), float(outcome.step[lane]))
    reach, before = task.max_step, (0, 0)
    alone = _ONE_LSODA if method is Method.LSODA else contextlib.nullcontext()
    with alone, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            solver = _solver(task, method, field, now, reach)
            while now.ending is Ending.RUNNING:
                if task.cancelled:
                    now.ending = Ending.CANCELLED
                elif now.steps >= allowed:
                    now.ending = Ending.STEP_LIMIT
                else:
                    _advance(task, solver, now, limit, lane, recorder)
                if now.ending is Ending.UNDEFINED and method is Method.LSODA:
                    reach = min(reach, abs(now.step) or abs(task.t1 - now.t)) / 4
                    if reach > SHORTEST * max(1.0, abs(now.t)):
                        now.ending = Ending.RUNNING
                        before = before[0] + int(solver.nfev), before[1] + int(solver.njev)
                        solver = _solver(task, method, field, now, reach)
        except (ValueError, ArithmeticError, np.linalg.LinAlgError):
            # scipy's linear algebra raises on numbers that are not finite.
            now.ending = Ending.UNDEFINED
            return now
    now.evaluations, now.jacobians = before[0] + int(solver.nfev), before[1] + int(solver.njev)
    if now.ending is Ending.FAILED:
        now.ending = _reason(task, field, now)
    return now


def _solver(task: Task, method: Method, field: Any, now: _Progress, max_step: float) -> Any:
    """A scipy solver that begins where the trajectory stands, and makes no longer steps."""
    from scipy import integrate

    def rhs(t: float, y: Floats) -> Floats:
        result: Floats = field.rhs(t, y[:, None])[:, 0]
        return result

    def jacobian(t: float, y: Floats) -> Floats:
        result: Floats = field.jacobian(t, y[:, None])[:, :, 0]
        return result

    if not np.isfinite(rhs(now.t, now.y)).all():
        raise ValueError("undefined at the start")
    classes = {Method.LSODA: integrate.LSODA, Method.RADAU: integrate.Radau, Method.BDF: integrate.BDF}
    tolerances = {"rtol": max(task.rtol, TIGHTEST), "atol": np.broadcast_to(task.atol[:, 0], now.y.shape).copy()}
    return classes[method](rhs, now.t, now.y, task.t1, jac=jacobian, max_step=max_step, **tolerances)


def _advance(task: Task, solver: Any, now: _Progress, limit: float, lane: int, recorder: StepRecorder | None) -> None:
    """One accepted step."""
    solver.step()
    if solver.status == "failed":
        now.ending = Ending.FAILED
        return
    t, y = float(solver.t), solver.y.copy()
    if not np.isfinite(y).all():
        now.ending = Ending.UNDEFINED
        return
    now.steps += 1
    if recorder is not None and t != now.t:
        recorder.record_step(lane, now.t, t, y, solver.dense_output)
    now.step, now.t, now.y = t - now.t, t, y
    if solver.status == "finished":
        now.ending = Ending.FINISHED
    elif np.abs(y).max() > limit:
        now.ending = Ending.TOO_LARGE


def _reason(task: Task, field: Any, now: _Progress) -> Ending:
    """Why scipy found no step."""
    column = now.y[:, None]
    if runs_away(np.array([now.t]), column, task.direction * field.rhs(now.t, column))[0]:
        return Ending.TOO_LARGE
    if abs(now.step) < SHORTEST * max(1.0, abs(now.t)):
        return Ending.STEP_TOO_SMALL
    return Ending.FAILED
