"""Noisy samples as smooth curves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch

from odeplayground.neural.data import Floats

Curve = Callable[[Floats], tuple[Floats, Floats]]
"""Of times (k,): states and slopes, each (k, n_states)."""
Record = tuple[Floats, Floats]
"""Times (n,) and samples (n, n_states)."""


def smooth(records: Sequence[Record]) -> list[Curve]:
    """One smooth curve per record: natural cubic smoothing splines (Green and Silverman 1994, section 2.3).

    Their stiffness, one per state, is chosen by generalised cross-validation over all records together: a single
    short record often misleads it into a straight line.
    """
    bases = [_basis(t) for t, _ in records]
    n_states = records[0][1].shape[1]
    fitted = [np.empty_like(y) for _, y in records]
    for state in range(n_states):
        parts = [(values, basis.T @ y[:, state]) for (values, basis), (_, y) in zip(bases, records, strict=True)]
        stiffness = _choose(parts)
        for out, (values, basis), (_, loads) in zip(fitted, bases, parts, strict=True):
            out[:, state] = basis @ (loads / (1 + stiffness * values))
    return [_natural_spline(t, y) for (t, _), y in zip(records, fitted, strict=True)]


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


def _choose(parts: Sequence[tuple[Floats, Floats]]) -> float:
    """The stiffness with the smallest generalised cross-validation score (Craven and Wahba 1979)."""
    values = np.concatenate([v for v, _ in parts])
    loads = np.concatenate([u for _, u in parts])
    largest = values.max()
    candidates = np.logspace(-3, 9, 97) / largest
    left = 1 - 1 / (1 + candidates[:, None] * values)
    scores = (left**2 @ loads**2) / left.sum(axis=1) ** 2
    return float(candidates[np.argmin(scores)])


def _natural_spline(t: Floats, y: Floats) -> Curve:
    from scipy.interpolate import CubicSpline

    spline = CubicSpline(t, y, bc_type="natural")
    return lambda at: (spline(at), spline(at, 1))
