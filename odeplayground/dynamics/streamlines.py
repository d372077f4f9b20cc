"""Evenly spaced streamlines of a field in a window of the plane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from odeplayground.dynamics import arguments
from odeplayground.dynamics.arrays import Flags, Floats, Integers
from odeplayground.dynamics.plane import Plane, plane_of, window
from odeplayground.dynamics.spacing import Taken
from odeplayground.dynamics.tracing import Directions, trace
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import AnySystem

TEST_SHARE = 0.5
"""Lines come no nearer to each other than this share of their separation; the authors' own choice."""
SHORTEST = 1.5
"""Shorter lines are left out, in separations: they would look like specks."""
LONGEST = 1.6
"""How far a line goes on to either side of its seed, in widths of the window."""
FIRST_SEEDS = 3.3
"""The first lines start from a grid so many separations wide: two more fit in between, with little left over."""
ROUNDS = 24
"""After so many fillings of gaps the picture is taken for full."""
HAIRPIN = 2.5
"""Points of one line count as two lines where they are so many test distances apart along the arc."""


def streamlines(
    system: AnySystem,
    x: str,
    y: str,
    x_range: Sequence[float],
    y_range: Sequence[float],
    held: Mapping[str, float] | None = None,
    parameters: Mapping[str, float] | None = None,
    t: float = 0.0,
    *,
    separation: float = 0.05,
    aspect: float = 1.0,
    cancel: CancelToken | None = None,
) -> list[Floats]:
    """Streamlines with even distances, in the direction of the field.

    B. Jobard and W. Lefer, Creating evenly-spaced streamlines of arbitrary density, Visualization in Scientific
    Computing 1997, section 3: a new line starts where the picture has a gap of the separation, and is followed both
    ways until it comes nearer to another line, or to itself, than half the separation. Here many lines are followed
    at once and then cut, longest first.

    Args:
        system: typed equations or a trained network, with at least two states.
        x: name of the state on the horizontal axis.
        y: name of the state on the vertical axis.
        x_range: low and high of the horizontal axis.
        y_range: low and high of the vertical axis.
        held: values of the other states; the system's initial state where left out.
        parameters: values that replace the system's own, by name.
        t: time, for systems that depend on it.
        separation: distance of the lines, in widths of the window.
        aspect: height of the window on the screen divided by its width, so that distances are those one sees.
        cancel: looked at before every filling of gaps; the lines found by then are given.

    Returns:
        Curves (k, 2) in units of the states. A closed one ends with its first point.

    Raises:
        ValueError: for unknown names, empty ranges, twice the same axis, or a wrong separation or aspect.
    """
    plane, box = plane_of(system, x, y, held, parameters, t), window(x, y, x_range, y_range)
    for what, value, low, high in (("separation", separation, 0.005, 1.0), ("aspect", aspect, 0.01, 100.0)):
        if not low <= arguments.number(f"The {what}", value) <= high:
            raise ValueError(f"The {what} has to lie between {low:g} and {high:g}.")
    size = np.array([[1.0], [float(aspect)]])
    scale = (box[:, 1:] - box[:, :1]) / size
    picture = _Picture(_directions(plane, box[:, :1], scale), size, float(separation))
    with np.errstate(all="ignore"):
        for _ in range(ROUNDS):
            seeds = picture.seeds()
            if not seeds.shape[1] or (cancel is not None and cancel.cancelled):
                break
            picture.fill(seeds)
    return [(box[:, :1] + scale * line).T for line in picture.lines]


def _directions(plane: Plane, low: Floats, scale: Floats) -> Directions:
    """Unit vectors of the field as seen on the screen."""

    def directions(points: Floats) -> Floats:
        velocity = plane.values(low + scale * points) / scale
        velocity /= np.hypot(velocity[0], velocity[1])
        return velocity

    return directions


class _Picture:
    """The lines so far, in widths of the window."""

    def __init__(self, directions: Directions, size: Floats, separation: float) -> None:
        self.lines: list[Floats] = []
        self._directions, self._size, self._separation = directions, size, separation
        self._test = TEST_SHARE * separation
        # Lines are points half a test distance apart: their segments are a little nearer than their points.
        self._near = Taken(size, 1.04 * self._test, 5)
        # The raster takes up to a third more than it is asked for.
        self._gaps = Taken(size, 0.85 * separation, 4)

    def seeds(self) -> Floats:
        """Points (2, m) with no line within the separation; beside a line if there is one, at most one per pixel."""
        if not self.lines and not self._gaps.inner.any():
            return self._first_seeds()
        free = ~self._gaps.inner
        beside = np.zeros_like(free)
        beside[1:] |= ~free[:-1]
        beside[:-1] |= ~free[1:]
        beside[:, 1:] |= ~free[:, :-1]
        beside[:, :-1] |= ~free[:, 1:]
        row, column = np.nonzero(free & beside)
        # One per square of the separation.
        _, first = np.unique((row // 4) * free.shape[1] + column // 4, return_index=True)
        points = (np.array([column[first], row[first]]) + 0.5) * self._gaps.pixel
        return np.minimum(points, self._size - 0.1 * self._gaps.pixel)

    def _first_seeds(self) -> Floats:
        columns, rows = (max(1, round(side / (FIRST_SEEDS * self._separation))) for side in self._size.ravel())
        # Off the centres of the cells: the lines of symmetry of a window often are lines of the field.
        across, up = (np.arange(columns) + 0.43) / columns, (np.arange(rows) + 0.47) / rows
        points: Floats = np.array(np.meshgrid(across, up)).reshape(2, -1) * self._size
        return points

    def fill(self, seeds: Floats) -> None:
        """Follow the field from the seeds and keep what is not too near to other lines."""
        most = int(np.ceil(LONGEST / self._test))
        m = seeds.shape[1]
        both, signs = np.concatenate([seeds, seeds], axis=1), np.repeat([1.0, -1.0], m)
        traces = trace(self._directions, both, signs, self._test, most, self._near.at, self._size)
        ahead, behind = traces.lengths[:m], traces.lengths[m:]
        for i in np.argsort(-(ahead + behind)):
            forwards = traces.points[: ahead[i], :, i].T
            backwards = traces.points[1 : behind[i], :, m + i].T
            self._try(forwards, backwards)

    def _try(self, forwards: Floats, backwards: Floats) -> None:
        """Keep what is free of a line, given as its halves from the seed; the second one without the seed."""
        seed = forwards[:, :1]
        # What was free when the seed was chosen may be taken by a line of this round.
        if not self._gaps.at(seed)[0]:
            line = self._free_part(forwards, backwards)
            if line.shape[1] * 0.5 * self._test >= SHORTEST * self._separation:
                self.lines.append(line)
                self._near.add(line)
                self._gaps.add(line[:, ::2])
            else:
                self._gaps.add(seed)

    def _free_part(self, forwards: Floats, backwards: Floats) -> Floats:
        forwards = forwards[:, : _first(self._near.at(forwards))]
        backwards = backwards[:, : _first(self._near.at(backwards))]
        closed = _closed(forwards, backwards, self._test)
        if closed is not None:
            return closed
        forwards, backwards = _without_coils(forwards, backwards, self._test)
        return np.concatenate([backwards[:, ::-1], forwards], axis=1)


def _closed(forwards: Floats, backwards: Floats, test: float) -> Floats | None:
    """The closed line, if one half comes back to the seed, or the end of one lies on the other half."""
    away = 2 * int(2 * HAIRPIN)
    if forwards.shape[1] <= away:
        return None
    home = _nearest(forwards[:, away:], forwards[:, :2], test)
    if home is not None:
        return np.concatenate([forwards[:, : away + home], forwards[:, :1]], axis=1)
    meeting = _nearest(backwards, forwards[:, :-3:-1], test)
    if meeting is not None:
        return np.concatenate([forwards, backwards[:, :meeting][:, ::-1], forwards[:, :1]], axis=1)
    return None


def _nearest(line: Floats, pair: Floats, test: float) -> int | None:
    """The point of a line that lies beside the first one of a pair, hardly off the direction to the second one."""
    tangent = pair[:, 1] - pair[:, 0]
    tangent = tangent / max(float(np.hypot(*tangent)), 1e-300)
    apart = line - pair[:, :1]
    along, across = tangent @ apart, tangent[0] * apart[1] - tangent[1] * apart[0]
    beside = (np.abs(along) <= 0.3 * test) & (np.abs(across) <= 0.03 * test)
    return int(beside.argmax()) if beside.any() else None


def _without_coils(forwards: Floats, backwards: Floats, test: float) -> tuple[Floats, Floats]:
    """Both halves of a line up to where it comes too near to itself; the forward half has precedence."""
    if _turning(np.concatenate([backwards[:, ::-1], forwards], axis=1)) < np.pi:
        return forwards, backwards
    arc = np.arange(forwards.shape[1])
    forwards = forwards[:, : _coil(forwards, arc, forwards, arc, test)]
    behind = 1 + np.arange(backwards.shape[1])
    older = np.concatenate([forwards, backwards], axis=1)
    older_arc = np.concatenate([-arc[: forwards.shape[1]], behind])
    return forwards, backwards[:, : _coil(backwards, behind, older, older_arc, test)]


def _coil(line: Floats, arc: Integers, older: Floats, older_arc: Integers, test: float) -> int:
    """The first point of a line that is too near to an older one; arcs are in points, of which two are a test apart."""
    near = (line[0][:, None] - older[0]) ** 2 + (line[1][:, None] - older[1]) ** 2 < (1.04 * test) ** 2
    return _first((near & (arc[:, None] - older_arc > 2 * HAIRPIN)).any(axis=1))


def _turning(line: Floats) -> float:
    """By how much a line turns in all, in radians."""
    dx, dy = np.diff(line, axis=1)
    cross, dot = dx[:-1] * dy[1:] - dy[:-1] * dx[1:], dx[:-1] * dx[1:] + dy[:-1] * dy[1:]
    return float(np.abs(np.arctan2(cross, dot)).sum())


def _first(flags: Flags) -> int:
    """The place of the first that is set; the number of them if none is."""
    return int(flags.argmax()) if flags.any() else flags.size
