"""Field lines from seeds, all columns at once, by equal steps along their arc."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.lines.directions import DIRECTIONS, each_vector
from odeplayground.dynamics.kernels.lines.raster import TAKEN
from odeplayground.dynamics.kernels.lines.routine import Cell, Doubles, Routine
from odeplayground.dynamics.kernels.lines.slots import COLUMNS, Row, Slot
from odeplayground.dynamics.kernels.terms import Term, truth
from odeplayground.dynamics.kernels.vector import I1, I64

FOLLOW, ADVANCE = "follow", "advance"
_ALIVE, _SIGN = int(Row.ALIVE) * COLUMNS, int(Row.SIGN) * COLUMNS


def write_follow(module: ir.Module, features: Features) -> None:
    """``FOLLOW(block)`` for the lines that are alive, whose first points are in the row ``AT`` and in the track.

    The classical Runge-Kutta method with the arc length as time; the point in the middle of a step is that of the
    cubic Hermite polynomial. Lines end at the rim of the picture, where it is taken, and where the direction turns by
    more than a right angle within one step, as at equilibria and jumps.
    """
    _write_advance(module, features)
    routine = Routine(module, features, FOLLOW)
    work = routine.doubles(Slot.WORK)
    _directions(routine, Row.AT, Row.HEADING)
    routine.each(COLUMNS, lambda lane: _begin(routine, work, lane))
    step = routine.double(Slot.STEP)
    number = routine.cell(0)
    with routine.loop() as loop:
        loop.leave_if((number.now >= routine.integer(Slot.MOST)).value)
        loop.leave_if((routine.integers(Slot.CANCEL)[0] > 0).value)
        _runge_kutta(routine, work, step)
        _directions(routine, Row.NEW, Row.SECOND)
        going = routine.cell(0)
        routine.each(COLUMNS, lambda lane: _advance(routine, work, lane, number.now, going))
        loop.leave_if((going.now <= 0).value)
        number.now = number.now + 1
    routine.end()


def _directions(routine: Routine, source: Row, target: Row) -> None:
    routine.call(DIRECTIONS, routine.whole(source * COLUMNS), routine.whole(target * COLUMNS))


def _begin(routine: Routine, work: Doubles, lane: Term) -> None:
    """A line does not even begin where there is no direction."""
    size = work[lane + Row.HEADING * COLUMNS].abs() + work[lane + (Row.HEADING + 1) * COLUMNS].abs()
    alive = (size > 0).choose(work[lane + _ALIVE], size * 0)
    work[lane + _ALIVE] = alive
    with routine.when(~(alive > 0)):
        _stand_still(routine, work, lane)


def _runge_kutta(routine: Routine, work: Doubles, step: Term) -> None:
    """To the row ``NEW``, from ``AT`` and ``HEADING``. Directions have their sign already."""
    for share, slope, target in (
        (0.5, Row.HEADING, Row.SECOND),
        (0.5, Row.SECOND, Row.THIRD),
        (1.0, Row.THIRD, Row.FOURTH),
    ):
        _move(routine, work, [(step * share, slope)])
        _directions(routine, Row.NEW, target)
    third = step * (1 / 3)
    sixth = step * (1 / 6)
    _move(routine, work, [(sixth, Row.HEADING), (third, Row.SECOND), (third, Row.THIRD), (sixth, Row.FOURTH)])


def _move(routine: Routine, work: Doubles, parts: Sequence[tuple[Term, Row]]) -> None:
    """``NEW`` is ``AT`` plus the sum of factors times rows."""

    def vector(at: Term) -> None:
        for axis in (0, COLUMNS):
            place = work.vector(at + (Row.AT * COLUMNS + axis))
            for factor, row in parts:
                place = place + factor.splat() * work.vector(at + (row * COLUMNS + axis))
            work.put_vector(at + (Row.NEW * COLUMNS + axis), place)

    each_vector(routine, vector)


def _advance(routine: Routine, work: Doubles, lane: Term, number: Term, going: Cell) -> None:
    with routine.when(work[lane + _ALIVE] > 0):
        goes_on = routine.call(ADVANCE, lane, number)
        going.now = going.now + Term(routine.lanes, routine.builder.zext(goes_on.value, I64))
        with routine.when(~goes_on):
            work[lane + _ALIVE] = work[lane + _ALIVE] * 0.0
            _stand_still(routine, work, lane)


def _stand_still(routine: Routine, work: Doubles, lane: Term) -> None:
    """What has ended is computed along with the others; so it stays where the field was looked at before."""
    zero = Term(routine.lanes, ir.Constant(work[lane].value.type, 0.0))
    for row in (Row.HEADING, Row.HEADING + 1):
        work[lane + row * COLUMNS] = zero


class _Pair:
    """Both coordinates of one lane in two rows."""

    def __init__(self, work: Doubles, row: Row, lane: Term) -> None:
        self.x, self.y = work[lane + row * COLUMNS], work[lane + (row + 1) * COLUMNS]


def _write_advance(module: ir.Module, features: Features) -> None:
    """``ADVANCE(block, lane, step)``: keep the points of a step; whether the line goes on."""
    routine = Routine(module, features, ADVANCE, [I64, I64], I1)
    lane, number = routine.arguments
    work, lengths = routine.doubles(Slot.WORK), routine.integers(Slot.LENGTHS)
    per_line = (routine.integer(Slot.MOST) * 2 + 1) * 2
    track = routine.doubles(Slot.TRACK).behind(lane * per_line + number * 4 + 2)
    at, new, heading, turned = (_Pair(work, row, lane) for row in (Row.AT, Row.NEW, Row.HEADING, Row.SECOND))
    goes_on = routine.cell(truth(routine.lanes, False))
    with routine.when(turned.x * heading.x + turned.y * heading.y > 0):
        width, height = routine.double(Slot.SIZE_X), routine.double(Slot.SIZE_Y)
        outside = (new.x < 0) | (new.y < 0) | (new.x > width) | (new.y > height)
        with routine.when(outside):
            ratio = _share(at.x, new.x, width)
            other = _share(at.y, new.y, height)
            ratio = (other < ratio).choose(other, ratio)
            track[0] = _between(at.x + ratio * (new.x - at.x), width)
            track[1] = _between(at.y + ratio * (new.y - at.y), height)
            lengths[lane] = lengths[lane] + 1
        with routine.when(~outside):
            free = ~routine.call(TAKEN, new.x, new.y, block=routine.slot(Slot.NEAR))
            with routine.when(free):
                eighth = routine.double(Slot.STEP) * 0.125
                track[0] = (at.x + new.x) * 0.5 + eighth * (heading.x - turned.x)
                track[1] = (at.y + new.y) * 0.5 + eighth * (heading.y - turned.y)
                track[2], track[3] = new.x, new.y
                lengths[lane] = lengths[lane] + 2
                for row, pair in ((Row.AT, new), (Row.HEADING, turned)):
                    work[lane + row * COLUMNS], work[lane + (row + 1) * COLUMNS] = pair.x, pair.y
                goes_on.now = truth(routine.lanes, True)
    routine.end(goes_on.now)


def _share(before: Term, after: Term, size: Term) -> Term:
    """Which part of the straight way lies inside, along one axis."""
    one = size * 0 + 1
    low, high = (after < 0).choose(before / (before - after), one), (size - before) / (after - before)
    return (after > size).choose(high, low)


def _between(place: Term, size: Term) -> Term:
    zero = size * 0
    return (place < 0).choose(zero, (place > size).choose(size, place))
