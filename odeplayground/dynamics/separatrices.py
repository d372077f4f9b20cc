"""Stable and unstable manifolds of saddles, where they are curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from odeplayground.dynamics import arguments, native
from odeplayground.dynamics.arrays import Flags, Floats, Integers
from odeplayground.dynamics.equilibria import Equilibrium
from odeplayground.dynamics.fields import field_of
from odeplayground.dynamics.kernels.batch import Batch
from odeplayground.dynamics.recorders import extension
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import AnySystem, EquilibriumKind

DEPARTURE = 1e-4
"""How far from the saddle a branch begins, in widths of the bounds."""
ARRIVAL = 1e-3
"""How close to a saddle a branch counts as connected with it."""
BEYOND = 0.05
"""How far beyond the bounds branches go on, in widths of the bounds."""
PER_STEP = 4
"""Points drawn per step of the solver."""
SLOW_TIMES = 30
"""Branches end after so many times of the slower direction of the saddle."""


def separatrices(
    system: AnySystem,
    saddles: Sequence[Equilibrium],
    bounds: Mapping[str, tuple[float, float]],
    parameters: Mapping[str, float] | None = None,
    *,
    rtol: float = 1e-7,
    max_steps: int = 300,
    cancel: CancelToken | None = None,
) -> list[Floats]:
    """Both branches of the stable and of the unstable manifold of each saddle, where these are curves.

    They begin at the saddle along its eigenvectors, the stable ones backwards in time (Kuznetsov, Elements of Applied
    Bifurcation Theory, section 10.1). They end slightly outside of the bounds, where they meet a saddle again, or
    after a while. Equilibria of other kinds are passed over. With more than two states a manifold is a curve if a
    single eigenvalue belongs to it; others are passed over, too.

    Args:
        system: typed equations or a trained network with two states or more.
        saddles: as found by :func:`equilibria`.
        bounds: low and high for every state.
        parameters: values that replace the system's own, by name.
        rtol: relative tolerance of the solver.
        max_steps: of the solver, per branch.
        cancel: looked at before every step; what is there by then is given.

    Returns:
        Curves (n_states, k). With two states there are four for each saddle: two stable and two unstable branches,
        in this order. With more states there are up to four.

    Raises:
        ValueError: if the system has one state or depends on time, for unknown names, or wrong bounds.
    """
    if len(system.states) < 2:
        raise ValueError("Separatrices are drawn for systems with two states or more.")
    box = arguments.box(system, bounds)
    field = field_of(system).bind(arguments.parameter_values(system, parameters))
    if not field.autonomous:
        raise ValueError("Separatrices are drawn for systems that do not depend on time only.")
    true_saddles = [point for point in saddles if point.kind is EquilibriumKind.SADDLE]
    branches = [branch for saddle in true_saddles for branch in _branches(saddle, box)]
    if not branches:
        return []
    low, high = _enlarged(box)
    slowest = min(float(np.abs(np.real(saddle.eigenvalues)).min()) for saddle in true_saddles)
    batch = Batch(
        y0=np.array([branch.start for branch in branches]).T,
        t0=0.0,
        t1=np.array([branch.direction for branch in branches]) * SLOW_TIMES / slowest,
        parameters=field.parameters,
        rtol=rtol,
        atol=1e-10 * (box[:, 1:] - box[:, :1]),
        max_steps=max_steps,
        box=(low, high),
    )
    points = _Points(box.shape[0])
    with np.errstate(all="ignore"):
        native.solve(field, native.FIRST, batch, points, cancel)
        centres = np.array([saddle.state for saddle in true_saddles]).T
        curves = points.curves([branch.start for branch in branches])
        return _cut(curves, [branch.home for branch in branches], centres, low, high)


class _Branch(msgspec.Struct, frozen=True, eq=False):
    """Where a branch begins, beside which saddle, and in which direction of time it is followed."""

    home: Floats
    start: Floats
    direction: float


class _Points:
    """A recorder that keeps a few points of every step."""

    def __init__(self, n_states: int) -> None:
        self._n_states = n_states
        self._lanes = [np.empty(0, dtype=np.int64)]
        self._points = [np.empty((n_states, 0))]

    def record(self, lanes: Integers, t: Floats, step: Floats, t_new: Floats, pieces: Floats) -> None:
        theta = np.arange(1, PER_STEP + 1) / PER_STEP
        self._lanes.append(np.repeat(lanes, PER_STEP))
        self._points.append(extension(pieces[..., None], theta).reshape(self._n_states, -1))

    def curves(self, starts: Sequence[Floats]) -> list[Floats]:
        """The trajectories with these starts, (n_states, k) each."""
        lanes = np.concatenate([np.arange(len(starts)), *self._lanes])
        points = np.concatenate([np.array(starts).T, *self._points], axis=1)
        ends = np.bincount(lanes, minlength=len(starts)).cumsum()[:-1]
        return np.split(points[:, np.argsort(lanes, kind="stable")], ends, axis=1)


def _enlarged(box: Floats) -> tuple[Floats, Floats]:
    width = box[:, 1:] - box[:, :1]
    return box[:, :1] - BEYOND * width, box[:, 1:] + BEYOND * width


def _branches(saddle: Equilibrium, box: Floats) -> list[_Branch]:
    """Two branches on either side of a saddle for its stable and for its unstable manifold, if these are curves."""
    width = box[:, 1] - box[:, 0]
    real = np.real(saddle.eigenvalues)
    branches = []
    for direction in (-1.0, 1.0):
        own = np.flatnonzero(direction * real > 0)
        if own.size == 1:
            vector = np.real(saddle.eigenvectors[:, own[0]])
            away = DEPARTURE * vector / np.abs(vector / width).max()
            branches += [_Branch(saddle.state, saddle.state + sign * away, direction) for sign in (-1.0, 1.0)]
    return branches


def _cut(curves: list[Floats], homes: list[Floats], saddles: Floats, low: Floats, high: Floats) -> list[Floats]:
    """Branches from their saddles up to the rim, or to where they meet a saddle."""
    width = high - low
    curves = [np.hstack([home[:, None], curve]) for home, curve in zip(homes, curves, strict=True)]
    lengths = [curve.shape[1] for curve in curves]
    points = np.concatenate(curves, axis=1)
    apart = np.abs(points[:, None] - saddles[:, :, None]) / width[:, :, None]
    arriving = np.logical_or.reduce(np.maximum.reduce(apart, axis=0) < ARRIVAL, axis=0)
    from_home = np.abs(points - np.repeat(np.array(homes).T, lengths, axis=1)) / width
    away = np.maximum.reduce(from_home, axis=0) > 5 * ARRIVAL
    outside = np.logical_or.reduce((points < low) | (points > high), axis=0)
    ends = np.cumsum(lengths)[:-1]
    flags = zip(*(np.split(flag, ends) for flag in (away, arriving, outside)), strict=True)
    return [
        _shortened(curve, gone, there, out, saddles, low, high)
        for curve, (gone, there, out) in zip(curves, flags, strict=True)
    ]


def _shortened(
    curve: Floats, away: Flags, arriving: Flags, outside: Flags, saddles: Floats, low: Floats, high: Floats
) -> Floats:
    """A branch (n_states, k) up to the rim, or to a saddle if it arrives at one once it has left its own.

    The flags say where it is far from its own saddle, near to any, and outside.
    """
    left = int(away.argmax()) if away.any() else away.size
    arrived = left + int(arriving[left:].argmax()) if arriving[left:].any() else away.size
    out = int(outside.argmax()) if outside.any() else away.size
    if out < arrived and out:
        return np.hstack([curve[:, :out], _at_the_rim(curve[:, [out - 1]], curve[:, [out]], low, high)])
    if arrived < away.size:
        distance = np.abs((curve[:, [arrived]] - saddles) / (high - low)).max(axis=0)
        return np.hstack([curve[:, :arrived], saddles[:, [int(distance.argmin())]]])
    return curve


def _at_the_rim(before: Floats, after: Floats, low: Floats, high: Floats) -> Floats:
    """Where a straight line from inside to outside leaves, all (n_states, 1)."""
    ratio = np.where(after < low, (low - before) / (after - before), (high - before) / (after - before))
    ratio = np.where((after < low) | (after > high), ratio, 1.0)
    result: Floats = before + ratio.min() * (after - before)
    return result
