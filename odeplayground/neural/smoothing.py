"""Noisy samples as smooth curves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from odeplayground.neural.data import Floats

Curve = Callable[[Floats], tuple[Floats, Floats]]
"""Of times (k,): states and slopes, each (k, n_states)."""
Record = tuple[Floats, Floats]
"""Times (n,) and samples (n, n_states)."""


@dataclass(frozen=True, eq=False)
class Smooth:
    """One curve per record, and the standard deviation of the noise per state (n_states,), as the data tell."""

    curves: list[Curve]
    noise: Floats


def smooth(records: Sequence[Record]) -> Smooth:
    """Natural cubic smoothing splines (Green and Silverman 1994, section 2.3); samples that are NaN are missing.

    Their stiffness, one per state, is chosen by generalised cross-validation over all records together: a single
    short record often misleads it into a straight line. The noise is estimated as in Wahba 1983, section 3.
    """
    bases: dict[tuple[int, bytes], tuple[Floats, Floats]] = {}
    n_states = records[0][1].shape[1]
    splines: list[list[tuple[Floats, Floats]]] = [[] for _ in records]
    noise = np.zeros(n_states)
    for state in range(n_states):
        parts = []
        for number, (t, y) in enumerate(records):
            known = np.isfinite(y[:, state])
            key = (number, known.tobytes())
            if key not in bases:
                bases[key] = _basis(t[known])
            values, basis = bases[key]
            parts.append((values, basis.T @ y[known, state]))
            splines[number].append((t[known], basis))
        stiffness, noise[state] = _choose(parts)
        for columns, (values, loads) in zip(splines, parts, strict=True):
            t, basis = columns[state]
            columns[state] = (t, basis @ (loads / (1 + stiffness * values)))
    return Smooth([_natural_splines(columns) for columns in splines], noise)


def _basis(t: Floats) -> tuple[Floats, Floats]:
    """Eigenvalues (n,) and eigenvectors (n, n) of the roughness: y^T K y is the integral of the squared curvature."""
    h = np.diff(t)
    n = len(t)
    inner = np.arange(n - 2)
    q = np.zeros((n, n - 2))
    q[inner, inner] = 1 / h[:-1]
    q[inner + 1, inner] = -1 / h[:-1] - 1 / h[1:]
    q[inner + 2, inner] = 1 / h[1:]
    r = np.diag((h[:-1] + h[1:]) / 3) + np.diag(h[1:-1] / 6, 1) + np.diag(h[1:-1] / 6, -1)
    # torch heeds the number of threads that training sets; several threads would only get in each other's way here.
    values, basis = torch.linalg.eigh(torch.from_numpy(q @ np.linalg.solve(r, q.T)))
    return np.maximum(values.numpy(), 0.0), basis.numpy()


def _choose(parts: Sequence[tuple[Floats, Floats]]) -> tuple[float, float]:
    """The stiffness with the smallest generalised cross-validation score (Craven and Wahba 1979), and the noise."""
    values = np.concatenate([v for v, _ in parts])
    loads = np.concatenate([u for _, u in parts])
    largest = values.max()
    candidates = np.logspace(-3, 9, 97) / largest
    left = 1 - 1 / (1 + candidates[:, None] * values)
    squares, freedom = left**2 @ loads**2, left.sum(axis=1)
    best = int(np.argmin(squares / freedom**2))
    return float(candidates[best]), float(np.sqrt(squares[best] / freedom[best]))


def _natural_splines(columns: Sequence[tuple[Floats, Floats]]) -> Curve:
    """A curve through times (k,) and values (k,) per state."""
    from scipy.interpolate import CubicSpline

    splines = [CubicSpline(t, values, bc_type="natural") for t, values in columns]

    def curve(at: Floats) -> tuple[Floats, Floats]:
        return np.stack([s(at) for s in splines], axis=-1), np.stack([s(at, 1) for s in splines], axis=-1)

    return curve
