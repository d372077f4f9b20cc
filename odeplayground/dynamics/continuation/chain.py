"""Linear equations along a closed chain, with a few unknowns and equations that concern the whole of it.

Neighbouring equations are combined, and the unknown between them eliminated by an orthogonal factorisation, all pairs
at once, until one is left: Wright, Stable parallel algorithms for two-point boundary value problems, SIAM J. Sci.
Stat. Comput. 13 (1992) 742. The effort grows with the length of the chain, and growing and shrinking directions do
no harm.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from odeplayground.dynamics.arrays import Floats


class Chain(NamedTuple):
    """start_i y_i + end_i y_(i+1) + numbers_i v = right_i for i = 0 ... m - 1, where y_m is y_0 again.

    And over all of them: sum_i rows_i y_i + corner v = below.
    """

    start: Floats
    """(m, n, n)"""
    end: Floats
    """(m, n, n)"""
    numbers: Floats
    """(m, n, k)"""
    right: Floats
    """(m, n)"""
    rows: Floats
    """(m, k, n)"""
    corner: Floats
    """(k, k)"""
    below: Floats
    """(k,)"""


def solved(chain: Chain) -> tuple[Floats, Floats]:
    """The unknowns y (m, n) and v (k,).

    Raises:
        LinAlgError: the equations are singular.
    """
    levels = []
    while chain.start.shape[0] > 1:
        chain, between = _halved(chain)
        levels.append(between)
    n = chain.right.shape[1]
    matrix = np.block([[chain.start[0] + chain.end[0], chain.numbers[0]], [chain.rows[0], chain.corner]])
    unknown = np.linalg.solve(matrix, np.append(chain.right[0], chain.below))
    y, v = unknown[None, :n], unknown[n:]
    for between in levels[::-1]:
        y = _with_those_between(y, v, between)
    return y, v


def _halved(chain: Chain) -> tuple[Chain, Floats]:
    """The chain without every second unknown, and those, which are -between · (before, after, v, -1)."""
    count, n, k = chain.numbers.shape
    pairs = count // 2
    even, odd = slice(0, 2 * pairs, 2), slice(1, 2 * pairs, 2)
    zero = np.zeros((pairs, n, n))
    above = (chain.start[even], zero, chain.numbers[even], chain.right[even, :, None])
    below = (zero, chain.end[odd], chain.numbers[odd], chain.right[odd, :, None])
    others = np.concatenate([np.concatenate(above, axis=2), np.concatenate(below, axis=2)], axis=1)
    orthogonal, triangle = np.linalg.qr(np.concatenate([chain.end[even], chain.start[odd]], axis=1), mode="complete")
    others = orthogonal.transpose(0, 2, 1) @ others
    between = np.linalg.solve(triangle[:, :n], others[:, :n])
    rest = others[:, n:]
    carried = chain.rows[odd] @ between
    rows = chain.rows[::2].copy()
    rows[:pairs] -= carried[:, :, :n]
    following = (np.arange(pairs) + 1) % rows.shape[0]
    rows[following] -= carried[:, :, n : 2 * n]
    total = carried[:, :, 2 * n :].sum(axis=0)
    last = slice(2 * pairs, count)
    shorter = Chain(
        np.concatenate([rest[:, :, :n], chain.start[last]]),
        np.concatenate([rest[:, :, n : 2 * n], chain.end[last]]),
        np.concatenate([rest[:, :, 2 * n : 2 * n + k], chain.numbers[last]]),
        np.concatenate([rest[:, :, -1], chain.right[last]]),
        rows,
        chain.corner - total[:, :k],
        chain.below - total[:, k],
    )
    return shorter, between


def _with_those_between(y: Floats, v: Floats, between: Floats) -> Floats:
    """The unknowns of a chain from every second one of them."""
    pairs, n = between.shape[:2]
    following = np.roll(y, -1, axis=0)[:pairs]
    known = np.concatenate([y[:pairs], following, np.broadcast_to(np.append(v, -1.0), (pairs, v.size + 1))], axis=1)
    result = np.empty((y.shape[0] + pairs, n))
    result[::2] = y
    result[1 : 2 * pairs : 2] = -(between @ known[:, :, None])[:, :, 0]
    return result
