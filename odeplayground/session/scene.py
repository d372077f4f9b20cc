"""What the window draws: frozen snapshots with numpy arrays, computed away from the window. No Qt.

The arrays are shared between threads and must not be written to after a scene is built. Scenes compare by identity,
as comparing arrays would be slow and of no use to a view.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from odeplayground.spec import CycleKind, Degeneracy, EquilibriumKind, Experiment, Status

Floats = NDArray[np.float64]
_UNEVEN = 10.0
"""Of neighbouring intervals, one this many times longer than the other is no step of an even grid."""


_NO_TIMES, _NO_STATES = np.empty(0), np.empty((0, 0))


def _no_times() -> Floats:
    return _NO_TIMES


def _no_states() -> Floats:
    return _NO_STATES


class Trajectory(msgspec.Struct, frozen=True, eq=False):
    """A solution on a fine grid of times, forwards and (for the portrait alone) backwards from its start.

    ``t`` is (n,) and increasing, in even steps with more points where the solution jumps; ``y`` is (n_states, n).
    ``back_t`` is (m,) and decreasing from the starting time, ``back_y`` is (n_states, m); both are empty when there is
    nothing backwards. A solution that diverges ends early or carries non-finite values at its end.
    """

    t: Floats
    y: Floats
    back_t: Floats = msgspec.field(default_factory=_no_times)
    back_y: Floats = msgspec.field(default_factory=_no_states)
    status: Status = Status.FINISHED
    message: str = ""

    @property
    def start(self) -> Floats:
        """The state at the beginning, (n_states,)."""
        return self.at(float(self.t[0])) if self.t.size else np.full(self.y.shape[0], np.nan)

    def has_ended(self, time: float) -> bool:
        """Whether the solution stopped before this time, or there is none."""
        return self.t.size == 0 or bool(time > self.t[-1] + 1e-9 * abs(self.t[-1]))

    def at(self, time: float) -> Floats:
        """The state at a time, (n_states,): a cubic through the grid, held constant before and after it.

        Each interval carries a cubic Hermite polynomial whose slopes are those of the parabolas through three
        neighbours (third order in the spacing). It is the straight line that is drawn next to non-finite values and
        where points were added for a jump, and NaN for a trajectory without any point and at no time.
        """
        t, y = self.t, self.y
        if t.size == 0 or np.isnan(time):
            return np.full(y.shape[0], np.nan)
        if t.size == 1 or time <= t[0]:
            return y[:, 0].copy()
        if time >= t[-1]:
            return y[:, -1].copy()
        i = int(np.searchsorted(t, time, side="right")) - 1
        step = t[i + 1] - t[i]
        s = (time - t[i]) / step
        left, right = y[:, i], y[:, i + 1]
        with np.errstate(invalid="ignore", over="ignore"):
            m0, m1 = _slope(t, y, i), _slope(t, y, i + 1)
            h00, h01 = (1 + 2 * s) * (1 - s) ** 2, s * s * (3 - 2 * s)
            h10, h11 = s * (1 - s) ** 2, s * s * (s - 1)
            cubic = h00 * left + h01 * right + step * (h10 * m0 + h11 * m1)
            line = (1 - s) * left + s * right
        result: Floats = np.where(np.isfinite(cubic) & _even(t, i), cubic, line)
        return result


def _even(t: Floats, i: int) -> bool:
    """Whether the intervals beside interval i are about as long: parabolas through uneven ones overshoot."""
    lengths = np.diff(t[max(i - 1, 0) : i + 3])
    return bool(lengths.max() < _UNEVEN * lengths.min())


def _slope(t: Floats, y: Floats, i: int) -> Floats:
    """Slope at point i of the parabola through it and its two nearest neighbours, (n_states,)."""
    last = t.size - 1
    if last == 1:
        chord: Floats = (y[:, 1] - y[:, 0]) / (t[1] - t[0])
        return chord
    j = min(max(i, 1), last - 1)
    before, after = t[j] - t[j - 1], t[j + 1] - t[j]
    first = (y[:, j] - y[:, j - 1]) / before
    second = (y[:, j + 1] - y[:, j]) / after
    bend = (second - first) / (before + after)
    slope: Floats = first + bend * (2 * t[i] - t[j - 1] - t[j])
    return slope


class Solved(msgspec.Struct, frozen=True, eq=False):
    """A trajectory and the method that found it."""

    curve: Trajectory
    method: str


class ArrowField(msgspec.Struct, frozen=True, eq=False):
    """Directions at cell centres, all of shape (k,).

    ``x`` and ``y`` are positions and ``u`` and ``v`` velocities on the axes of the portrait, in data units and data
    units per time. On the (t, x) plane of a system with one state ``u`` is 1.
    """

    x: Floats
    y: Floats
    u: Floats
    v: Floats


class EquilibriumMark(msgspec.Struct, frozen=True, eq=False):
    """An equilibrium as it is drawn: its whole state, its place on the axes, its kind and its eigenvalues.

    On the (t, x) plane of a system with one state its place is at the end of the time span.
    """

    state: Floats
    x: float
    y: float
    kind: EquilibriumKind
    eigenvalues: tuple[complex, ...] = ()
    degeneracy: Degeneracy | None = None
    """Of degenerate ones, what is known about the reason."""

    @property
    def label(self) -> str:
        """The kind in words; of a degenerate one the reason, which says more."""
        return self.kind.label if self.degeneracy is None else self.degeneracy.label


class CycleMark(msgspec.Struct, frozen=True, eq=False):
    """A limit cycle as it is drawn: its curve (k, 2) on the axes of the portrait, in space (k, 3), closed."""

    curve: Floats
    period: float
    kind: CycleKind
    multipliers: tuple[complex, ...] = ()
    """Floquet multipliers, the trivial 1 first."""

    @property
    def stable(self) -> bool:
        """Whether nearby trajectories come closer."""
        return self.kind is CycleKind.STABLE


class BasinEnd(msgspec.Struct, frozen=True, eq=False):
    """An attractor that a basin belongs to: a stable equilibrium at ``state``, or a stable cycle of this period."""

    state: Floats
    label: str
    """The kind, in words."""
    period: float | None = None


class BasinMap(msgspec.Struct, frozen=True, eq=False):
    """Where starting points of the window end up, finished or on the way.

    ``labels`` is (ny, nx), row 0 at the bottom of the range: the number of the attractor, -1 where none was reached
    in time, -2 where the trajectory goes away for good.
    """

    labels: NDArray[np.int16]
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    ends: tuple[BasinEnd, ...] = ()

    def at(self, x: float, y: float) -> int | None:
        """The label at a place; ``None`` outside of the map."""
        rows, columns = self.labels.shape
        (x0, x1), (y0, y1) = self.x_range, self.y_range
        column, row = int((x - x0) / (x1 - x0) * columns // 1), int((y - y0) / (y1 - y0) * rows // 1)
        inside = 0 <= column < columns and 0 <= row < rows
        return int(self.labels[row, column]) if inside else None


class Marks(msgspec.Struct, frozen=True, eq=False):
    """Equilibria, the separatrices of the saddles among them, and a sentence if some equilibria may be missing."""

    points: tuple[EquilibriumMark, ...] = ()
    separatrices: tuple[Floats, ...] = ()
    doubts: str = ""


class Portrait(msgspec.Struct, frozen=True, eq=False):
    """Everything the portrait shows of one field. ``nullclines`` maps a state to curves of shape (k, 2).

    There is one trajectory per starting point, empty if it could not be computed. With one state the nullclines are
    the levels of its equilibria from edge to edge or, where the time matters, the curves of zero slope.
    """

    trajectories: tuple[Trajectory, ...] = ()
    arrows: ArrowField | None = None
    nullclines: dict[str, list[Floats]] = msgspec.field(default_factory=dict)
    equilibria: tuple[EquilibriumMark, ...] = ()
    separatrices: tuple[Floats, ...] = ()
    """Curves of shape (k, 2) on the axes of the portrait."""
    doubts: str = ""
    """A sentence if there may be more equilibria than these."""
    streamlines: tuple[Floats, ...] = ()
    """Curves of shape (k, 2) in the direction of the field."""
    cycles: tuple[CycleMark, ...] = ()
    basins: BasinMap | None = None
    outdated: frozenset[str] = frozenset()
    """Which of the last two fields still belong to other values, as new ones take long to find."""


class ErrorMap(msgspec.Struct, frozen=True, eq=False):
    """Decimal logarithm of the relative error of the learned field, (ny, nx), row 0 at the bottom of the range."""

    values: Floats
    x_range: tuple[float, float]
    y_range: tuple[float, float]


class Scene(msgspec.Struct, frozen=True, eq=False):
    """One finished picture: the experiment it belongs to and what was computed from it."""

    experiment: Experiment
    true: Portrait
    learned: Portrait | None = None
    error: ErrorMap | None = None
    message: str = ""
    """A sentence for the status, empty if all is well."""
    method: str = ""
    """The method that ran."""
