"""Gaps of a picture filled with lines: followed some at a time, and kept longest first."""

from __future__ import annotations

from llvmlite import ir

from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.lines.directions import write_directions
from odeplayground.dynamics.kernels.lines.follow import FOLLOW, write_follow
from odeplayground.dynamics.kernels.lines.join import JOIN, write_join
from odeplayground.dynamics.kernels.lines.raster import TAKEN, write_raster
from odeplayground.dynamics.kernels.lines.routine import Cell, Doubles, Routine
from odeplayground.dynamics.kernels.lines.slots import AT_ONCE, COLUMNS, Row, Slot
from odeplayground.dynamics.kernels.terms import Term
from odeplayground.dynamics.kernels.vector import F64, I64

FILL, CHOOSE = "fill", "choose"


def write_lines(features: Features) -> ir.Module:
    """A module with ``FILL(block)``: try all seeds. It returns early where room runs out, or when it is cancelled."""
    module = ir.Module()
    write_raster(module, features)
    write_directions(module, features)
    write_follow(module, features)
    write_join(module, features)
    _write_choose(module, features)
    _write_fill(module, features)
    return module


def _write_fill(module: ir.Module, features: Features) -> None:
    routine = Routine(module, features, FILL)
    lengths = routine.integers(Slot.LENGTHS)
    most = (routine.integer(Slot.MOST) * 4 + 2) * AT_ONCE
    with routine.loop() as loop:
        loop.leave_if((routine.integer(Slot.NEXT) >= routine.integer(Slot.COUNT)).value)
        loop.leave_if((routine.integer(Slot.USED) + most > routine.integer(Slot.ROOM)).value)
        chosen = routine.call(CHOOSE)
        routine.call(FOLLOW)
        # Lines that were being followed then would end anywhere.
        loop.leave_if((routine.integers(Slot.CANCEL)[0] > 0).value)

        def keep_longest(_: Term) -> None:
            longest, at = routine.cell(0), routine.cell(0)
            routine.each(chosen, lambda lane: _compare(routine, lane, longest, at))
            routine.call(JOIN, at.now)
            lengths[at.now] = routine.whole(-COLUMNS * 1_000_000_000)

        routine.each(chosen, keep_longest)
    routine.end()


def _compare(routine: Routine, lane: Term, longest: Cell, at: Cell) -> None:
    lengths = routine.integers(Slot.LENGTHS)
    length = lengths[lane] + lengths[lane + AT_ONCE]
    with routine.when(length > longest.now):
        longest.now, at.now = length, lane


def _write_choose(module: ir.Module, features: Features) -> None:
    """``CHOOSE(block)``: the next seeds that lie in gaps become the first points of lines, and how many they are."""
    routine = Routine(module, features, CHOOSE, [], I64)
    work, seeds = routine.doubles(Slot.WORK), routine.doubles(Slot.SEEDS)
    chosen, following = routine.cell(0), routine.cell(routine.integer(Slot.NEXT))
    with routine.loop() as loop:
        loop.leave_if((chosen.now >= AT_ONCE).value)
        loop.leave_if((following.now >= routine.integer(Slot.COUNT)).value)
        x, y = seeds[following.now * 2], seeds[following.now * 2 + 1]
        following.now = following.now + 1
        with routine.when(~routine.call(TAKEN, x, y, block=routine.slot(Slot.GAPS))):
            for lane, sign in ((chosen.now, 1.0), (chosen.now + AT_ONCE, -1.0)):
                _begin(routine, work, lane, (x, y), sign)
            chosen.now = chosen.now + 1
    routine.put(Slot.NEXT, following.now)
    # Columns without a line are computed along, beside one that has one.
    count = chosen.now

    def idle(lane: Term) -> None:
        first = (work[Row.AT * COLUMNS], work[(Row.AT + 1) * COLUMNS])
        for column in (lane, lane + AT_ONCE):
            with routine.when(count > 0):
                _begin(routine, work, column, first, 1.0)
            work[column + Row.ALIVE * COLUMNS] = _number(routine, 0.0)

    routine.each(AT_ONCE, idle, count)
    routine.end(count)


def _begin(routine: Routine, work: Doubles, lane: Term, place: tuple[Term, Term], sign: float) -> None:
    per_line = (routine.integer(Slot.MOST) * 2 + 1) * 2
    track = routine.doubles(Slot.TRACK).behind(lane * per_line)
    for axis, value in enumerate(place):
        work[lane + (Row.AT + axis) * COLUMNS] = value
        track[axis] = value
    work[lane + Row.SIGN * COLUMNS] = _number(routine, sign)
    work[lane + Row.ALIVE * COLUMNS] = _number(routine, 1.0)
    routine.integers(Slot.LENGTHS)[lane] = routine.whole(1)


def _number(routine: Routine, value: float) -> Term:
    return Term(routine.lanes, F64(value))
