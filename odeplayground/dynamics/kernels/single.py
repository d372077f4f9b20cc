"""One trajectory, solved with as little as possible around the machine code: nothing is looked at or built twice."""

from __future__ import annotations

import struct

import numpy as np

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.kernels.arguments_block import LONGEST_VECTOR, Functions, address_of
from odeplayground.dynamics.kernels.batch import TOO_LARGE, WHOLE, Batch, PerTrajectory, Result
from odeplayground.dynamics.kernels.calling import pause_of, take_memory
from odeplayground.dynamics.kernels.driver import Answer
from odeplayground.dynamics.kernels.memory import Header
from odeplayground.dynamics.kernels.program import Kernel
from odeplayground.dynamics.kernels.slots import ARRAY_AT, SLOT_AT, SLOTS, Array, Slot

_SLOTS = struct.Struct(f"{SLOTS}q")
_FIRST, _LAST = ARRAY_AT[Array.SAMPLES], SLOT_AT[Slot.WATCH]
_VARYING = struct.Struct(f"{_LAST + 1 - _FIRST}q")
"""The slots that differ from call to call: neighbours."""
_NAN = np.full(LONGEST_VECTOR + 1, np.nan)
"""What has to follow the sample times."""
_PAUSED, _LEFT = int(Answer.PAUSED), int(Header.LEFT)
"""Plain numbers: looking up a member of an enum takes as long as using it."""
_NEVER = np.zeros(1, dtype=np.int64)
_NEVER_AT = address_of(_NEVER)
_IN_ORDER = (Array.T0, Array.T1, Array.RTOL, Array.STEP, Array.MAX_STEP, Array.LOW, Array.HIGH)
_ROWS = (Array.T, Array.H, Array.ENDING, Array.STEPS, Array.ACCEPTED, Array.POSITION)


class Desk:
    """The block of arguments of one trajectory, and behind it all numbers that it points to.

    They are seven single numbers, the state, its tolerances and the parameters, and then the row of the result.
    """

    def __init__(self, n_states: int, n_parameters: int, functions: Functions) -> None:
        given = len(_IN_ORDER) + 2 * n_states + n_parameters
        row = n_states + 2 + WHOLE
        self._buffer = np.zeros(SLOTS + given + row)
        self.address = address_of(self._buffer)
        self._bytes = self._buffer.data.cast("B")
        self._given = struct.Struct(f"{given}d")
        self._row: Floats = self._buffer[SLOTS + given :].reshape(1, row)
        numbers = self.address + 8 * SLOTS
        slots = [0] * SLOTS
        states = numbers + 8 * len(_IN_ORDER)
        for place, array in enumerate(_IN_ORDER):
            slots[ARRAY_AT[array]] = numbers + 8 * place
        for place, array in enumerate((Array.Y0, Array.ATOL, Array.PARAMETERS)):
            slots[ARRAY_AT[array]] = states + 8 * place * n_states
            slots[ARRAY_AT[array] + 2] = 8
        result = numbers + 8 * given
        slots[ARRAY_AT[Array.Y]], slots[ARRAY_AT[Array.Y] + 2] = result, 8
        for place, array in enumerate(_ROWS):
            slots[ARRAY_AT[array]] = result + 8 * (n_states + place)
        slots[SLOT_AT[Slot.N_PARAMETERS]] = n_parameters
        slots[SLOT_AT[Slot.CONSTANTS] :] = functions
        _SLOTS.pack_into(self._bytes, 0, *slots)

    def lay_out(self, numbers: list[float], samples: Floats | None, grid: Floats, max_steps: int, watch: bool) -> None:
        """Everything that belongs to one call."""
        self._given.pack_into(self._bytes, 8 * SLOTS, *numbers)
        self._row.fill(0.0)
        at = along = points = 0
        if samples is not None:
            at, along, points = address_of(samples), samples.strides[1], samples.shape[2]
        varying = (at, 0, along, 0, 1, 1, 0, _NEVER_AT, address_of(grid), points, max_steps, watch)
        _VARYING.pack_into(self._bytes, 8 * _FIRST, *varying)

    def row(self) -> Floats:
        """A copy of what was written: see :attr:`Result.rows`."""
        return self._row.copy()


def solve_single(
    kernel: Kernel,
    y0: Floats,
    span: tuple[float, float],
    parameters: Floats,
    tolerances: tuple[float, Floats],
    *,
    step: float,
    max_step: float,
    max_steps: int,
    times: Floats | None,
    watch: bool,
) -> Result:
    """The same as :func:`run.solve` for one trajectory that nobody cancels: the same bits.

    Args:
        kernel: without events.
        y0: (n_states, 1).
        span: begin and end.
        parameters: (k,).
        tolerances: the relative one, and the absolute ones (n_states, 1).
        step: of the fixed-step methods.
        max_step: the longest step of the others.
        max_steps: attempts.
        times: sample times (k,), in the direction of the span.
        watch: end it with ``Ending.STIFF`` where it is stiff.

    Ctrl-C ends it if this is the main thread.
    """
    if kernel.alone is not None:
        kernel = kernel.alone.instead_of(kernel)
    rtol, atol = tolerances
    starts, given, least = y0.ravel().tolist(), parameters.tolist(), atol.ravel().tolist()
    numbers = [*span, rtol, step, max_step, -TOO_LARGE, TOO_LARGE, *starts, *least, *given]
    samples = None if times is None else np.empty((1, len(starts), times.size))
    grid = _NAN if times is None else np.concatenate((times, _NAN))
    memory = take_memory(kernel)
    if memory.desk is None:
        memory.desk = Desk(len(starts), len(given), kernel.functions)
    desk = memory.desk
    desk.lay_out(numbers, samples, grid, max_steps, watch)
    memory.header.fill(0)
    pause = pause_of(kernel)
    answer = _PAUSED
    while answer == _PAUSED:
        memory.header[_LEFT] = pause
        answer = kernel.drive(desk.address, memory.address)
    row = desk.row()
    kernel.memories.append(memory)
    result = Result(row, len(starts), samples)
    result.ran(kernel.tableau, slice(None), 0)
    return result


def solve_packed(kernel: Kernel, batch: Batch) -> Result | None:
    """The same for a batch of one problem; ``None`` if it asks for what only the general way can do."""
    limited = batch.limit != TOO_LARGE or batch.box is not None
    if limited or batch.directions or batch.cancel is not None or batch.parameters.ndim != 1:
        return None
    atol = batch.atol if isinstance(batch.atol, np.ndarray) else np.full(batch.n_states, batch.atol)
    return solve_single(
        kernel,
        batch.y0,
        (_one(batch.t0), _one(batch.t1)),
        batch.parameters,
        (_one(batch.rtol), atol),
        step=_one(batch.step),
        max_step=_one(batch.max_step),
        max_steps=batch.max_steps,
        times=batch.times,
        watch=batch.watch_stiffness,
    )


def _one(value: PerTrajectory) -> float:
    return value.item() if isinstance(value, np.ndarray) else value
