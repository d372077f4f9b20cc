"""The second branch at a point where two cross.

There F' has a kernel of two dimensions and loses one dimension of its range. The directions of the branches solve the
algebraic bifurcation equation c11 a^2 + 2 c12 a b + c22 b^2 = 0, of which one solution is the branch that one came
along: Keller (1977); Kuznetsov, Elements of Applied Bifurcation Theory, 3rd ed., section 10.2.5.
"""

from __future__ import annotations

import numpy as np

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.continuation.arclength import Place
from odeplayground.dynamics.continuation.rest import Rest, RestCurve


def null_space(curve: RestCurve, z: Floats) -> tuple[Floats, Floats]:
    """All directions (n + 1, n + 1) as rows, the kernel of F' last, and the singular values (n,), at z (n + 1,)."""
    _, sizes, directions = np.linalg.svd(curve.linear(z).matrix)
    return directions, sizes


def other_direction(curve: RestCurve, place: Place) -> Floats:
    """The direction, of length 1, of the branch that crosses the one of a branch point."""
    rest = place.linear
    assert isinstance(rest, Rest)
    left, _, directions = np.linalg.svd(rest.matrix)
    kernel, lost = directions[-2:], left[:, -1]
    along = kernel.T @ (kernel @ place.tangent)
    along /= np.linalg.norm(along)
    across: Floats = kernel[0] - (kernel[0] @ along) * along
    if np.linalg.norm(across) < 0.5:
        across = kernel[1] - (kernel[1] @ along) * along
    across /= np.linalg.norm(across)
    point, scale = place.z * curve.scale, curve.scale
    # The rows of F' were divided by their sizes; the left vector is taken back to the equations as they are.
    lost = lost / np.where((rows := np.abs(curve.family.at(point)[1] * scale).max(axis=1)) > 0, rows, 1.0)
    mixed = lost @ curve.family.second(point, scale, along * scale, across * scale)
    pure = lost @ curve.family.second(point, scale, across * scale, across * scale)
    if abs(mixed) <= 1e-6 * abs(pure):
        return across
    direction: Floats = across - 0.5 * pure / mixed * along
    direction /= np.linalg.norm(direction)
    return direction
