"""A branch of cycles over one parameter."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence

import numpy as np

from odeplayground.dynamics import arguments
from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.continuation.arclength import Advance, Place, advance, correct, tangent, zero
from odeplayground.dynamics.continuation.closed import CycleCurve
from odeplayground.dynamics.continuation.cycle_branch import CycleBranch
from odeplayground.dynamics.continuation.family import Family
from odeplayground.dynamics.continuation.hopf import critical
from odeplayground.dynamics.continuation.mesh import COARSE, node_times
from odeplayground.dynamics.continuation.meshed_cycle import MeshedCycle, condensed, remeshed, turned_over
from odeplayground.dynamics.continuation.multipliers import TESTS, crossing_turns, signs
from odeplayground.dynamics.continuation.results import Grown, SpecialPoint, Started
from odeplayground.dynamics.cycle import LimitCycle
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import AnySystem, Bifurcation

FIRST, LONGEST = 0.01, 0.1
TURNS = 0.02
"""Where a multiplier is 1 and the parameter changes by less than this share of a step, it turns around."""
LOCATED = 1e-8
"""How well, as a share of a step, a special point is located."""
SHORT_OF = (0.0, 1e-4, 1e-3, 1e-2, 0.1)
"""Where cycles cannot be computed right at the rim of the range, as where branches cross, they end so far inside."""
STILL = 1e-6
"""Steps along which the parameter moves by less than this share of its range may lead through a family."""
FAMILY = 8
"""So many such cycles in a row, all with a second multiplier 1, are one."""
LONG = 50.0
"""Periods so many times as long as the first one mean that the cycle comes close to a homoclinic orbit."""

FILLED = "Closed orbits fill a region at this value of the parameter: they are no limit cycles."


Event = Started | Grown
Growth = Generator[Event, None, CycleBranch]


def continue_cycles(
    system: AnySystem,
    parameter: str,
    bounds: Sequence[float],
    start: SpecialPoint | LimitCycle,
    *,
    states: Mapping[str, tuple[float, float]] | None = None,
    parameters: Mapping[str, float] | None = None,
    max_step: float = LONGEST,
    max_points: int = 400,
    max_period: float | None = None,
    on_event: Callable[[Event], object] | None = None,
    cancel: CancelToken | None = None,
) -> CycleBranch:
    """Follow cycles, stable and unstable, as one parameter varies, from a Hopf point or a known cycle.

    Orthogonal collocation with four Gauss points on 30 to 160 intervals, which are spread anew after every step; see
    :mod:`~odeplayground.dynamics.continuation.closed`. Folds, period doublings and torus points are where the
    parameter turns around, or Floquet multipliers cross 1, -1 or the rest of the unit circle.

    Args:
        system: typed equations that do not depend on time.
        parameter: the name of the parameter that varies.
        bounds: its low and high.
        start: a Hopf point of :func:`continue_equilibria`, or a cycle at the present value of the parameter.
        states: low and high for every state, which say what is small; cycles may leave them.
        parameters: values that replace the system's own, by name.
        max_step: the longest step, as a share of the ranges.
        max_points: for each direction of the branch.
        max_period: where the branch ends; by default 50 times the period it begins with.
        on_event: called with every :class:`Started` and :class:`Grown`.
        cancel: looked at before every step; what was found by then is given.

    Raises:
        ValueError: for a wrong argument, a trained network, or a system that depends on time.
    """
    growing = cycle_growth(
        system, parameter, bounds, start,
        states=states, parameters=parameters, max_step=max_step, max_points=max_points, max_period=max_period,
        cancel=cancel,
    )  # fmt: skip
    while True:
        try:
            event = next(growing)
        except StopIteration as end:
            result: CycleBranch = end.value
            return result
        if on_event is not None:
            on_event(event)


def cycle_growth(
    system: AnySystem,
    parameter: str,
    bounds: Sequence[float],
    start: SpecialPoint | LimitCycle,
    *,
    states: Mapping[str, tuple[float, float]] | None = None,
    parameters: Mapping[str, float] | None = None,
    max_step: float = LONGEST,
    max_points: int = 400,
    max_period: float | None = None,
    cancel: CancelToken | None = None,
) -> Growth:
    """The same as a generator of events that can be left at any time; its return value is the branch.

    Arguments are checked at once, before the first event.
    """
    family = Family(system, [parameter], parameters)
    limits = arguments.interval(parameter, bounds)
    if isinstance(start, SpecialPoint) and start.kind is not Bifurcation.HOPF:
        raise ValueError("Cycles begin at a Hopf point, or at a cycle that is known.")
    if not 0 < arguments.number("max_step", max_step) <= 1:
        raise ValueError("max_step is a share of the ranges, above 0 and at most 1.")
    window = None if states is None else arguments.box(system, states)
    begun = start.state if isinstance(start, SpecialPoint) else np.abs(start.y).max(axis=1)
    scale = np.maximum(np.abs(begun), 1.0) if window is None else window[:, 1] - window[:, 0]
    tracer = _Tracer(family, limits, scale, max_step, max_points, max_period, cancel)
    return tracer.from_hopf(start) if isinstance(start, SpecialPoint) else tracer.from_cycle(start)


class _Tracer:
    """One branch in one or both directions."""

    def __init__(
        self,
        family: Family,
        bounds: tuple[float, float],
        scale: Floats,
        longest: float,
        most: int,
        max_period: float | None,
        cancel: CancelToken | None,
    ) -> None:
        self._family, self._scale = family, scale
        self._low, self._high = bounds
        self._width = bounds[1] - bounds[0]
        self._longest, self._most = longest, most
        self._max_period, self._cancel = max_period, cancel

    def from_hopf(self, point: SpecialPoint) -> Growth:
        """Cycles that are born at a Hopf point; there is one direction only."""
        with np.errstate(all="ignore"):
            matrix = self._family.at(np.append(point.state, point.parameter))[1][:, : self._family.n]
            omega, q, _ = critical(matrix)
            ends = np.linspace(0.0, 1.0, COARSE + 1)
            angle = 2 * np.pi * node_times(ends)[:, None]
            wave = (q.real * np.cos(angle) - q.imag * np.sin(angle)) / self._scale
            period = 2 * np.pi / omega
            curve = CycleCurve(self._family, self._scale, period, self._width, ends, wave)
            rest = np.broadcast_to(point.state / self._scale, wave.shape)
            z = np.append(rest.ravel(), [1.0, point.parameter / self._width])
            direction = np.append(wave.ravel(), [0.0, 0.0])
            direction /= np.sqrt(curve.dual(direction) @ direction)
            linear = curve.linear(z)
            begin = MeshedCycle(curve, Place(z, direction, linear), linear.multipliers)
            yield Started(0)
            cycles, ending = yield from self._direction(begin, forward=True, born=True)
        return self._branch(cycles, ("A Hopf point.", ending))

    def from_cycle(self, cycle: LimitCycle) -> Growth:
        """Both ways from a known cycle."""
        with np.errstate(all="ignore"):
            begin = self._known(cycle)
            yield Started(0)
            if begin is None:
                return self._branch([], ("The cycle could not be computed.", "The cycle could not be computed."))
            yield self._grown(begin, forward=True)
            forward, last = yield from self._direction(begin, forward=True, born=False)
            turned = Place(begin.place.z, -begin.place.tangent, begin.place.linear)
            other = MeshedCycle(begin.curve, turned, begin.multipliers)
            back, first = yield from self._direction(other, forward=False, born=False)
        return self._branch([*back[::-1], begin, *forward], (first, last))

    def _known(self, cycle: LimitCycle) -> MeshedCycle | None:
        """A cycle on the mesh, at the present value of the parameter."""
        # Its points are evenly spaced along the orbit, so that a mesh of every few of them is a good one.
        ends = np.interp(np.linspace(0, cycle.t.size - 1, 2 * COARSE + 1), np.arange(cycle.t.size), cycle.t)
        ends = ends / ends[-1]
        times = node_times(ends) * cycle.period
        nodes = np.array([np.interp(times, cycle.t, row) for row in cycle.y]).T / self._scale
        first = self._closed(ends, nodes, cycle.period)
        return None if first is None else remeshed(first)

    def _closed(self, ends: Floats, nodes: Floats, period: float) -> MeshedCycle | None:
        """The cycle near a curve, at the present value of the parameter."""
        curve = CycleCurve(self._family, self._scale, period, self._width, ends, nodes)
        z = np.append(nodes.ravel(), [1.0, self._family.start[0] / self._width])
        row = np.zeros(z.size)
        row[-1] = 1.0
        found = correct(curve, z, row, float(z[-1]))
        if found is None:
            return None
        place = Place(found[0], tangent(curve, found[1], row), found[1])
        return MeshedCycle(curve, place, condensed(place).multipliers)

    def _direction(
        self, begin: MeshedCycle, *, forward: bool, born: bool
    ) -> Generator[Grown, None, tuple[list[MeshedCycle], str]]:
        cycles: list[MeshedCycle] = []
        cycle, length = begin, min(FIRST, self._longest)
        limit = self._max_period or LONG * begin.period
        while len(cycles) < self._most:
            if self._cancel is not None and self._cancel.cancelled:
                return cycles, "Stopped on request."
            step = advance(cycle.curve, cycle.place, length, self._longest)
            if step is None:
                return cycles, "It could not be followed further."
            fresh = born and not cycles
            if not fresh and turned_over(cycle, step.place):
                return cycles, "It shrinks to a point, at a Hopf point."
            found, ending = self._found(cycle, step, fresh=fresh)
            for each in found:
                cycles.append(each)
                yield self._grown(each, forward=forward)
            if ending:
                return cycles, ending
            if self._fill_a_region(cycles[-FAMILY:]):
                return cycles, FILLED
            if cycles[-1].period > limit:
                return cycles, "Its period grows: it comes close to a homoclinic orbit."
            again = remeshed(cycles[-1])
            if again is None:
                return cycles, "It could not be followed further."
            cycle, length = again, step.following
        return cycles, f"It has more than {self._most} points."

    def _found(self, cycle: MeshedCycle, step: Advance, *, fresh: bool) -> tuple[list[MeshedCycle], str]:
        """The special cycles within a step and the one at its end; why the branch ends there, if it does."""
        curve, place, length, ending = cycle.curve, step.place, step.length, ""
        value = float(place.z[-1] * self._width)
        if not self._low <= value <= self._high:
            rim = (self._low if value < self._low else self._high) / self._width
            row = np.zeros(place.z.size)
            row[-1] = 1.0
            ending = "The range of the parameter ends."
            for short in SHORT_OF:
                at = rim + short * (cycle.place.z[-1] - rim)
                share = (at - cycle.place.z[-1]) / (place.z[-1] - cycle.place.z[-1])
                cut = correct(curve, cycle.place.z + share * (place.z - cycle.place.z), row, float(at))
                if cut is not None:
                    break
            else:
                return [], ending
            direction = tangent(curve, cut[1], curve.dual(place.tangent))
            place = Place(cut[0], direction, cut[1])
            length = float(curve.dual(cycle.place.tangent) @ (cut[0] - cycle.place.z))
        last = MeshedCycle(curve, place, condensed(place).multipliers)
        return [*([] if fresh else self._within(cycle, last, length)), last], ending

    def _fill_a_region(self, cycles: list[MeshedCycle], least: int = FAMILY) -> bool:
        """Whether cycles in a row are neutral and belong to one value of the parameter, as in a conservative system.

        A canard explosion keeps its parameter too, but its cycles are not neutral.
        """
        values = [cycle.parameter for cycle in cycles]
        still = len(values) >= least and max(values) - min(values) < STILL * self._width
        return still and all(cycle.neutral for cycle in cycles)

    def _within(self, begin: MeshedCycle, end: MeshedCycle, length: float) -> list[MeshedCycle]:
        curve = begin.curve
        if self._fill_a_region([begin, end], 2):
            return []  # where both are neutral, only rounding crosses anything
        before, now = signs(begin.multipliers), signs(end.multipliers)
        found = []
        for k in np.flatnonzero(before * now < 0):
            if TESTS[k] is Bifurcation.TORUS and not crossing_turns(end.multipliers[1:]):
                continue  # two real multipliers are each other's inverse, and nothing changes

            def test(place: Place, k: int = int(k)) -> float:
                return float(signs(condensed(place).multipliers)[k])

            located = zero(curve, begin.place, length, test, float(before[k]), float(now[k]), LOCATED)
            if located is not None:
                found.append((located[1], self._special(curve, TESTS[k], located[0])))
        return [cycle for _, cycle in sorted(found, key=lambda pair: pair[0])]

    def _special(self, curve: CycleCurve, kind: Bifurcation, place: Place) -> MeshedCycle:
        multipliers = condensed(place).multipliers
        if kind is Bifurcation.CYCLE_FOLD and abs(place.tangent[-1]) > TURNS:
            kind = Bifurcation.CYCLE_BRANCH_POINT
        plain = MeshedCycle(curve, place, multipliers)
        special = SpecialPoint(kind, 0, plain.parameter, plain.nodes[0], multipliers, plain.period)
        return MeshedCycle(curve, place, multipliers, special)

    def _grown(self, cycle: MeshedCycle, *, forward: bool) -> Grown:
        nodes = cycle.nodes
        return Grown(
            0,
            forward,
            cycle.parameter,
            nodes.max(axis=0),
            nodes.min(axis=0),
            cycle.unstable,
            cycle.special,
            cycle.period,
        )

    def _branch(self, cycles: list[MeshedCycle], endings: tuple[str, str]) -> CycleBranch:
        n = self._family.n
        return CycleBranch(
            self._family.names[0],
            self._family.states,
            np.array([cycle.parameter for cycle in cycles]),
            np.array([cycle.period for cycle in cycles]),
            np.array([cycle.nodes.max(axis=0) for cycle in cycles]).reshape(-1, n).T,
            np.array([cycle.nodes.min(axis=0) for cycle in cycles]).reshape(-1, n).T,
            np.array([cycle.multipliers for cycle in cycles]).reshape(-1, n).T,
            np.array([cycle.unstable for cycle in cycles], dtype=np.int64),
            tuple(cycle.orbit for cycle in cycles),
            tuple(cycle.special for cycle in cycles if cycle.special is not None),
            tuple(k for k, cycle in enumerate(cycles) if cycle.special is not None),
            endings,
            FILLED in endings,
        )
