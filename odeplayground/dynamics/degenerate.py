"""Which equilibria have an eigenvalue that is zero as far as it can be told, and why."""

from __future__ import annotations

import numpy as np

from odeplayground.dynamics.arrays import Flags, Floats
from odeplayground.dynamics.fields import BoundField
from odeplayground.dynamics.newton import polish
from odeplayground.dynamics.roots import BESIDE, CLOSE, change
from odeplayground.spec import Degeneracy

ZERO = 1e-11
"""A singular value this small, relative to what is usual, is zero."""
WORTH_A_LOOK = 1e-3
"""Larger ones are not looked at more closely."""
UNCERTAIN = 1e-5
"""No root is known worse than this, in widths of the box."""
NOISE = 1e-14
"""Rates are known no better than this, relative to what is usual; divided by the slope it is how well a root is."""
STRIDE = 1e-3
"""How far, in widths of the box, another equilibrium is looked for along the direction in which nothing changes."""

AT_REST = 1e-13
"""Rates, relative to what is usual across the box, that count as none."""

ROUGH = 4.0
"""Slopes that become steeper by this factor, from the further to the nearer of two points, have no limit."""


class Degenerate:
    """Looks for zero eigenvalues. States are measured in widths of the box, rates by what is usual over the starts.

    A matrix has a zero eigenvalue where its smallest singular value is zero; that is stable to compute also where
    the eigenvalues are not, and rows of very different rates can be compared after each was divided by its usual size.
    """

    def __init__(self, field: BoundField, box: Floats, starts: Floats) -> None:
        self._field, self._box = field, box
        self._width = box[:, 1] - box[:, 0]
        rows = np.linalg.norm(self._scaled(starts[:, :: max(1, starts.shape[1] // 32)]), axis=2)
        rows = rows[np.isfinite(rows).all(axis=1)]
        self._usual = np.median(rows, axis=0) if rows.size else np.zeros(self._width.size)

    def of(self, roots: Floats) -> Flags:
        """Which of the roots (n_states, k) have a zero eigenvalue, or no finite Jacobian, (k,)."""
        matrices = self._scaled(roots)
        finite = _finite(matrices)
        result = ~finite
        rows = np.linalg.norm(matrices, axis=2)
        usual = np.maximum(self._usual, rows)
        usual[usual == 0] = 1.0
        left, sizes, right = np.linalg.svd(np.where(finite[:, None, None], matrices / usual[:, :, None], 0.0))
        smallest = sizes[:, -1]
        result |= smallest <= ZERO
        at = np.flatnonzero(~result & (smallest <= WORTH_A_LOOK))
        # The singular value may vanish so near by that the root may just as well be there.
        uncertain = np.minimum(UNCERTAIN, NOISE / smallest[at])
        for distance in (-uncertain, uncertain):
            beside = self._scaled(self._moved(roots[:, at], right[at, -1].T, distance)) / usual[at, :, None]
            change = np.abs(np.einsum("mi,mij,mj->m", left[at, :, -1], beside, right[at, -1]) - smallest[at])
            result[at] |= change >= smallest[at]
        return result

    def explained(self, roots: Floats) -> tuple[Flags, list[Degeneracy | None]]:
        """Which of the roots (n_states, k) are degenerate, and why the Jacobian does not decide."""
        rough = self._rough(roots)
        flat = rough | self.of(roots)
        matrices = np.where(rough[:, None, None], 0.0, self._scaled(roots))
        directions = np.linalg.svd(np.nan_to_num(matrices))[2][:, -1].T
        line = np.zeros_like(flat)
        at = np.flatnonzero(flat & ~rough)
        for length in (-STRIDE, STRIDE):
            line[at] |= self._rest_beside(roots[:, at], directions[:, at], length)
        reasons: list[Degeneracy | None] = [None] * flat.size
        for k in np.flatnonzero(flat):
            reasons[k] = Degeneracy.NOT_SMOOTH if rough[k] else Degeneracy.LINE if line[k] else Degeneracy.ISOLATED
        return flat, reasons

    def _rough(self, roots: Floats) -> Flags:
        """Where the field has no finite slope, (k,): close to a root it changes by more than in proportion."""
        value = self._field.rhs(0.0, roots)
        nearby = change(self._field, roots, value, self._box, BESIDE)
        closer = change(self._field, roots, value, self._box, CLOSE)
        finite = _finite(self._scaled(roots))
        rates = (self._width * np.where(self._usual > 0, self._usual, 1.0))[:, None]
        steep = (closer > ROUGH * CLOSE / BESIDE * nearby) & (closer > AT_REST * rates)
        result: Flags = np.logical_or.reduce(steep, axis=0) | ~finite
        return result

    def _rest_beside(self, roots: Floats, directions: Floats, length: float) -> Flags:
        """Whether other equilibria lie beside the roots in these directions, both (n_states, k)."""
        if not roots.shape[1]:
            return np.zeros(0, dtype=bool)
        points = self._moved(roots, directions, length)
        for _ in range(6):
            points = polish(self._field, points, self._box)
        share = (directions * (points - roots) / self._width[:, None]).sum(axis=0) / length
        rates = self._width * np.where(self._usual > 0, self._usual, 1.0)
        at_rest = np.logical_and.reduce(np.abs(self._field.rhs(0.0, points)) <= AT_REST * rates[:, None], axis=0)
        result: Flags = (share > 0.5) & (share < 2) & at_rest
        return result

    def _scaled(self, states: Floats) -> Floats:
        """Jacobians (m, n_states, n_states) with states in widths of the box."""
        matrices = self._field.jacobian(0.0, states).transpose(2, 0, 1)
        result: Floats = matrices * self._width[None, None, :] / self._width[None, :, None]
        return result

    def _moved(self, roots: Floats, directions: Floats, length: float | Floats) -> Floats:
        return roots + self._width[:, None] * directions * length


def _finite(matrices: Floats) -> Flags:
    result: Flags = np.logical_and.reduce(np.isfinite(matrices), axis=(1, 2))
    return result
