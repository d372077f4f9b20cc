"""One branch of equilibria, in both directions from a point."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.continuation.arclength import Place, advance, correct, tangent, zero
from odeplayground.dynamics.continuation.hopf import critical, first_lyapunov
from odeplayground.dynamics.continuation.rest import NOTHING, TESTS, Rest, RestCurve, crossing_turns, tests
from odeplayground.dynamics.continuation.results import Branch, Grown, SpecialPoint, unstable_count
from odeplayground.spec import Bifurcation

AGAIN = 0.83
"""A step that ends right on a bifurcation is made shorter by this factor, so that the bifurcation lies within one."""


LOCATED = 1e-12
"""How well, as a share of a step, a special point is located."""
NEAR = 1e-4
"""A fold this near to a branch point is where the other branch of a pitchfork turns around."""


class Limits(msgspec.Struct, frozen=True, eq=False):
    """Where branches end, in units of the scales, and how large steps are."""

    low: float
    high: float
    window: Floats | None
    """Low and high of the states, (n, 2)."""
    first: float
    longest: float
    most: int

    def longest_at(self, place: Place) -> float:
        """The longest step. Without a window the scales of the states are a guess: states may change in proportion."""
        if self.window is not None:
            return self.longest
        sizes = np.append(np.maximum(1.0, np.abs(place.z[:-1])), 1.0)
        return self.longest / float(np.linalg.norm(place.tangent / sizes))


class Mark(msgspec.Struct, frozen=True, eq=False):
    """A point of a branch."""

    place: Place
    eigenvalues: NDArray[Any]
    special: SpecialPoint | None = None


class Traced(msgspec.Struct, frozen=True, eq=False):
    """What lies in one direction from the start, and why it ends there."""

    marks: list[Mark]
    ending: str
    closed: bool = False


def trace(
    curve: RestCurve, limits: Limits, number: int, start: Place, *, fresh: bool, cancelled: Callable[[], bool]
) -> Generator[Grown, None, tuple[Branch, list[Mark]]]:
    """Follow a branch both ways and tell every point; gives the branch and its marks at last.

    ``fresh``: the start is a branch point, whose test functions say nothing.
    """
    first = Mark(start, _rest(start).eigenvalues)
    yield _grown(curve, number, first, forward=True)
    forward = yield from _direction(curve, limits, number, start, fresh=fresh, forward=True, cancelled=cancelled)
    back = Traced([], forward.ending)
    if not forward.closed:
        turned = Place(start.z, -start.tangent, start.linear)
        back = yield from _direction(curve, limits, number, turned, fresh=fresh, forward=False, cancelled=cancelled)
    marks = [*back.marks[::-1], first, *forward.marks]
    return _branch(curve, number, marks, (back.ending, forward.ending)), marks


def _rest(place: Place) -> Rest:
    assert isinstance(place.linear, Rest)
    return place.linear


def _direction(
    curve: RestCurve,
    limits: Limits,
    number: int,
    start: Place,
    *,
    fresh: bool,
    forward: bool,
    cancelled: Callable[[], bool],
) -> Generator[Grown, None, Traced]:
    marks: list[Mark] = []
    place, length = start, limits.first
    before = np.full(3, np.nan) if fresh else tests(start, _rest(start).eigenvalues)
    shortened = False
    while len(marks) < limits.most:
        if cancelled():
            return Traced(marks, "Stopped on request.")
        longest = limits.longest_at(place)
        step = advance(curve, place, min(length, longest), longest)
        if step is None:
            return Traced(marks, "It could not be followed further.")
        following, went, ending = _cut(curve, limits, place, step.place, step.length)
        eigenvalues = _rest(following).eigenvalues
        now = tests(following, eigenvalues)
        if not ending and not shortened and (np.abs(now) <= NOTHING)[np.abs(before) > NOTHING].any():
            shortened, length = True, AGAIN * step.length
            continue
        shortened, length = False, step.following
        for mark in [*_within(curve, number, place, went, before, now), Mark(following, eigenvalues)]:
            marks.append(mark)
            yield _grown(curve, number, mark, forward=forward)
        if ending:
            return Traced(marks, ending)
        if len(marks) > 3 and _returned(start, following, limits.longest):
            marks.append(Mark(start, _rest(start).eigenvalues))
            return Traced(marks, "It closes.", closed=True)
        place, before = following, now
    return Traced(marks, f"It has more than {limits.most} points.")


def _cut(curve: RestCurve, limits: Limits, start: Place, end: Place, length: float) -> tuple[Place, float, str]:
    """The end of a step, or where it meets the rim of the range of the parameter; why it is the last, if it is."""
    value = end.z[-1]
    if limits.low <= value <= limits.high:
        if limits.window is not None:
            place = end.z[:-1]
            if (place < limits.window[:, 0]).any() or (place > limits.window[:, 1]).any():
                return end, length, "It leaves the window."
        return end, length, ""
    rim = limits.low if value < limits.low else limits.high
    row = np.zeros(end.z.size)
    row[-1] = 1.0
    share = (rim - start.z[-1]) / (value - start.z[-1])
    found = correct(curve, start.z + share * (end.z - start.z), row, rim)
    ending = "The range of the parameter ends."
    if found is None:
        return end, length, ending
    try:
        along = tangent(curve, found[1], end.tangent)
    except np.linalg.LinAlgError:  # equilibria that fill a line right at the rim, as where a rate is zero
        along = end.tangent
    return Place(found[0], along, found[1]), float(start.tangent @ (found[0] - start.z)), ending


def _returned(start: Place, place: Place, longest: float) -> bool:
    """Whether a branch came back to where it began, in the same direction."""
    apart = start.z - place.z
    distance = float(np.linalg.norm(apart))
    ahead = float(apart @ place.tangent)
    same_way = float(start.tangent @ place.tangent) > 0.9
    return distance < 1.2 * longest and ahead >= 0 and distance <= 1.05 * ahead and same_way


def _within(curve: RestCurve, number: int, start: Place, length: float, before: Floats, now: Floats) -> list[Mark]:
    """The special points within a step, in order."""
    crossed = (before * now < 0) & (np.abs(before) > NOTHING) & (np.abs(now) > NOTHING)
    found: list[tuple[float, Bifurcation, Mark]] = []
    for k in np.flatnonzero(crossed):

        def test(place: Place, k: int = int(k)) -> float:
            return float(tests(place, _rest(place).eigenvalues)[k])

        located = zero(curve, start, length, test, float(before[k]), float(now[k]), LOCATED)
        if located is not None:
            mark = _special(curve, number, TESTS[k], located[0])
            if mark is not None:
                found.append((located[1], TESTS[k], mark))
    crossings = [at for at, kind, _ in found if kind is Bifurcation.BRANCH_POINT]
    return [mark for at, kind, mark in sorted(found, key=lambda item: item[0]) if _counts(at, kind, crossings)]


def _counts(at: float, kind: Bifurcation, crossings: list[float]) -> bool:
    """Whether it is more than what the other branch of a pitchfork shows where it turns around."""
    return kind is not Bifurcation.FOLD or not any(abs(at - crossing) < NEAR for crossing in crossings)


def _special(curve: RestCurve, number: int, kind: Bifurcation, place: Place) -> Mark | None:
    point, eigenvalues = place.z * curve.scale, _rest(place).eigenvalues
    period = lyapunov = None
    if kind is Bifurcation.HOPF:
        if not crossing_turns(eigenvalues):
            return None  # a neutral saddle: two real eigenvalues cancel, and nothing changes
        period = 2 * np.pi / critical(_rest(place).jacobian)[0]
        lyapunov = first_lyapunov(curve.family, point, curve.scale)
    special = SpecialPoint(kind, number, float(point[-1]), point[:-1], eigenvalues, period, lyapunov)
    return Mark(place, eigenvalues, special)


def _grown(curve: RestCurve, number: int, mark: Mark, *, forward: bool) -> Grown:
    point = mark.place.z * curve.scale
    count = unstable_count(mark.eigenvalues)
    return Grown(number, forward, float(point[-1]), point[:-1], point[:-1], count, mark.special)


def _branch(curve: RestCurve, number: int, marks: list[Mark], endings: tuple[str, str]) -> Branch:
    points = np.array([mark.place.z * curve.scale for mark in marks]).T
    places = tuple(k for k, mark in enumerate(marks) if mark.special is not None)
    return Branch(
        number,
        points[-1],
        points[:-1],
        np.array([mark.eigenvalues for mark in marks]).T,
        np.array([unstable_count(mark.eigenvalues) for mark in marks]),
        tuple(mark.special for mark in marks if mark.special is not None),
        places,
        endings,
    )
