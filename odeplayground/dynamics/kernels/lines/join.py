"""Both halves of a line put together: closed, or cut where it would come too near to others or to itself."""

from __future__ import annotations

from llvmlite import ir

from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.lines.raster import TAKE, TAKEN
from odeplayground.dynamics.kernels.lines.routine import Cell, Doubles, Routine
from odeplayground.dynamics.kernels.lines.slots import AT_ONCE, Slot
from odeplayground.dynamics.kernels.terms import Term, truth
from odeplayground.dynamics.kernels.vector import I64

JOIN = "join"
HAIRPIN = 5
"""Points of one line count as two lines where they are so many points apart along the arc."""
ROOM = 1.04
"""Lines are points half a test distance apart: their segments are a little nearer than their points."""
ALONG, ACROSS = 0.3, 0.03
"""A line meets itself where it comes so near, in test distances, along its direction and across."""


def write_join(module: ir.Module, features: Features) -> None:
    """``JOIN(block, lane)``: keep what is free of the line that was followed from a seed, if it is long enough."""
    routine = Routine(module, features, JOIN, [I64])
    (lane,) = routine.arguments
    per_line = (routine.integer(Slot.MOST) * 2 + 1) * 2
    track, lengths = routine.doubles(Slot.TRACK), routine.integers(Slot.LENGTHS)
    forwards, backwards = track.behind(lane * per_line), track.behind((lane + AT_ONCE) * per_line)
    # What was free when the seed was chosen may be taken by a line since.
    routine.end_if(routine.call(TAKEN, forwards[0], forwards[1], block=routine.slot(Slot.GAPS)))
    halves = _Halves(
        routine,
        forwards,
        backwards,
        routine.cell(routine.first(lengths[lane], lambda i: _taken(routine, forwards, i))),
        routine.cell(routine.first(lengths[lane + AT_ONCE], lambda i: _taken(routine, backwards, i), 1)),
    )
    halves.close()
    with routine.when(~halves.closed.now):
        halves.uncoil()
    with routine.when(halves.size() >= routine.integer(Slot.FEWEST)):
        halves.keep()
        routine.end_if(truth(routine.lanes, True))
    routine.call(TAKE, forwards[0], forwards[1], block=routine.slot(Slot.GAPS))
    routine.end()


def _taken(routine: Routine, line: Doubles, index: Term) -> Term:
    return routine.call(TAKEN, line[index * 2], line[index * 2 + 1], block=routine.slot(Slot.NEAR))


class _Halves:
    """Writes what is done with both halves, whose first points are the same seed."""

    def __init__(self, routine: Routine, forwards: Doubles, backwards: Doubles, ahead: Cell, behind: Cell) -> None:
        self._routine, self._forwards, self._backwards = routine, forwards, backwards
        self._ahead, self._behind = ahead, behind
        self._test = routine.double(Slot.STEP)
        self.closed = routine.cell(truth(routine.lanes, False))

    def close(self) -> None:
        """Close the line, if one half comes back to the seed, or the end of one lies on the other half."""
        routine, ahead, behind = self._routine, self._ahead, self._behind
        with routine.when(ahead.now > 2 * HAIRPIN):
            seed = routine.whole(0)
            count = ahead.now
            home = routine.first(count, lambda i: self._meets(self._forwards, i, seed, seed + 1), 2 * HAIRPIN)
            with routine.when(home < count):
                self.closed.now = truth(routine.lanes, True)
                ahead.now, behind.now = home, routine.whole(1)
            with routine.when(~self.closed.now):
                last = count - 1
                size = behind.now
                meeting = routine.first(size, lambda i: self._meets(self._backwards, i, last, last - 1), 1)
                with routine.when(meeting < size):
                    self.closed.now = truth(routine.lanes, True)
                    behind.now = meeting

    def _meets(self, line: Doubles, index: Term, at: Term, beside: Term) -> Term:
        """Whether a point lies beside one of the forward half, hardly off the direction to the next one."""
        forwards, test = self._forwards, self._test
        x, y = forwards[at * 2], forwards[at * 2 + 1]
        dx, dy = forwards[beside * 2] - x, forwards[beside * 2 + 1] - y
        size = (dx * dx + dy * dy).sqrt() * test
        apart_x, apart_y = line[index * 2] - x, line[index * 2 + 1] - y
        along, across = (dx * apart_x + dy * apart_y).abs(), (dx * apart_y - dy * apart_x).abs()
        return (along <= size * ALONG) & (across <= size * ACROSS)

    def uncoil(self) -> None:
        """Cut both halves where they come too near to what is older; the forward half has precedence."""
        routine, forwards, backwards = self._routine, self._forwards, self._backwards
        ahead, behind = self._ahead, self._behind
        reach = self._test * ROOM
        reach = reach * reach
        with routine.when(self._turns()):

            def coiled(line: Doubles, index: Term, older: Doubles, stop: Term, start: int = 0) -> Term:
                x, y = line[index * 2], line[index * 2 + 1]
                return routine.first(stop, lambda i: _near(older, i, x, y, reach), start) < stop

            ahead.now = routine.first(ahead.now, lambda i: coiled(forwards, i, forwards, i - HAIRPIN), HAIRPIN + 1)
            count = ahead.now

            def crossing(i: Term) -> Term:
                # Points of the forward half that are near along the arc are those next to the seed.
                start = (i < HAIRPIN + 1).choose(HAIRPIN + 1 - i, i * 0)
                x, y = backwards[i * 2], backwards[i * 2 + 1]
                with_other = routine.first(count, lambda j: _near(forwards, j, x, y, reach), start) < count
                return with_other | coiled(backwards, i, backwards, i - HAIRPIN, 1)

            behind.now = routine.first(behind.now, crossing, 1)

    def _turns(self) -> Term:
        """Whether the line may turn by half a turn in all, which it has to before it comes near to itself."""
        routine = self._routine
        total = routine.cell(self._test * 0)
        for line, count in ((self._forwards, self._ahead.now), (self._backwards, self._behind.now)):

            def add(i: Term, line: Doubles = line) -> None:
                x, y, at_x, at_y = (line[i * 2 + k] for k in (-2, -1, 0, 1))
                dx, dy, ex, ey = at_x - x, at_y - y, line[i * 2 + 2] - at_x, line[i * 2 + 3] - at_y
                sizes = (dx * dx + dy * dy) * (ex * ex + ey * ey)
                total.now = total.now + (dx * ey - dy * ex).abs() / sizes.sqrt()

            routine.each(count - 1, add, 1)
        # An angle is at most pi / 2 times its sine; one more is what the halves may turn at the seed.
        return ~(total.now < 1.0)

    def size(self) -> Term:
        """How many points there are, with the seed once; the last of a closed line is its first."""
        one = self.closed.now.choose(self._routine.whole(0), self._routine.whole(-1))
        return self._ahead.now + self._behind.now + one

    def keep(self) -> None:
        """Write the line behind the others, and take the room around it."""
        routine = self._routine
        used = routine.integer(Slot.USED)
        points = routine.doubles(Slot.POINTS)
        behind = self._behind.now

        def put(number: Term, x: Term, y: Term) -> None:
            at = (used + number) * 2
            points[at], points[at + 1] = x, y
            routine.call(TAKE, x, y, block=routine.slot(Slot.NEAR))
            odd = Term(routine.lanes, routine.builder.and_(number.value, I64(1))) > 0
            with routine.when(~odd):
                routine.call(TAKE, x, y, block=routine.slot(Slot.GAPS))

        def of_forwards(i: Term) -> None:
            put(behind - 1 + i, self._forwards[i * 2], self._forwards[i * 2 + 1])

        def of_backwards(i: Term) -> None:
            put(behind - 1 - i, self._backwards[i * 2], self._backwards[i * 2 + 1])

        routine.each(self._ahead.now, of_forwards)
        routine.each(behind, of_backwards, 1)
        size = self.size()
        with routine.when(self.closed.now):
            put(size - 1, points[used * 2], points[used * 2 + 1])
        lines = routine.integer(Slot.LINES)
        routine.integers(Slot.ENDS)[lines] = used + size
        routine.put(Slot.LINES, lines + 1)
        routine.put(Slot.USED, used + size)


def _near(line: Doubles, index: Term, x: Term, y: Term, reach: Term) -> Term:
    dx, dy = line[index * 2] - x, line[index * 2 + 1] - y
    return dx * dx + dy * dy < reach
