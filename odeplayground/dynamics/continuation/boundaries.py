"""Curves of folds and Hopf points over two parameters: the borders between kinds of behaviour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from odeplayground.dynamics import arguments
from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.continuation.arclength import Curve, Linear, Place, advance, correct, zero
from odeplayground.dynamics.continuation.family import Family
from odeplayground.dynamics.continuation.rest import pairs
from odeplayground.dynamics.continuation.results import SpecialPoint
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import AnySystem, Bifurcation

FIRST, LONGEST = 0.01, 0.04
DIFFERENCE = 1e-5
"""The step of the central differences of the second condition, in units of the scales."""
LOCATED = 1e-10


class Boundary(msgspec.Struct, frozen=True, eq=False):
    """A curve of folds or Hopf points."""

    kind: Bifurcation
    names: tuple[str, str]
    """The two parameters."""
    parameters: Floats
    """(2, k)"""
    states: Floats
    """(n_states, k)"""
    points: tuple[tuple[Bifurcation, Floats], ...]
    """Cusps and Takens–Bogdanov points, each with its two parameters (2,)."""
    endings: tuple[str, str]
    """Why it begins and ends where it does, in a sentence each."""

    def of(self, kind: Bifurcation) -> tuple[Floats, ...]:
        """The two parameters of the points of one kind, in the order of the curve."""
        return tuple(place for each, place in self.points if each is kind)


class _Border(Linear):
    """The equations at a point, in units of the scales."""

    def __init__(self, matrix: Floats, residual: Floats) -> None:
        self.matrix, self._residual = matrix, residual

    @property
    def residual(self) -> Floats:
        return self._residual

    def solve(self, row: Floats, right: Floats, last: float) -> Floats:
        result: Floats = np.linalg.solve(np.concatenate([self.matrix, row[None]]), np.append(right, last))
        return result


class _BorderCurve(Curve):
    """f(x, p, q) = 0 and one more smooth condition on the eigenvalues.

    At a fold it is their product, at a Hopf point the product of the sums of all pairs (Guckenheimer, Myers and
    Sturmfels, Computing Hopf bifurcations I, SIAM Journal on Numerical Analysis 34 (1997) 1). Its gradient is a
    central difference of exact Jacobians.
    """

    def __init__(self, family: Family, scale: Floats, kind: Bifurcation) -> None:
        self.family, self.scale, self._kind = family, scale, kind

    def dual(self, direction: Floats) -> Floats:
        return direction

    def linear(self, z: Floats) -> _Border:
        n, size = self.family.n, z.size
        offsets = DIFFERENCE * np.concatenate([np.zeros((size, 1)), np.eye(size), -np.eye(size)], axis=1)
        value, slope = self.family.values((z[:, None] + offsets) * self.scale[:, None])
        conditions = self._condition(slope[:, :n].transpose(2, 0, 1))
        gradient = (conditions[1 : size + 1] - conditions[size + 1 :]) / (2 * DIFFERENCE)
        matrix = np.concatenate([slope[:, :, 0] * self.scale, gradient[None]])
        rows = np.abs(matrix).max(axis=1)
        rows = np.where(rows > 0, rows, 1.0)
        return _Border(matrix / rows[:, None], np.append(value[:, 0], conditions[0]) / rows)

    def _condition(self, matrices: Floats) -> Floats:
        """For Jacobians (m, n, n) the number (m,) that vanishes."""
        if self._kind is Bifurcation.FOLD:
            result: Floats = np.linalg.det(matrices)
            return result
        values = np.linalg.eigvals(matrices).astype(complex)
        i, j = pairs(self.family.n)
        sums: Floats = np.prod(values[:, i] + values[:, j], axis=1).real
        return sums

    def second_zero(self, place: Place) -> float:
        """A number that changes its sign at a Takens–Bogdanov point.

        At a fold the sum of the products of all but one eigenvalue, at a Hopf point the product of the critical pair.
        """
        point = place.z * self.scale
        values = np.linalg.eigvals(self.family.at(point)[1][:, : self.family.n]).astype(complex)
        if self._kind is Bifurcation.FOLD:
            return float(sum(np.prod(np.delete(values, k)) for k in range(values.size)).real)
        i, j = pairs(values.size)
        at = int(np.argmin(np.abs(values[i] + values[j])))
        return float((values[i[at]] * values[j[at]]).real)


def continue_boundary(
    system: AnySystem,
    names: tuple[str, str],
    bounds: Sequence[Sequence[float]],
    start: SpecialPoint,
    *,
    states: Mapping[str, tuple[float, float]] | None = None,
    parameters: Mapping[str, float] | None = None,
    max_points: int = 1000,
    cancel: CancelToken | None = None,
) -> Boundary:
    """Follow a fold or a Hopf point as two parameters vary, with cusps and Takens–Bogdanov points.

    Args:
        system: typed equations that do not depend on time.
        names: the parameter of the branch that ``start`` lies on, and the second one.
        bounds: low and high of each of the two.
        start: a fold or a Hopf point of :func:`continue_equilibria`.
        states: low and high for every state, which say what is small.
        parameters: values that replace the system's own, by name, as they were for the branch.
        max_points: for each direction of the curve.
        cancel: looked at before every step; what was found by then is given.

    Raises:
        ValueError: for a wrong argument, a trained network, or a system that depends on time.
    """
    if start.kind not in (Bifurcation.FOLD, Bifurcation.HOPF):
        raise ValueError("A boundary begins at a fold or a Hopf point.")
    family = Family(system, names, parameters)
    limits = np.array([arguments.interval(name, pair) for name, pair in zip(names, bounds, strict=True)])
    window = None if states is None else arguments.box(system, states)
    sizes = np.maximum(np.abs(start.state), 1.0) if window is None else window[:, 1] - window[:, 0]
    scale = np.concatenate([sizes, limits[:, 1] - limits[:, 0]])
    curve = _BorderCurve(family, scale, start.kind)
    with np.errstate(all="ignore"):
        begin = _begin(curve, np.concatenate([start.state, [start.parameter], family.start[1:]]) / scale)
        if begin is None:
            return _result(curve, start.kind, [], [], ("It could not be begun.", "It could not be begun."))
        turned = Place(begin.z, -begin.tangent, begin.linear)
        forward, ahead, last = _direction(curve, begin, limits, start.kind, max_points, cancel)
        back, behind, first = _direction(curve, turned, limits, start.kind, max_points, cancel)
    return _result(curve, start.kind, [*back[::-1], begin, *forward], [*behind[::-1], *ahead], (first, last))


def _begin(curve: _BorderCurve, z: Floats) -> Place | None:
    row = np.zeros(z.size)
    row[-1] = 1.0
    found = correct(curve, z, row, float(z[-1]))
    if found is None:
        return None
    linear = found[1]
    assert isinstance(linear, _Border)
    return Place(found[0], np.linalg.svd(linear.matrix)[2][-1], linear)


def _direction(
    curve: _BorderCurve, start: Place, limits: Floats, kind: Bifurcation, most: int, cancel: CancelToken | None
) -> tuple[list[Place], list[tuple[Bifurcation, Floats]], str]:
    places: list[Place] = []
    points: list[tuple[Bifurcation, Floats]] = []
    place, length = start, FIRST
    low, high = (limits / curve.scale[-2:, None]).T
    while len(places) < most:
        if cancel is not None and cancel.cancelled:
            return places, points, "Stopped on request."
        step = advance(curve, place, length, LONGEST)
        if step is None:
            return places, points, "It could not be followed further."
        ahead = place.tangent[-2:]
        before, now = curve.second_zero(place), curve.second_zero(step.place)
        if before * now < 0:
            found = zero(curve, place, step.length, curve.second_zero, before, now, LOCATED)
            if found is not None:
                places.append(found[0])
                points.append((Bifurcation.TAKENS_BOGDANOV, found[0].z[-2:] * curve.scale[-2:]))
                if kind is Bifurcation.HOPF:
                    return places, points, "It ends at a Takens–Bogdanov point."
        if float(ahead @ step.place.tangent[-2:]) < 0 and kind is Bifurcation.FOLD:

            def turn(there: Place, ahead: Floats = ahead) -> float:
                return float(ahead @ there.tangent[-2:])

            found = zero(curve, place, step.length, turn, turn(place), turn(step.place), LOCATED)
            if found is not None:
                places.append(found[0])
                points.append((Bifurcation.CUSP, found[0].z[-2:] * curve.scale[-2:]))
        places.append(step.place)
        if (step.place.z[-2:] < low).any() or (step.place.z[-2:] > high).any():
            return places, points, "The range of a parameter ends."
        apart = start.z - step.place.z
        if len(places) > 3 and np.linalg.norm(apart) < LONGEST and start.tangent @ step.place.tangent > 0.9:
            return places, points, "It closes."
        place, length = step.place, step.following
    return places, points, f"It has more than {most} points."


def _result(
    curve: _BorderCurve,
    kind: Bifurcation,
    places: list[Place],
    points: list[tuple[Bifurcation, Floats]],
    endings: tuple[str, str],
) -> Boundary:
    n = curve.family.n
    all_points = np.array([place.z * curve.scale for place in places]).reshape(-1, n + 2).T
    first, second = curve.family.names
    return Boundary(kind, (first, second), all_points[n:], all_points[:n], tuple(points), endings)
