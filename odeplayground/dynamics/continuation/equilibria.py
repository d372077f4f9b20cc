"""Branches of equilibria over one parameter."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from odeplayground.dynamics import arguments
from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.continuation.arclength import Linear, Place, between, correct
from odeplayground.dynamics.continuation.family import Family
from odeplayground.dynamics.continuation.rest import Rest, RestCurve, tests
from odeplayground.dynamics.continuation.results import Branch, Branches, Grown, Started
from odeplayground.dynamics.continuation.switching import null_space, other_direction
from odeplayground.dynamics.continuation.tracing import Limits, Mark, trace
from odeplayground.dynamics.equilibria import equilibria
from odeplayground.dynamics.simulate import simulate
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import AnySystem, Bifurcation, Status

FIRST, LONGEST = 0.01, 0.04
"""Steps, as shares of the ranges of states and parameter."""
MOST_BRANCHES = 40
SAME = 1e-6
"""Points this close to each other, as shares of the ranges, are one."""
NEARBY = 0.01
AT_IT = 1e-7
"""Test functions of this size mean a bifurcation right here."""
BESIDE = 0.0137
"""How far from a bifurcation to begin, as a share of the range of the parameter."""
FLAT = 1e-9
"""Where this is the smallest singular value, equilibria are not isolated."""

Event = Started | Grown
Growth = Generator[Event, None, Branches]


def continue_equilibria(
    system: AnySystem,
    parameter: str,
    bounds: Sequence[float],
    states: Mapping[str, tuple[float, float]] | None = None,
    *,
    start: Mapping[str, float] | ArrayLike | None = None,
    parameters: Mapping[str, float] | None = None,
    max_step: float = LONGEST,
    max_points: int = 2000,
    switch: bool = True,
    on_event: Callable[[Event], object] | None = None,
    cancel: CancelToken | None = None,
) -> Branches:
    """Follow equilibria as one parameter varies, around folds, with the bifurcations on their way.

    Pseudo-arclength continuation with exact derivatives (see :mod:`~odeplayground.dynamics.continuation.arclength`).
    Folds, branch points and Hopf points are where a component of the tangent, the bordered determinant or the
    product of all sums of two eigenvalues changes its sign; they are located to rounding. Where branches cross, the
    other one is followed too.

    Args:
        system: typed equations that do not depend on time.
        parameter: the name of the parameter that varies.
        bounds: its low and high.
        states: low and high for every state; branches end where they leave it. With it all equilibria at the present
            value of the parameter and at both ends of its range are starts; without it only ``start``.
        start: a state near an equilibrium at the present value of the parameter; by default the system's own initial
            state, or where it settles. Not looked at where ``states`` are given.
        parameters: values that replace the system's own, by name.
        max_step: the longest step, as a share of the ranges.
        max_points: for each direction of a branch.
        switch: whether to follow the other branch where two cross.
        on_event: called with every :class:`Started` and :class:`Grown`.
        cancel: looked at before every step; what was found by then is given.

    Returns:
        The branches, with ``points``, ``of(kind)`` and a ``message``. Where a branch could not be followed or no
        equilibrium was found, a sentence says so; that is no error.

    Raises:
        ValueError: for a wrong argument, a trained network, or a system that depends on time.
    """
    growing = equilibrium_growth(
        system, parameter, bounds, states,
        start=start, parameters=parameters, max_step=max_step, max_points=max_points, switch=switch, cancel=cancel,
    )  # fmt: skip
    return exhausted(growing, on_event)


def exhausted(growing: Generator[Event, None, Branches], on_event: Callable[[Event], object] | None) -> Branches:
    """Run a generator to its end and give what it returns."""
    while True:
        try:
            event = next(growing)
        except StopIteration as end:
            result: Branches = end.value
            return result
        if on_event is not None:
            on_event(event)


def equilibrium_growth(
    system: AnySystem,
    parameter: str,
    bounds: Sequence[float],
    states: Mapping[str, tuple[float, float]] | None = None,
    *,
    start: Mapping[str, float] | ArrayLike | None = None,
    parameters: Mapping[str, float] | None = None,
    max_step: float = LONGEST,
    max_points: int = 2000,
    switch: bool = True,
    cancel: CancelToken | None = None,
) -> Growth:
    """The same as a generator of events that can be left at any time; its return value is the result.

    Arguments are checked at once, before the first event.
    """
    family = Family(system, [parameter], parameters)
    low, high = arguments.interval(parameter, bounds)
    window = None if states is None else arguments.box(system, states)
    if not 0 < arguments.number("max_step", max_step) <= 1:
        raise ValueError("max_step is a share of the ranges, above 0 and at most 1.")
    given = None if start is None else arguments.initial_state(system, start)
    search = _Search(system, family, parameters, (low, high), window, max_step, max_points, switch, cancel)
    return search.run(given)


class _Search:
    """All branches, one after the other."""

    def __init__(
        self,
        system: AnySystem,
        family: Family,
        parameters: Mapping[str, float] | None,
        bounds: tuple[float, float],
        window: Floats | None,
        longest: float,
        most: int,
        switch: bool,
        cancel: CancelToken | None,
    ) -> None:
        self._system, self._family, self._parameters = system, family, dict(parameters or {})
        self._bounds, self._window = bounds, window
        self._longest, self._most = longest, most
        self._switch, self._cancel = switch, cancel
        self._branches: list[Branch] = []
        self._crossings: list[Mark] = []
        self._curve: RestCurve
        self._limits: Limits

    def run(self, given: Floats | None) -> Growth:
        name = self._family.names[0]
        message = ""
        with np.errstate(all="ignore"):
            for point in self._starts(given):
                if self._cancelled:
                    break
                message = yield from self._from(point)
            waiting = 0
            while self._switch and waiting < len(self._crossings) and len(self._branches) < MOST_BRANCHES:
                if self._cancelled:
                    break
                yield from self._across(self._crossings[waiting])
                waiting += 1
        return Branches(name, self._system.states, tuple(self._branches), self._message(message))

    @property
    def _cancelled(self) -> bool:
        return self._cancel is not None and self._cancel.cancelled

    def _message(self, trouble: str) -> str:
        if self._cancelled:
            return "Stopped on request: there may be more."
        if not self._branches:
            return trouble or "No equilibrium was found to begin with."
        count = len(self._branches)
        return f"{count} branch{'es' if count > 1 else ''} found."

    def _starts(self, given: Floats | None) -> Generator[Floats, None, None]:
        """Points (n + 1,) near equilibria."""
        low, high = self._bounds
        present = float(np.clip(self._family.start[0], low, high))
        if self._window is None:
            state = np.array(self._system.initial) if given is None else given
            self._measure(np.maximum(np.abs(state), 1.0))
            yield np.append(state, present)
            if not self._branches and given is None:
                yield from self._settled(present)
            return
        self._measure(self._window[:, 1] - self._window[:, 0])
        box = {name: (float(a), float(b)) for name, (a, b) in zip(self._system.states, self._window, strict=True)}
        for value in dict.fromkeys((present, low, high)):
            for found in equilibria(self._system, box, self._parameters | {self._family.names[0]: value}):
                yield np.append(found.state, value)

    def _settled(self, present: float) -> Generator[Floats, None, None]:
        begin, end = self._system.t_span
        here = self._parameters | {self._family.names[0]: present}
        solution = simulate(self._system, (0.0, 20 * abs(end - begin)), None, here, cancel=self._cancel)
        if solution.status is Status.FINISHED:
            state = solution.y[:, -1]
            self._measure(np.maximum(np.abs(state), 1.0))
            yield np.append(state, present)

    def _measure(self, sizes: Floats) -> None:
        """Choose the scales."""
        low, high = self._bounds
        scale = np.append(sizes, high - low)
        self._curve = RestCurve(self._family, scale)
        window = None if self._window is None else self._window / scale[:-1, None]
        first = min(FIRST, self._longest)
        self._limits = Limits(low / scale[-1], high / scale[-1], window, first, self._longest, self._most)

    def _from(self, point: Floats) -> Generator[Event, None, str]:
        """The branch through an equilibrium near a point; a sentence if there is none."""
        z = point / self._curve.scale
        found = self._near(z)
        if found is not None and self._special(*found):
            # A bifurcation right at the start would not be seen: one has to come upon it.
            middle = 0.5 * (self._limits.low + self._limits.high)
            z[-1] += BESIDE if z[-1] < middle else -BESIDE
            found = self._near(z)
        at = z + BESIDE if found is None else found[0]
        if not self._curve.linear(at).finite:
            return "No equilibrium was found near the start."
        directions, sizes = null_space(self._curve, at)
        if not sizes[-1] > FLAT:
            return "The equilibria are not isolated: with a conserved quantity they fill a line for each value."
        if found is None:
            return "No equilibrium was found near the start."
        direction = directions[-1] * (1.0 if directions[-1, -1] >= 0 else -1.0)
        start = Place(found[0], direction, found[1])
        if self._known(start):
            return ""
        yield from self._trace(start, fresh=False)
        return ""

    def _near(self, z: Floats) -> tuple[Floats, Linear] | None:
        """The equilibrium near a point, at the same value of the parameter."""
        row = np.zeros(z.size)
        row[-1] = 1.0
        found = correct(self._curve, z, row, float(z[-1]))
        if found is not None:
            return found[0], found[1]
        # Newton's steps are not defined where the equilibrium is degenerate, which it may be right here.
        linear = self._curve.linear(z)
        return (z, linear) if np.abs(linear.residual).max() < FLAT else None

    def _special(self, z: Floats, linear: Linear) -> bool:
        """Whether a bifurcation is so near that its test function vanishes."""
        directions, sizes = null_space(self._curve, z)
        place = Place(z, directions[-1], linear)
        assert isinstance(linear, Rest)
        return bool(sizes[-1] <= FLAT or (np.abs(tests(place, linear.eigenvalues)) <= AT_IT).any())

    def _across(self, crossing: Mark) -> Generator[Event, None, None]:
        """The other branch at a branch point."""
        direction = other_direction(self._curve, crossing.place)
        start = Place(crossing.place.z, direction, crossing.place.linear)
        ahead = [between(self._curve, start, sign * self._limits.first) for sign in (1.0, -1.0)]
        if all(beside is None or self._known(beside) for beside in ahead):
            return
        yield from self._trace(start, fresh=True)

    def _trace(self, start: Place, *, fresh: bool) -> Generator[Event, None, None]:
        number = len(self._branches)
        yield Started(number)
        growing = trace(self._curve, self._limits, number, start, fresh=fresh, cancelled=lambda: self._cancelled)
        branch, marks = yield from growing
        self._branches.append(branch)
        for mark in marks:
            crossing = mark.special is not None and mark.special.kind is Bifurcation.BRANCH_POINT
            if crossing and not any(_apart(mark, other) < 1e-4 for other in self._crossings):
                self._crossings.append(mark)

    def _known(self, point: Place) -> bool:
        """Whether a point lies on a branch that has been followed."""
        for branch in self._branches:
            path = np.concatenate([branch.states, branch.parameter[None]]).T / self._curve.scale
            if path.shape[0] > 1 and self._on(path, point.z):
                return True
        return False

    def _on(self, path: Floats, z: Floats) -> bool:
        begin, along = path[:-1], np.diff(path, axis=0)
        lengths = np.maximum((along * along).sum(axis=1), 1e-300)
        share = np.clip(((z - begin) * along).sum(axis=1) / lengths, 0.0, 1.0)
        nearest = begin + share[:, None] * along
        distance = np.linalg.norm(nearest - z, axis=1)
        at = int(np.argmin(distance))
        if distance[at] > NEARBY:
            return False
        if distance[at] < SAME:
            return True
        # The chord misses the curve a little: from it onto the curve, at right angles, as the point lies.
        row = along[at] / np.sqrt(lengths[at])
        found = correct(self._curve, nearest[at], row, float(row @ z))
        return found is not None and float(np.linalg.norm(found[0] - z)) < SAME


def _apart(one: Mark, other: Mark) -> float:
    return float(np.linalg.norm(one.place.z - other.place.z))
