"""Limit cycles: isolated closed orbits, stable and unstable."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec
import numpy as np

from odeplayground.dynamics import arguments
from odeplayground.dynamics.arrays import Flags, Floats, Integers
from odeplayground.dynamics.cycle import LimitCycle, closed_orbit
from odeplayground.dynamics.equilibria import Equilibrium, equilibria
from odeplayground.dynamics.fields import BoundField, field_of
from odeplayground.dynamics.return_map import ReturnMap, sign_changes
from odeplayground.dynamics.shooting import recurrent_orbits
from odeplayground.dynamics.simulate import simulate
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import AnySystem, CycleKind, Status

PLACES = 48
"""Trajectories per ray and direction of time."""
STRETCHES = 12
"""How often the time is doubled in which a trajectory may turn once."""
COARSE, FINE = 1e-8, 1e-11
"""Relative tolerances of the search and of the refinement."""
CLOSED = 3e-6
"""Trajectories that come back to their place up to this share of it are closed as far as can be told."""
FAMILY = 4
"""So many closed trajectories side by side belong to a family."""
REFINEMENTS = 40
TOUCHING = 1e-9
"""Where the map comes this close to the identity, in lengths of the ray, it touches it as far as can be told."""
LOOKS, PER_LOOK = 12, 13
"""How often such a place is looked at again, and with how many trajectories."""
RESOLVED = 1e-4
"""So narrow is the part of the ray then, at most: further, rounding says which of its places comes closest."""
SAME = 1e-4
"""Orbits this close to each other, in widths of the box, are one."""


class LimitCycles(msgspec.Struct, frozen=True, eq=False):
    """What was found, and in one sentence what it means."""

    cycles: tuple[LimitCycle, ...]
    """Limit cycles by ascending period."""
    families: tuple[LimitCycle, ...]
    """One closed orbit out of each family that fills a region; these are no limit cycles."""
    message: str

    def __iter__(self) -> Iterator[LimitCycle]:
        return iter(self.cycles)

    def __len__(self) -> int:
        return len(self.cycles)

    def __repr__(self) -> str:
        found = ", ".join(f"{cycle.kind} of period {cycle.period:.6g}" for cycle in self.cycles)
        return f"<LimitCycles{': ' * bool(found)}{found}. {self.message}>"


def limit_cycles(
    system: AnySystem,
    bounds: Mapping[str, tuple[float, float]],
    parameters: Mapping[str, float] | None = None,
    *,
    on_progress: Callable[[float], object] | None = None,
    cancel: CancelToken | None = None,
) -> LimitCycles:
    """Find the limit cycles inside of bounds.

    With two states: fixed points of the return map on a ray from every equilibrium of positive index, one of which
    each closed orbit has to surround, forwards and backwards in time (Perko, Differential Equations and Dynamical
    Systems, sections 3.4 and 3.12). Where the map comes close to the identity without crossing it, it is looked at
    again: two cycles may lie there, or a semistable one, which attracts on one side and repels on the other. Two
    cycles between neighbouring trajectories of the search, of which there are about 50, may be missed all the same.

    With more states: trajectories that come back close to where they were, forwards and backwards in time, refined
    by Newton's method on the boundary value problem y(T) = y(0) with the variational equation (Seydel, Practical
    Bifurcation and Stability Analysis, section 7.2). That finds attractors and some of the others.

    Args:
        system: typed equations or a trained network that does not depend on time.
        bounds: low and high for every state.
        parameters: values that replace the system's own, by name.
        on_progress: called now and then with the share that is done.
        cancel: looked at now and then; what was found by then is given.

    Raises:
        ValueError: for an unknown name, bounds that are missing or empty, or a system that depends on time.
    """
    box = arguments.box(system, bounds)
    field = field_of(system).bind(arguments.parameter_values(system, parameters))
    if not field.autonomous:
        raise ValueError("Limit cycles are those of systems that do not depend on time: look at a Poincaré section.")
    if len(system.states) == 1:
        return LimitCycles((), (), "With one state nothing can go around.")
    tell = on_progress or (lambda share: None)
    with np.errstate(all="ignore"):
        if len(system.states) > 2:
            orbits = recurrent_orbits(system, parameters, field, box, tell, cancel)
            families: list[LimitCycle] = [orbit for orbit in orbits if orbit.kind is CycleKind.NEUTRAL]
            cycles = [orbit for orbit in orbits if orbit.kind is not CycleKind.NEUTRAL]
        else:
            cycles, families = _Plane(system, parameters, field, box, cancel).search(tell)
    return LimitCycles(
        tuple(sorted(cycles, key=lambda orbit: orbit.period)), tuple(families), _message(cycles, families, cancel)
    )


class _Plane:
    """The search in the plane."""

    def __init__(
        self,
        system: AnySystem,
        parameters: Mapping[str, float] | None,
        field: BoundField,
        box: Floats,
        cancel: CancelToken | None,
    ) -> None:
        self._system, self._parameters, self._field, self._box = system, parameters, field, box
        self._width = box[:, 1] - box[:, 0]
        self._cancel = cancel
        self.cycles: list[LimitCycle] = []
        self.families: list[LimitCycle] = []

    def search(self, tell: Callable[[float], object]) -> tuple[list[LimitCycle], list[LimitCycle]]:
        bounds = {
            name: (float(low), float(high)) for name, (low, high) in zip(self._system.states, self._box, strict=True)
        }
        found = equilibria(self._system, bounds, self._parameters)
        centres = [point for point in found if point.index is not None and point.index > 0]
        for number, centre in enumerate(centres):
            for half, sign in enumerate((1.0, -1.0)):
                if self._cancelled:
                    return self.cycles, self.families
                self._around(centre, sign)
                tell((2 * number + half + 1) / (2 * len(centres)))
        return self.cycles, self.families

    @property
    def _cancelled(self) -> bool:
        return self._cancel is not None and self._cancel.cancelled

    def _around(self, centre: Equilibrium, sign: float) -> None:
        """Cycles that attract in this direction of time, around one equilibrium."""
        time = _time_scale(centre)
        returns = ReturnMap(
            self._system, self._parameters, centre.state, self._ray(centre.state), self._box, self._cancel
        )

        def look(places: Floats) -> tuple[Floats, Floats]:
            result = returns(places, sign, time, STRETCHES, COARSE)
            return result.place - places, result.time

        # Closer to each other near the equilibrium, where small cycles are.
        places = ((np.arange(PLACES) + 1.0) / PLACES) ** 1.5
        shift, times = look(places)
        more = _between(places, shift)
        if more.size:
            extra, extra_times = look(more)
            order = np.argsort(np.concatenate([places, more]))
            places, shift, times = (
                np.concatenate(pair)[order] for pair in ((places, more), (shift, extra), (times, extra_times))
            )
        closed = np.abs(shift) <= CLOSED * places
        self._note_families(returns, places, times, closed, sign)
        for k in _lowest(shift, closed):
            self._look_closely(returns, places[[k - 1, k + 1]], float(np.nanmax(times[k - 1 : k + 2])), sign)
        at = sign_changes(np.where(closed, np.nan, shift))
        # Those with rising shift repel; they are found in the other direction of time.
        at = at[shift[at] > 0]
        if at.size:
            self._refine(returns, places, shift, np.maximum(times[at], times[at + 1]), at, sign)

    def _ray(self, centre: Floats) -> Floats:
        """The shortest way from a point to the rim of the box, as a vector; a closed orbit crosses it all the same."""
        to_rim = np.stack([centre - self._box[:, 0], self._box[:, 1] - centre]) / self._width
        side, axis = np.unravel_index(int(np.argmin(to_rim)), (2, 2))
        ray = np.zeros(2)
        ray[axis] = self._box[axis, side] - centre[axis]
        # Not along the axis itself, which in symmetric systems is a special direction.
        ray[1 - axis] = 0.137 * abs(ray[axis]) * self._width[1 - axis] / self._width[axis]
        return ray

    def _refine(
        self, returns: ReturnMap, places: Floats, shift: Floats, times: Floats, at: Integers, sign: float
    ) -> None:
        """Fixed points between neighbouring places, all at once, by the Illinois method."""
        a, b, at_a, at_b = places[at], places[at + 1], shift[at], shift[at + 1]
        period = times
        for _ in range(REFINEMENTS):
            if (np.abs(b - a) <= 1e-13).all() or self._cancelled:
                break
            c = b - at_b * (b - a) / (at_b - at_a)
            c = np.where((c - a) * (c - b) <= 0, c, 0.5 * (a + b))
            result = returns(c, sign, 1.5 * float(times.max()), 3, FINE)
            at_c = result.place - c
            period = np.where(np.isfinite(result.time), result.time, period)
            crossed = at_c * at_b < 0
            a, at_a = np.where(crossed, b, a), np.where(crossed, at_b, 0.5 * at_a)
            b, at_b = c, at_c
            arrived = np.abs(at_c) <= 1e-12
            a, at_a = np.where(arrived, c, a), np.where(arrived, 1.0, at_a)
        for place, error, time in zip(b, at_b, period, strict=True):
            # A jump of the map has no fixed point.
            if abs(error) <= 1e-7:
                self._add(returns.states(np.array([place]))[0], sign * float(time), None)

    def _look_closely(self, returns: ReturnMap, ends: Floats, time: float, sign: float) -> None:
        """Cycles between two places where the map goes to the same side: two of them, one that it touches, or none."""
        before = np.inf
        for _ in range(LOOKS):
            places = np.linspace(ends[0], ends[1], PER_LOOK)
            result = returns(places, sign, 1.5 * time, 3, FINE)
            shift = result.place - places
            if self._cancelled or not np.isfinite(shift).all():
                return
            at = sign_changes(np.where(np.abs(shift) <= TOUCHING, np.nan, shift))
            if at.size:  # both, as neither repels strongly
                self._refine(returns, places, shift, result.time[at], at, sign)
                return
            k = int(np.argmin(np.abs(shift)))
            if abs(shift[k]) <= TOUCHING and ends[1] - ends[0] <= RESOLVED:
                self._add(returns.states(places[[k]])[0], sign * float(result.time[k]), CycleKind.SEMISTABLE)
                return
            # At a double zero it shrinks with the square of the distance.
            if k in (0, PER_LOOK - 1) or (abs(shift[k]) > TOUCHING and abs(shift[k]) > 0.5 * before):
                return
            before, ends = abs(shift[k]), places[[k - 1, k + 1]]

    def _note_families(self, returns: ReturnMap, places: Floats, times: Floats, closed: Flags, sign: float) -> None:
        """One orbit of each run of closed ones."""
        ends = np.flatnonzero(np.diff(np.concatenate([[0], closed.astype(np.int8), [0]])))
        for first, last in ends.reshape(-1, 2):
            if last - first >= FAMILY:
                middle = (first + last) // 2
                self._add(returns.states(places[[middle]])[0], sign * float(times[middle]), CycleKind.FAMILY)

    def _add(self, state: Floats, time: float, kind: CycleKind | None) -> None:
        """Follow an orbit once around and keep it, if it is in the box and new."""
        solution = simulate(
            self._system,
            (0.0, time),
            state,
            self._parameters,
            rtol=1e-11,
            atol=1e-13 * self._width,
            cancel=self._cancel,
        )
        if solution.status is not Status.FINISHED:
            return
        orbit = closed_orbit(self._field, solution, self._width, kind, self._cancel)
        if orbit is None:
            return
        inside = (orbit.y >= self._box[:, :1]) & (orbit.y <= self._box[:, 1:])
        known = self.families if kind is CycleKind.FAMILY else self.cycles
        if inside.all() and not any(_same(orbit, other, self._width) for other in known):
            known.append(orbit)


def _same(one: LimitCycle, other: LimitCycle, scale: Floats) -> bool:
    """Whether two orbits are one; of families, whether they belong to the same."""
    if one.kind is CycleKind.FAMILY:
        # Both were found around the same equilibrium, in either direction of time, if one encloses the other.
        return bool(np.abs(one.y.mean(axis=1) - other.y.mean(axis=1)).max() < 0.3 * np.ptp(one.y, axis=1).max())
    return bool(one.distance(other.y[:, ::20], scale).max() < SAME)


def _time_scale(centre: Equilibrium) -> float:
    """About the time of one turn: from the frequency of the linear oscillation, if the determinant tells it."""
    size = float(np.sqrt(np.abs(np.prod(centre.eigenvalues))))
    return 2 * np.pi / size if np.isfinite(size) and size > 1e-12 else 1.0


def _lowest(shift: Floats, closed: Flags) -> list[int]:
    """Places where the shift comes closest to zero on one side of it."""
    size = np.abs(shift)
    least, most = np.minimum(size[:-2], size[2:]), np.maximum(size[:-2], size[2:])
    lowest = (size[1:-1] <= least) & (size[1:-1] < 0.5 * most) & (shift[:-2] * shift[2:] > 0)
    # A closed one in between may have any sign; beside other closed ones it is one of a family.
    lowest &= ((shift[1:-1] * shift[2:] > 0) | closed[1:-1]) & ~closed[:-2] & ~closed[2:]
    numbers: list[int] = (np.flatnonzero(lowest) + 1).tolist()
    return numbers


def _between(places: Floats, shift: Floats) -> Floats:
    """More places where the shift comes close to zero without a change of sign: two cycles may lie in between."""
    size = np.abs(shift)
    lowest = (size[1:-1] < 0.5 * size[:-2]) & (size[1:-1] < 0.5 * size[2:]) & (shift[:-2] * shift[2:] > 0)
    middle = np.flatnonzero(lowest & (size[1:-1] > CLOSED * places[1:-1])) + 1
    shares = np.linspace(0, 1, 8)[1:-1]
    extra = [places[k] + (places[j] - places[k]) * shares for k in middle for j in (k - 1, k + 1)]
    return np.concatenate(extra) if extra else np.empty(0)


def _message(cycles: list[LimitCycle], families: list[LimitCycle], cancel: CancelToken | None) -> str:
    if cancel is not None and cancel.cancelled:
        return "Stopped on request: there may be more."
    parts = []
    if cycles:
        count = len(cycles)
        parts.append(f"{count} limit cycle{'s' if count > 1 else ''} found.")
    if families:
        parts.append("Closed orbits fill a region: those are no limit cycles.")
    return " ".join(parts) or "No limit cycle found."
