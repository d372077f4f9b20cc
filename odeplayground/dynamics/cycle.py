"""A closed orbit with its period and multipliers, once a point on it and its period are known."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.fields import BoundField
from odeplayground.dynamics.solution import Solution
from odeplayground.dynamics.variational import divided, gauss_times, in_turn, propagators
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import CycleKind

POINTS = 400
"""Points along a closed orbit, evenly spaced."""
FINER = 8
"""To draw it, each step of the solver is divided into so many pieces."""
PIECES = 4
"""For multipliers each step of the solver is divided into so many pieces."""
TURNS = 4
"""So often the orbit is run through to find the moduli of multipliers of very different size."""
NEUTRAL = 1e-5
"""Multipliers of a modulus this close to 1 are taken for 1, logarithmically."""


class LimitCycle(msgspec.Struct, frozen=True, eq=False):
    """A closed orbit."""

    period: float
    t: Floats
    """Times (k,) from 0 to the period."""
    y: Floats
    """States (n_states, k); the last is the first again."""
    multipliers: NDArray[Any]
    """Floquet multipliers (n_states,), the trivial 1 first and the others by descending modulus."""
    exponents: Floats
    """Floquet exponents (n_states,), the rates ln|multiplier| / period; exact also where a multiplier is 0 or inf."""
    kind: CycleKind

    def distance(self, states: Floats, scale: Floats) -> Floats:
        """How far states (n_states, m) are from the orbit, (m,), with each state divided by its scale."""
        points = self.y / scale[:, None]
        start, along = points[:, :-1], np.diff(points, axis=1)
        lengths = np.maximum((along * along).sum(axis=0), 1e-300)
        apart = (states / scale[:, None])[:, :, None] - start[:, None, :]
        share = np.clip((apart * along[:, None, :]).sum(axis=0) / lengths, 0.0, 1.0)
        nearest = apart - share * along[:, None, :]
        result: Floats = np.sqrt((nearest * nearest).sum(axis=0)).min(axis=1)
        return result


def closed_orbit(
    field: BoundField,
    solution: Solution,
    scale: Floats,
    kind: CycleKind | None = None,
    cancel: CancelToken | None = None,
) -> LimitCycle | None:
    """The orbit that a solution runs once around, forwards or backwards; ``None`` where it was cancelled."""
    begin, end = solution.span
    period = abs(end - begin)
    t, y = _evenly(solution, scale)
    if _stopped(cancel):
        return None
    multipliers, exponents = _multipliers(field, solution, period, cancel)
    if _stopped(cancel):  # the exponents may be unfinished
        return None
    return LimitCycle(period, t, y, multipliers, exponents, kind or _kind(exponents[1:] * period))


def _stopped(cancel: CancelToken | None) -> bool:
    return cancel is not None and cancel.cancelled


def _evenly(solution: Solution, scale: Floats) -> tuple[Floats, Floats]:
    """Times from 0 and states, with even distances along the orbit; times run forwards."""
    fine = divided(solution.t, FINER)
    ends = solution.t
    path = solution(fine) / scale[:, None]
    arc = np.concatenate([[0.0], np.hypot.reduce(np.diff(path, axis=1), axis=0).cumsum()])
    times = np.interp(np.linspace(0, arc[-1], POINTS), arc, fine)
    states = solution(times)
    states[:, -1] = states[:, 0]
    if ends[-1] < ends[0]:
        times, states = times[::-1], states[:, ::-1]
    return times - times[0], np.ascontiguousarray(states)


def _multipliers(
    field: BoundField, solution: Solution, period: float, cancel: CancelToken | None
) -> tuple[NDArray[Any], Floats]:
    """All multipliers and the exponents."""
    ends = divided(solution.t, PIECES)
    nodes, lengths = gauss_times(ends), np.diff(ends)
    states = solution(nodes)
    if states.shape[0] == 2:
        # In the plane the mean trace tells the other one exactly (Liouville's formula; Perko, section 3.4).
        traces = np.trace(field.jacobian(nodes, states)).reshape(-1, 2).mean(axis=1)
        total = float(np.sign(ends[-1] - ends[0]) * (traces * lengths).sum())
        return np.array([1.0, np.exp(total)]), np.array([0.0, total / period])
    factors = propagators(field, nodes, states, lengths)
    values = np.linalg.eigvals(in_turn(factors))
    trivial = int(np.argmin(np.abs(values - 1)))
    others = np.delete(values, trivial)
    others = others[np.argsort(-np.abs(others))]
    rates = np.log(np.maximum(np.abs(others), 1e-300))
    # Small ones are lost in the rounding errors of the large ones; of those only the modulus is known.
    lost = np.abs(others) <= 1e-8 * np.abs(values).max()
    if lost.any():
        logarithms = _growth(factors, cancel)
        logarithms = np.delete(logarithms, int(np.argmin(np.abs(logarithms))))
        rates = np.where(lost, logarithms, rates)
        others = np.where(lost, np.exp(logarithms), others)
    if ends[-1] < ends[0]:
        others, rates = 1.0 / others[::-1], -rates[::-1]
    return np.concatenate([values[[trivial]], others]), np.concatenate([[0.0], rates / period])


def _growth(factors: Floats, cancel: CancelToken | None) -> Floats:
    """Logarithms of the moduli of the eigenvalues of a product, (n,), descending, of any size.

    The QR iteration on the factors in turn (Bojanczyk, Golub, van Dooren, The periodic Schur decomposition, 1992).
    """
    if _stopped(cancel):
        return np.zeros(factors.shape[1])
    # Several at once, as long as their product is far from singular.
    largest = float(np.log(np.linalg.cond(factors)).max())
    together = max(1, int(5.0 / max(largest, 1e-3)))
    factors = np.array([in_turn(factors[k : k + together]) for k in range(0, factors.shape[0], together)])
    frame = np.eye(factors.shape[1])
    growth = np.zeros(factors.shape[1])
    for turn in range(TURNS):
        for factor in factors:
            if _stopped(cancel):
                return growth
            frame, triangle = np.linalg.qr(factor @ frame)
            if turn >= TURNS // 2:
                growth += np.log(np.abs(np.diagonal(triangle)))
    result: Floats = np.sort(growth / (TURNS - TURNS // 2))[::-1]
    return result


def _kind(logarithms: Floats) -> CycleKind:
    """By the logarithms of the moduli of the multipliers other than the trivial one."""
    if (np.abs(logarithms) <= NEUTRAL).any():
        return CycleKind.NEUTRAL
    if (logarithms < 0).all():
        return CycleKind.STABLE
    return CycleKind.UNSTABLE if (logarithms > 0).all() else CycleKind.SADDLE
