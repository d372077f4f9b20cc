"""Initial value problems solved by native kernels; changes to an implicit method where ``auto`` meets stiffness."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from odeplayground.dynamics.arrays import Flags, Floats, Integers
from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.fields import BoundField
from odeplayground.dynamics.kernels import run
from odeplayground.dynamics.kernels.batch import Batch, Result
from odeplayground.dynamics.kernels.driver_records import BEFORE_PIECES
from odeplayground.dynamics.kernels.run import Trails
from odeplayground.dynamics.kernels.single import solve_single
from odeplayground.dynamics.kernels.tableaus import TABLEAUS
from odeplayground.dynamics.outcome import NativeOutcome, Outcome
from odeplayground.dynamics.task import NativeRecorder, Task
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import Method

_STIFF = int(Ending.STIFF)
"""A plain number: numpy takes five times as long to compare with a member of an enum."""
LOOK_AHEAD = 2000
"""So many steps show whether a system is stiff."""
FIRST, FOR_STIFF = Method.TSIT5, Method.RODAS4
"""What ``auto`` begins with, and what it changes to."""


@dataclass(frozen=True, eq=False)
class Run:
    """What kernels made of a task."""

    result: Result
    outcome: NativeOutcome
    stiff_from: dict[int, float]
    """Where the method was changed: times by trajectory."""


def solve_task(
    task: Task,
    method: Method,
    for_stiff: Method | None = None,
    times: Floats | None = None,
    recorder: NativeRecorder | None = None,
) -> Run:
    """Solve a task; where it is stiff go on with ``for_stiff``, if that is given.

    With ``times`` the result has samples, and a ``recorder`` hears of every step.
    """
    watch = for_stiff is not None
    if recorder is None and task.cancel is None and task.y0.shape[1] == 1 and task.field.parameters.ndim == 1:
        result = _solve_single(task, method, times, watch)
    else:
        result = solve(task.field, method, batch_of(task, times, watch), recorder, task.cancel)
    implicit_from = np.zeros_like(result.steps) if method is Method.RODAS4 else None
    since: dict[int, float] = {}
    if for_stiff is not None and (stiff := (result.endings == _STIFF).nonzero()[0]).size:
        since = {int(lane): float(result.t[lane]) for lane in stiff}
        implicit_from = result.steps.copy()
        batch = dataclasses.replace(batch_of(task, times, watch=False), y0=result.y, t0=result.t)
        solve(task.field, for_stiff, batch, recorder, task.cancel, result, stiff)
    return Run(result, NativeOutcome(result, implicit_from), since)


def _solve_single(task: Task, method: Method, times: Floats | None, watch: bool) -> Result:
    return solve_single(
        task.field.kernel(TABLEAUS[method]),
        task.y0,
        (task.t0, task.t1),
        task.field.parameters,
        (task.rtol, task.atol),
        step=task.step,
        max_step=task.max_step,
        max_steps=task.max_steps,
        times=times,
        watch=watch,
    )


def stiff_ahead(task: Task, method: Method, outcome: Outcome, lanes: Integers) -> Flags:
    """Which of these trajectories look stiff where they stopped: where ``auto`` would soon change the method."""
    if not TABLEAUS[method].stability:
        return np.zeros(lanes.size, dtype=bool)
    batch = dataclasses.replace(batch_of(task, None, watch=True), y0=outcome.y, t0=outcome.t, max_steps=LOOK_AHEAD)
    fresh = Result.of(batch)
    stiff: Flags = solve(task.field, method, batch, result=fresh, lanes=lanes).endings[lanes] == _STIFF
    return stiff


def solve(
    field: BoundField,
    method: Method,
    batch: Batch,
    recorder: NativeRecorder | None = None,
    cancel: CancelToken | None = None,
    result: Result | None = None,
    lanes: Integers | None = None,
) -> Result:
    """Run the kernel of a field for this method. A recorder hears of every step, with trajectory and times."""
    tableau = TABLEAUS[method]
    kernel = field.kernel(tableau)
    with contextlib.nullcontext(batch) if cancel is None else watched(batch, cancel) as batch:
        if recorder is None:
            return run.solve(kernel, batch, result, lanes)
        result, trails = run.solve_with_trails(kernel, batch, result, lanes)
    _report(trails, tableau.pieces, batch.y0.shape[0], recorder)
    return result


@contextlib.contextmanager
def watched(batch: Batch, cancel: CancelToken) -> Iterator[Batch]:
    """The batch with a number that machine code looks at, and that the token sets."""
    flag = np.zeros(1, dtype=np.int64)

    def stop() -> None:
        flag[0] = 1

    with cancel.calling(stop):
        yield dataclasses.replace(batch, cancel=flag)


def batch_of(task: Task, times: Floats | None, watch: bool) -> Batch:
    """A task as kernels take it, with sample times and whether to look for stiffness."""
    return Batch(
        y0=task.y0,
        t0=task.t0,
        t1=task.t1,
        parameters=task.field.parameters,
        rtol=task.rtol,
        atol=task.atol,
        step=task.step,
        max_step=task.max_step,
        max_steps=task.max_steps,
        times=times,
        watch_stiffness=watch,
    )


def _report(trails: Trails, n_pieces: int, n_states: int, recorder: NativeRecorder) -> None:
    rows = trails.records
    # A step of a length that is lost in rounding leads nowhere; dividing by its length would not do.
    rows = rows[rows[:, 1] != rows[:, 3]]
    if not len(rows):
        return
    pieces = rows[:, BEFORE_PIECES:].reshape(-1, n_pieces, n_states).transpose(1, 2, 0)
    recorder.record(rows[:, 0].astype(np.int64), rows[:, 1], rows[:, 2], rows[:, 3], pieces)
