"""Basins of attraction: which starting points end up where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from odeplayground.dynamics import arguments
from odeplayground.dynamics.arrays import Flags, Floats, Integers
from odeplayground.dynamics.capture import EllipsoidAround, TubeAround
from odeplayground.dynamics.cycle import LimitCycle
from odeplayground.dynamics.equilibria import Equilibrium, equilibria
from odeplayground.dynamics.fields import field_of
from odeplayground.dynamics.limit_cycles import limit_cycles
from odeplayground.dynamics.plane import window
from odeplayground.dynamics.simulate import simulate_many
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import AnySystem, CycleKind, EquilibriumKind, Status

UNDECIDED, AWAY = -1, -2
"""Labels of starting points whose trajectories reach no known attractor in time, and of those that diverge."""
COARSEST = 8
"""The first picture has one starting point in so many, along each axis."""
AT_ONCE = 4096
"""Trajectories followed between two looks at the cancel token."""
FAR = 100.0
"""Trajectories further away than this, in widths of the box, have gone away."""
ROUNDS = 60
SLOWER = 1.4
"""Each round of following is longer than the one before by this factor."""
AT_REST = 1e-7
"""Speeds this small, in widths of the box and the usual rate, are looked at for an equilibrium outside of the box."""
STABLE = (EquilibriumKind.STABLE_NODE, EquilibriumKind.STABLE_FOCUS)
Labels = NDArray[np.int16]
Attractor = Equilibrium | LimitCycle


class Basins(msgspec.Struct, frozen=True, eq=False):
    """A picture of the basins, finished or on the way."""

    x: Floats
    """(nx,), the columns."""
    y: Floats
    """(ny,), the rows."""
    labels: Labels
    """(ny, nx): the number of the attractor among ``attractors``; -1 (``UNDECIDED``) where none was reached in time,
    -2 (``AWAY``) where the trajectory diverges."""
    attractors: tuple[Attractor, ...]
    spacing: int
    """How many columns and rows lie between starting points that were told apart; 1 in the last picture."""
    followed: int
    """How many trajectories were followed. The others lie between starting points with the same end."""
    message: str = ""

    def __repr__(self) -> str:
        rows, columns = self.labels.shape
        size = f"{columns} x {rows} points, {len(self.attractors)} attractors, spacing {self.spacing}"
        return f"<Basins {size}. {self.message}>".replace(". >", ">")


def basins(
    system: AnySystem,
    bounds: Mapping[str, tuple[float, float]],
    parameters: Mapping[str, float] | None = None,
    *,
    x: str | None = None,
    y: str | None = None,
    held: Mapping[str, float] | None = None,
    attractors: Sequence[Attractor] | None = None,
    resolution: tuple[int, int] = (160, 160),
    time: float | None = None,
    rtol: float = 1e-6,
    cancel: CancelToken | None = None,
) -> Iterator[Basins]:
    """Pictures of the basins of attraction in a plane, each finer than the one before.

    Starting points are followed until they are caught: in a neighbourhood of a stable equilibrium in which a
    quadratic Lyapunov function falls, in a tube around a stable cycle that shrinks in one period, or far away. From
    one picture to the next only points beside a boundary are followed; all others take the label of their
    neighbours. A part of a basin smaller than the first grid and nowhere near another boundary can be missed.

    Args:
        system: typed equations or a trained network that does not depend on time.
        bounds: low and high for every state: the window on the axes, and where to look for attractors.
        parameters: values that replace the system's own, by name.
        x: name of the state on the horizontal axis; the first by default.
        y: name of the state on the vertical axis; the second by default.
        held: values of the other states; the system's initial state where left out.
        attractors: stable equilibria and cycles; by default those in the bounds. Stable equilibria outside of them
            are added when a trajectory comes to rest there.
        resolution: columns and rows of the last picture.
        time: how long trajectories are followed; by default 20 times the system's own time span.
        rtol: relative tolerance.
        cancel: looked at now and then; no more pictures come after it.

    Yields:
        Pictures of the whole window; the last one has ``spacing`` 1. A label is the number of the attractor, -1 where
        none was reached in time (a longer ``time`` may help), or -2 where the trajectory diverges.

    Raises:
        ValueError: if an argument is wrong, or if the system depends on time or has one state only.
    """
    if len(system.states) < 2:
        raise ValueError("Basins are drawn for systems with two states or more.")
    box = arguments.box(system, bounds)
    axes = system.states[0] if x is None else x, system.states[1] if y is None else y
    for name in axes:
        if name not in system.states:
            raise arguments.unknown_name("state", name, system.states)
    if axes[0] == axes[1]:
        raise ValueError("The axes have to be two different states.")
    _check(resolution)
    span = abs(system.t_span[1] - system.t_span[0])
    longest = 20 * span if time is None else arguments.number("The time", time)
    if longest <= 0:
        raise ValueError("The time has to be a positive number.")
    followed = _Followed(system, parameters, box, longest, rtol, cancel)
    start = arguments.initial_state(system, dict(held or {}))
    region = window(*axes, bounds[axes[0]], bounds[axes[1]])
    columns = [system.states.index(name) for name in axes]
    # From here on it is a generator: wrong arguments are told at once, not with the first picture.
    return _pictures(followed, start, columns, region, resolution, attractors, bounds)


def _check(resolution: tuple[int, int]) -> None:
    """Complain about a wrong number of columns or rows."""
    counts = np.asarray(resolution)
    if counts.shape != (2,) or not np.issubdtype(counts.dtype, np.integer):
        raise ValueError("The resolution takes two whole numbers: columns and rows.")
    if min(resolution) < 2:
        raise ValueError("The picture needs at least two columns and rows.")


def _pictures(
    followed: _Followed,
    start: Floats,
    columns: list[int],
    region: Floats,
    resolution: tuple[int, int],
    attractors: Sequence[Attractor] | None,
    bounds: Mapping[str, tuple[float, float]],
) -> Iterator[Basins]:
    followed.look_out_for(attractors, bounds)
    # Centres of pixels.
    xs, ys = (
        low + (high - low) * (np.arange(count) + 0.5) / count
        for (low, high), count in zip(region, resolution, strict=True)
    )
    labels = np.full((ys.size, xs.size), UNDECIDED, dtype=np.int16)
    known = np.zeros(labels.shape, dtype=bool)
    spacing = COARSEST
    while spacing >= 1:
        # The last row and column belong to every grid, and each grid holds the one before.
        rows, cols = (np.unique(np.append(np.arange(0, count, spacing), count - 1)) for count in labels.shape)
        grid = np.ix_(rows, cols)
        coarse, told = labels[grid], known[grid]
        for i, j in _steps(coarse, told, first=spacing == COARSEST):
            states = np.repeat(start[None], i.size, axis=0)
            states[:, columns[0]], states[:, columns[1]] = xs[cols[j]], ys[rows[i]]
            ends = followed.labels(states)
            if followed.cancelled:
                return
            coarse[i, j], told[i, j] = ends, True
        known[grid] = told
        labels = _enlarged(coarse, rows, cols, labels.shape)
        yield Basins(xs, ys, labels, tuple(followed.attractors), spacing, int(known.sum()), followed.message)
        spacing //= 2


def _steps(labels: Labels, known: Flags, first: bool) -> Iterator[tuple[Integers, Integers]]:
    """Points of a grid to be followed, some at a time: all at first, later those beside a boundary."""
    while True:
        wanted = ~known if first else ~known & _beside_a_boundary(labels)
        rows, cols = np.nonzero(wanted)
        if not rows.size:
            return
        for begin in range(0, rows.size, AT_ONCE):
            yield rows[begin : begin + AT_ONCE], cols[begin : begin + AT_ONCE]


def _beside_a_boundary(labels: Labels) -> Flags:
    """Which pixels have a neighbour of another label, also across a corner."""
    padded = np.pad(labels, 1, mode="edge")
    rows, cols = labels.shape
    result = np.zeros(labels.shape, dtype=bool)
    for i in range(3):
        for j in range(3):
            result |= padded[i : i + rows, j : j + cols] != labels
    return result


def _enlarged(coarse: Labels, rows: Integers, cols: Integers, shape: tuple[int, ...]) -> Labels:
    """All pixels, each with the label of the last of these rows and columns up to it."""
    row = np.searchsorted(rows, np.arange(shape[0]), side="right") - 1
    col = np.searchsorted(cols, np.arange(shape[1]), side="right") - 1
    return coarse[row[:, None], col]


class _Followed:
    """Follows starting points until they are caught."""

    def __init__(
        self,
        system: AnySystem,
        parameters: Mapping[str, float] | None,
        box: Floats,
        time: float,
        rtol: float,
        cancel: CancelToken | None,
    ) -> None:
        self._system, self._parameters, self._box, self._time = system, parameters, box, time
        self._rtol, self._cancel = rtol, cancel
        self._field = field_of(system).bind(arguments.parameter_values(system, parameters))
        if not self._field.autonomous:
            raise ValueError("Basins are those of systems that do not depend on time.")
        self._width = box[:, 1] - box[:, 0]
        self._rate = 1.0
        self.attractors: list[Attractor] = []
        self._traps: list[EllipsoidAround | TubeAround] = []

    @property
    def cancelled(self) -> bool:
        return self._cancel is not None and self._cancel.cancelled

    @property
    def message(self) -> str:
        """A sentence about what there is to be attracted by."""
        if not self.attractors:
            return "No attractor is known: only trajectories that go away are told apart."
        return ""

    def look_out_for(self, attractors: Sequence[Attractor] | None, bounds: Mapping[str, tuple[float, float]]) -> None:
        """Take these for attractors, or the ones in the bounds."""
        with np.errstate(all="ignore"):
            points: list[Any] = list(attractors) if attractors is not None else self._known(bounds)
            for one in points:
                self._add(one)
            matrices = self._field.jacobian(0.0, self._box.mean(axis=1)[:, None])
            size = float(np.linalg.norm(matrices[:, :, 0]))
            self._rate = size if np.isfinite(size) and size > 0 else 1.0

    def _known(self, bounds: Mapping[str, tuple[float, float]]) -> list[Attractor]:
        points = [point for point in equilibria(self._system, bounds, self._parameters) if point.kind in STABLE]
        found = limit_cycles(self._system, bounds, self._parameters, cancel=self._cancel)
        return [*points, *(cycle for cycle in found.cycles if cycle.kind is CycleKind.STABLE)]

    def _add(self, one: Attractor) -> None:
        if isinstance(one, Equilibrium):
            if one.kind not in STABLE:
                raise ValueError("An attractor is a stable equilibrium or a stable cycle.")
            self._traps.append(EllipsoidAround(self._field, one, self._width))
        else:
            self._traps.append(TubeAround(self._system, self._parameters, one, self._width, self._cancel))
        self.attractors.append(one)

    def labels(self, states: Floats) -> Labels:
        """Where trajectories from states (m, n_states) end up, (m,)."""
        result = np.full(states.shape[0], UNDECIDED, dtype=np.int16)
        with np.errstate(all="ignore"):
            lanes, passed, stretch = self._caught(result, np.arange(states.shape[0]), states), 0.0, 2 / self._rate
            for _ in range(ROUNDS):
                left = self._time - passed
                if not lanes.size or left <= 0 or self.cancelled:
                    break
                stretch = min(stretch * SLOWER, left)
                ensemble = simulate_many(
                    self._system,
                    states[lanes],
                    self._parameters,
                    (0.0, stretch),
                    rtol=self._rtol,
                    atol=1e-3 * self._rtol * self._width,
                    cancel=self._cancel,
                )
                gone = np.array([status is Status.DIVERGED for status in ensemble.status], dtype=bool)
                result[lanes[gone]] = AWAY
                done = np.array([status is Status.FINISHED for status in ensemble.status], dtype=bool)
                states[lanes] = ensemble.y_stop
                lanes = lanes[done]
                lanes = self._caught(result, lanes, states[lanes])
                passed += stretch
        return result

    def _caught(self, result: Labels, lanes: Integers, states: Floats) -> Integers:
        """Label those that are caught, and give the others."""
        far = np.abs((states - self._box.mean(axis=1)) / self._width).max(axis=1) > FAR
        result[lanes[far]] = AWAY
        free = ~far
        for number, trap in enumerate(self._traps):
            at = np.flatnonzero(free)
            inside = at[trap.holds(states[at])]
            result[lanes[inside]] = number
            free[inside] = False
        lanes, states = lanes[free], states[free]
        resting = self._resting(states)
        if not resting.any():
            return lanes
        if self._notice(states[resting.argmax()]):
            return self._caught(result, lanes, states)
        # Those at rest at a saddle, or on a line of equilibria, go nowhere else.
        return lanes[~resting]

    def _resting(self, states: Floats) -> Flags:
        speed = np.abs(self._field.rhs(0.0, states.T) / self._width[:, None]).max(axis=0, initial=0.0)
        result: Flags = speed < AT_REST * self._rate
        return result

    def _notice(self, state: Floats) -> bool:
        """Add the stable equilibrium at which a trajectory has come to rest, if it is one; whether that was so."""
        reach = 1e-2 * self._width
        ranges = [(float(low), float(high)) for low, high in zip(state - reach, state + reach, strict=True)]
        found = equilibria(self._system, dict(zip(self._system.states, ranges, strict=True)), self._parameters)
        new = [point for point in found if point.kind in STABLE and not self._has(point)]
        for point in new:
            self._add(point)
        return bool(new)

    def _has(self, point: Equilibrium) -> bool:
        return any(
            isinstance(other, Equilibrium) and np.abs((other.state - point.state) / self._width).max() < 1e-6
            for other in self.attractors
        )
