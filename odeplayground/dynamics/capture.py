"""Neighbourhoods of attractors that trajectories do not leave: who is inside needs no further following."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from odeplayground.dynamics.arrays import Flags, Floats
from odeplayground.dynamics.cycle import LimitCycle
from odeplayground.dynamics.equilibria import Equilibrium
from odeplayground.dynamics.fields import BoundField
from odeplayground.dynamics.simulate import simulate_many
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import AnySystem

LARGEST = 0.25
"""The largest neighbourhood tried, in widths of the box."""
SHELLS = 24
"""Each shell is smaller than the one before by a factor of the square root of 2."""
DIRECTIONS = 200
CERTAIN = 0.8
"""Of a neighbourhood on whose rim everything points inwards this share is used."""
TUBES = (0.1, 0.05, 0.02, 0.01, 0.005)
"""Radii of the tubes tried around a cycle, in widths of the box."""
SHRINKS = 0.7
"""After one period points on the rim of a tube have to be closer to the cycle by this factor."""


class EllipsoidAround:
    """States with z^T P z < level around a stable equilibrium, where A^T P + P A = -1 for its Jacobian A.

    Khalil, Nonlinear Systems, 3rd ed., section 8.2: z^T P z falls along trajectories as long as the linear part rules.
    Here that is checked at random points of many shells, which is evidence, not proof.
    """

    def __init__(self, field: BoundField, point: Equilibrium, width: Floats) -> None:
        self._centre, self._width = point.state, width
        n = width.size
        linear = field.jacobian(0.0, point.state[:, None])[:, :, 0] * width / width[:, None]
        one = np.eye(n)
        equations = np.kron(linear.T, one) + np.kron(one, linear.T)
        matrix = np.linalg.solve(equations, -one.ravel()).reshape(n, n)
        self._matrix = 0.5 * (matrix + matrix.T)
        self._level = self._largest(field)

    def _largest(self, field: BoundField) -> float:
        sizes, axes = np.linalg.eigh(self._matrix)
        directions = np.random.default_rng(0).standard_normal((self._width.size, DIRECTIONS))
        directions /= np.linalg.norm(directions, axis=0)
        # Points of the ellipsoid of level 1, and with its longest half-axis in view.
        unit = axes @ (directions / np.sqrt(sizes)[:, None])
        radii = LARGEST * np.sqrt(sizes[0]) * 0.5 ** (np.arange(SHELLS) / 2)
        level = 0.0
        for radius in radii[::-1]:
            z = radius * unit
            speed = field.rhs(0.0, self._centre[:, None] + self._width[:, None] * z) / self._width[:, None]
            falling = 2 * (z * (self._matrix @ speed)).sum(axis=0) < -0.2 * (z * z).sum(axis=0)
            if not falling.all():
                break
            level = radius**2
        return CERTAIN * level

    def holds(self, states: Floats) -> Flags:
        """Which states (m, n_states) are inside."""
        z = (states - self._centre) / self._width
        result: Flags = np.einsum("mi,ij,mj->m", z, self._matrix, z) < self._level
        return result


class TubeAround:
    """States within a distance of a stable cycle, at which trajectories come closer in one period."""

    def __init__(
        self,
        system: AnySystem,
        parameters: Mapping[str, float] | None,
        cycle: LimitCycle,
        width: Floats,
        cancel: CancelToken | None = None,
    ) -> None:
        self._cycle, self._width = cycle, width
        self._low, self._high = cycle.y.min(axis=1), cycle.y.max(axis=1)
        self._radius = 0.0
        random = np.random.default_rng(0).standard_normal((DIRECTIONS, width.size))
        random /= np.linalg.norm(random, axis=1, keepdims=True)
        points = cycle.y[:, np.linspace(0, cycle.y.shape[1] - 2, DIRECTIONS).astype(np.int64)].T
        for radius in TUBES:
            ring = points + radius * width * random
            later = simulate_many(system, ring, parameters, (0.0, cycle.period), rtol=1e-7, atol=1e-9, cancel=cancel).y
            before, after = cycle.distance(ring.T, width), cycle.distance(later.T, width)
            if (after < SHRINKS * np.maximum(before, 0.3 * radius)).all():
                self._radius = radius
                break

    def holds(self, states: Floats) -> Flags:
        """Which states (m, n_states) are inside."""
        reach = self._radius * self._width
        inside: Flags = ((states > self._low - reach) & (states < self._high + reach)).all(axis=1)
        at = np.flatnonzero(inside)
        inside[at] = self._cycle.distance(states[at].T, self._width) < self._radius
        return inside
