"""Evenly spaced streamlines of a field in a window of the plane."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence

import numpy as np

from odeplayground.dynamics import arguments
from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.kernels.lines.program import Canvas, Layer, Pen
from odeplayground.dynamics.plane import plane_of, window
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
PER_GAP = 4
"""Pixels of the raster of gaps per distance."""
GOLDEN = 0.618
"""Seeds are tried in an order in which neighbours are far apart: lines that are followed together seldom meet."""


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
    ways until it comes nearer to another line, or to itself, than half the separation. Here several lines are
    followed at once by native code and then cut, longest first.

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
        cancel: looked at before every step; lines found by then are given.

    Returns:
        Curves (k, 2) in units of the states. A closed one ends with its first point.

    Raises:
        ValueError: for unknown names, empty ranges, twice the same axis, or a wrong separation or aspect.
    """
    plane, box = plane_of(system, x, y, held, parameters, t), window(x, y, x_range, y_range)
    for what, value, low, high in (("separation", separation, 0.005, 1.0), ("aspect", aspect, 0.01, 100.0)):
        if not low <= arguments.number(f"The {what}", value) <= high:
            raise ValueError(f"The {what} has to lie between {low:g} and {high:g}.")
    size = np.array([1.0, float(aspect)])
    low_corner, scale = box[:, 0], (box[:, 1] - box[:, 0]) / size
    picture = _Picture(plane.canvas(low_corner, scale, size), float(separation))
    with contextlib.nullcontext() if cancel is None else cancel.calling(picture.stop):
        lines = picture.lines()
    return [low_corner + scale * line for line in lines]


class _Picture:
    """What is taken of a canvas."""

    def __init__(self, canvas: Canvas, separation: float) -> None:
        self._size, self._separation = canvas.size, separation
        test = TEST_SHARE * separation
        # Lines are points half a test distance apart: their segments are a little nearer than their points.
        near = _layer(canvas.size, 1.04 * test, 5)
        # The raster takes up to a third more than it is asked for.
        self._gaps = _layer(canvas.size, 0.85 * separation, PER_GAP)
        most, fewest = int(np.ceil(LONGEST / test)), int(np.ceil(SHORTEST * separation / (0.5 * test)))
        self._pen = Pen(canvas, near, self._gaps, test, most, fewest)

    def stop(self) -> None:
        """Draw no further line. Any thread may ask for it."""
        self._pen.cancel[0] = 1

    def lines(self) -> list[Floats]:
        """Lines (k, 2) until no gap is left."""
        lines = self._pen.draw(_shuffled(self._first_seeds()))
        for _ in range(ROUNDS):
            seeds = self._seeds()
            if not len(seeds) or self._pen.cancel[0]:
                break
            lines += self._pen.draw(_shuffled(seeds))
        return lines

    def _seeds(self) -> Floats:
        """Points (m, 2) in gaps beside what is taken, one per square of the separation."""
        margin = self._gaps.margin
        taken = self._gaps.pixels[margin : -margin - 1, margin : -margin - 1]
        free = ~taken
        beside = np.zeros_like(free)
        beside[1:] |= taken[:-1]
        beside[:-1] |= taken[1:]
        beside[:, 1:] |= taken[:, :-1]
        beside[:, :-1] |= taken[:, 1:]
        row, column = np.nonzero(free & beside)
        _, first = np.unique((row // PER_GAP) * free.shape[1] + column // PER_GAP, return_index=True)
        points = (np.stack([column[first], row[first]], axis=1) + 0.5) / self._gaps.density
        inside: Floats = np.minimum(points, self._size - 0.1 / self._gaps.density)
        return inside

    def _first_seeds(self) -> Floats:
        columns, rows = (max(1, round(side / (FIRST_SEEDS * self._separation))) for side in self._size)
        # Off the centres of the cells: the lines of symmetry of a window often are lines of the field.
        across, up = (np.arange(columns) + 0.43) / columns, (np.arange(rows) + 0.47) / rows
        points: Floats = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2) * self._size
        return points


def _layer(size: Floats, distance: float, per_distance: int) -> Layer:
    """A raster on which every point within the distance is taken, and points up to one and a half pixels further away
    may be.
    """
    density = per_distance / distance
    reach = per_distance + float(np.sqrt(0.5))
    margin = int(np.ceil(reach + 0.5))
    columns, rows = (int(np.ceil(side * density)) + 2 * margin + 1 for side in size)
    return Layer(np.zeros((rows, columns), dtype=bool), margin, density, reach)


def _shuffled(seeds: Floats) -> Floats:
    return seeds[np.argsort(np.arange(len(seeds)) * GOLDEN % 1.0)]
