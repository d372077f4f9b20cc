"""Unit vectors of a field as seen in the picture, for all columns at once."""

from __future__ import annotations

from collections.abc import Callable

from llvmlite import ir

from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.lines.routine import Doubles, Routine
from odeplayground.dynamics.kernels.lines.slots import COLUMNS, Row, Slot
from odeplayground.dynamics.kernels.terms import Term
from odeplayground.dynamics.kernels.vector import I64, POINTER, VOID

DIRECTIONS = "directions"
_FIELD = ir.FunctionType(VOID, [POINTER] * 4 + [I64])


def write_directions(module: ir.Module, features: Features) -> None:
    """``DIRECTIONS(block, source, target)``: rows of points, and of what comes out, by the numbers of their doubles.

    Not a number where the field is zero or not finite.
    """
    routine = Routine(module, features, DIRECTIONS, [I64, I64])
    source, target = routine.arguments
    work = routine.doubles(Slot.WORK)
    each_vector(routine, lambda at: _put_states(routine, work, source + at, at))
    _call_field(routine)
    each_vector(routine, lambda at: _normalise(routine, work, target + at, at))
    routine.end()


def each_vector(routine: Routine, body: Callable[[Term], None]) -> None:
    """``body(column)`` for the first column of each vector."""
    width = routine.lanes.width
    routine.each(COLUMNS // width, lambda number: body(number * width))


def _put_states(routine: Routine, work: Doubles, source: Term, at: Term) -> None:
    for axis, row, low, scale in (
        (0, Slot.STATE_X, Slot.LOW_X, Slot.SCALE_X),
        (1, Slot.STATE_Y, Slot.LOW_Y, Slot.SCALE_Y),
    ):
        place = work.vector(source + axis * COLUMNS)
        state = place * routine.double(scale).splat() + routine.double(low).splat()
        routine.doubles(row).put_vector(at, state)


def _call_field(routine: Routine) -> None:
    builder = routine.builder
    function = builder.load(routine.slot(Slot.FUNCTION), typ=_FIELD.as_pointer())
    pointers = [routine.pointer(slot) for slot in (Slot.FIRST, Slot.STATES, Slot.THIRD, Slot.SLOPES)]
    builder.call(function, [*pointers, I64(COLUMNS)])


def _normalise(routine: Routine, work: Doubles, target: Term, at: Term) -> None:
    u = routine.doubles(Slot.SLOPE_X).vector(at) / routine.double(Slot.SCALE_X).splat()
    v = routine.doubles(Slot.SLOPE_Y).vector(at) / routine.double(Slot.SCALE_Y).splat()
    # Squares of what is very large or small would leave the range of numbers.
    largest = u.abs().larger(v.abs())
    u, v = u / largest, v / largest
    size = work.vector(at + int(Row.SIGN) * COLUMNS) / (u * u + v * v).sqrt()
    work.put_vector(target, u * size)
    work.put_vector(target + COLUMNS, v * size)
