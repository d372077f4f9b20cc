"""Running a kernel: on the threads of this process, which the machine code leaves free for others."""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from odeplayground.dynamics.arrays import Floats, Integers
from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.kernels.arguments_block import Block, address_of
from odeplayground.dynamics.kernels.batch import Batch, PerTrajectory, Result
from odeplayground.dynamics.kernels.calling import pause_of, take_memory
from odeplayground.dynamics.kernels.driver import Answer
from odeplayground.dynamics.kernels.driver_events import BEFORE_STATE
from odeplayground.dynamics.kernels.driver_records import BEFORE_PIECES
from odeplayground.dynamics.kernels.forks import in_child
from odeplayground.dynamics.kernels.memory import Header
from odeplayground.dynamics.kernels.program import Kernel
from odeplayground.dynamics.kernels.single import solve_packed
from odeplayground.dynamics.kernels.work import Memory

WORTH_SHARING = 16
"""So many trajectories are worth a second thread."""
FIRST_ROOM = 256
"""Rows of the first buffer for steps or crossings; each further one is twice as large."""
_DOUBLE, _WHOLE = np.dtype(np.float64), np.dtype(np.int64)


@dataclass(frozen=True, eq=False)
class Trails:
    """What was written down on the way, sorted by trajectory, in the order in which it goes."""

    records: Floats
    """Accepted steps, one per row: number of the trajectory, t, length, t at the end, then ``pieces`` times the states
    of the continuous extension."""
    crossings: Floats
    """One per row: number of the trajectory, number of the event, t, then the state."""


def solve(kernel: Kernel, batch: Batch, result: Result | None = None, lanes: Integers | None = None) -> Result:
    """Solve all problems of a batch, or those numbered by ``lanes``.

    With ``result``, whose ``y`` and ``t`` may be the batch's ``y0`` and ``t0``, counts and samples go on where they
    stand: so a trajectory that ended as stiff is continued by another kernel. Numbers are the same for any number of
    threads, width of vectors and neighbours.

    Ctrl-C ends it if this is the main thread.

    Raises:
        ValueError: if the batch does not fit the kernel.
    """
    if result is None and lanes is None and batch.size == 1:
        _check(kernel, batch)
        packed = solve_packed(kernel, batch)
        if packed is not None:
            return packed
    return _solve(kernel, batch, result, lanes, recording=False)[0]


def solve_with_trails(
    kernel: Kernel, batch: Batch, result: Result | None = None, lanes: Integers | None = None, *, steps: bool = True
) -> tuple[Result, Trails]:
    """The same, and what happened on the way: crossings of events, and with ``steps`` all accepted steps."""
    result, found = _solve(kernel, batch, result, lanes, recording=steps)
    n = batch.n_states
    records = _joined([rows for trail in found for rows in trail.records], BEFORE_PIECES + kernel.tableau.pieces * n)
    records = records[np.argsort(records[:, 0], kind="stable")]
    crossings = _joined([rows for trail in found for rows in trail.crossings], BEFORE_STATE + n)
    # Those within one step were written down in the order of the events.
    backwards = np.broadcast_to(np.less(batch.t1, batch.t0), batch.size)[crossings[:, 0].astype(np.int64)]
    crossings = crossings[np.lexsort((np.where(backwards, -1, 1) * crossings[:, 2], crossings[:, 0]))]
    return result, Trails(records, crossings)


def _solve(
    kernel: Kernel, batch: Batch, result: Result | None, lanes: Integers | None, recording: bool
) -> tuple[Result, list[_Call]]:
    _check(kernel, batch)
    count = batch.size if lanes is None else lanes.size
    if count == 1 and kernel.alone is not None:
        kernel = kernel.alone.instead_of(kernel)
    lanes = None if lanes is None else np.ascontiguousarray(lanes, dtype=np.int64)
    result = Result.of(batch) if result is None else result
    if lanes is None:
        result.ran(kernel.tableau, slice(None), 0)
    else:
        result.ran(kernel.tableau, lanes, result.steps.copy())
        result.endings[lanes] = Ending.RUNNING
    if count < WORTH_SHARING:
        calls = [_Call(kernel, Block(batch, result, lanes, kernel.functions), recording)]
        calls[0].run()
    else:
        cancel = np.zeros(1, dtype=np.int64) if batch.cancel is None else batch.cancel
        block = Block(replace(batch, cancel=cancel), result, lanes, kernel.functions)
        helpers = min(_threads() - 1, count // WORTH_SHARING)
        calls = [_Call(kernel, block, recording) for _ in range(1 + helpers)]
        _share(calls, cancel)
    if batch.cancel is not None and batch.cancel[0]:
        _cancel_the_rest(batch, result)
    return result, calls


def _check(kernel: Kernel, batch: Batch) -> None:
    equations = kernel.equations
    if batch.y0.shape[0] != equations.n_states or batch.parameters.shape[0] != equations.n_parameters:
        raise ValueError("The batch has another number of states or parameters than the kernel.")
    _check_arrays(batch)
    if not len(batch.directions) == len(batch.stop_after) == equations.n_events:
        raise ValueError("The batch has another number of events than the kernel.")
    if not kernel.tableau.adaptive and not _positive(batch.step):
        raise ValueError(f"The method {kernel.tableau.name} needs a step greater than zero.")
    if not _positive(batch.max_step):
        raise ValueError("The longest step has to be greater than zero.")


def _positive(values: PerTrajectory) -> bool:
    return bool((values > 0).all()) if isinstance(values, np.ndarray) else values > 0


def _check_arrays(batch: Batch) -> None:
    """Machine code reads them without a look at their types and sizes."""
    n, m = batch.y0.shape
    bounds = (batch.atol,) if batch.box is None else (batch.atol, *batch.box)
    of_states = [array for array in bounds if isinstance(array, np.ndarray)]
    each = (batch.t0, batch.t1, batch.rtol, batch.step, batch.max_step, batch.limit)
    of_time = [array for array in each if isinstance(array, np.ndarray)]
    times = [] if batch.times is None else [batch.times]
    for array in (batch.y0, batch.parameters, *of_states, *of_time, *times):
        if array.dtype != _DOUBLE:
            raise ValueError("All arrays of a batch have to be float64, but for the flag that cancels.")
    for array in of_states:
        if array.shape not in ((n, 1), (n, m)):
            raise ValueError(f"Tolerances and bounds have to be numbers, or of shape ({n}, 1) or ({n}, {m}).")
    for array in of_time:
        if array.shape not in ((), (m,)):
            raise ValueError(f"Times, relative tolerances, steps and limits have to be numbers, or of shape ({m},).")
    if times and times[0].ndim != 1:
        raise ValueError("Sample times have to be of shape (k,).")
    if batch.parameters.ndim != 1 and batch.parameters.shape[1:] not in ((1,), (m,)):
        raise ValueError(f"Parameters have to be of shape (k,) or (k, {m}).")
    if batch.cancel is not None and (batch.cancel.dtype != _WHOLE or batch.cancel.shape != (1,)):
        raise ValueError("The flag that cancels has to be an int64 array of shape (1,).")


def _share(calls: list[_Call], cancel: Integers) -> None:
    """Make the first call on this thread, and the others on further ones. None runs any more when this ends."""
    futures: list[Future[None]] = []
    try:
        futures += [_pool().submit(call.run) for call in calls[1:]]
        calls[0].run()
    except BaseException:
        cancel[0] = 1
        raise
    finally:
        # One that has not begun yet has nothing left to do.
        begun = [future for future in futures if not future.cancel()]
        wait(begun)
    for future in begun:
        future.result()


def _cancel_the_rest(batch: Batch, result: Result) -> None:
    """Trajectories that were never begun."""
    untouched = np.flatnonzero(result.endings == Ending.RUNNING)
    result.endings[untouched] = Ending.CANCELLED
    result.y[:, untouched] = batch.y0[:, untouched]
    result.t[untouched] = np.broadcast_to(batch.t0, batch.size)[untouched]
    if result.samples is not None:
        # Others are to go on; what they could not reach is blank already.
        result.samples[untouched[result.steps[untouched] == 0]] = np.nan


class _Call:
    """The share of one thread."""

    def __init__(self, kernel: Kernel, block: Block, recording: bool) -> None:
        self._kernel, self._block = kernel, block
        n = kernel.equations.n_states
        self._record_size = BEFORE_PIECES + kernel.tableau.pieces * n if recording else 0
        self._crossing_size = BEFORE_STATE + n if kernel.equations.n_events else 0
        self.records: list[Floats] = []
        self.crossings: list[Floats] = []

    def run(self) -> None:
        """Work until the queue is empty."""
        memory = take_memory(self._kernel)
        memory.header[:] = 0
        pause = pause_of(self._kernel)
        while True:
            self._provide(memory, self.records, self._record_size, Header.RECORDS)
            self._provide(memory, self.crossings, self._crossing_size, Header.CROSSINGS)
            answer: int = Answer.PAUSED
            while answer == Answer.PAUSED:
                memory.header[Header.LEFT] = pause
                answer = self._kernel.drive(self._block.address, memory.address)  # then Python looks for signals
            self._close(memory, self.records, Header.RECORDS)
            self._close(memory, self.crossings, Header.CROSSINGS)
            if answer == Answer.DONE:
                break
        self._kernel.memories.append(memory)

    def _provide(self, memory: Memory, buffers: list[Floats], size: int, header: Header) -> None:
        """A new buffer."""
        if not size:
            return
        least = memory.lanes * max(1, self._kernel.equations.n_events)
        rows = max(FIRST_ROOM << min(len(buffers), 8), least)
        buffers.append(np.empty((rows, size)))
        memory.header[header : header + 3] = address_of(buffers[-1]), rows, 0

    def _close(self, memory: Memory, buffers: list[Floats], header: Header) -> None:
        if buffers:
            buffers[-1] = buffers[-1][: memory.header[header + 2]]


@lru_cache(maxsize=1)
def _threads() -> int:
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(8, allowed or 1)


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_threads(), thread_name_prefix="kernel")


in_child(_pool.cache_clear)  # threads stay behind


def _joined(parts: list[Floats], size: int) -> Floats:
    return np.concatenate(parts) if parts else np.empty((0, size))
