"""Curves of folds and Hopf points over two parameters against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground.dynamics.continuation import continue_boundary, continue_equilibria
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import Bifurcation
from odeplayground.storage import presets
from tests.unit.dynamics.systems import BRUSSELATOR, LORENZ, typed

CUSP = typed("x' = h + r*x - x^3\nh = -1\nr = 1\nx(0) = -1.3")
TAKENS_BOGDANOV = presets.preset("takens-bogdanov")


def first(system, name, bounds, kind, **options):
    return continue_equilibria(system, name, bounds, **options).of(kind)[0]


def test_the_folds_of_the_cubic_meet_in_the_cusp():
    start = first(CUSP, "h", (-1, 1), Bifurcation.FOLD)
    curve = continue_boundary(CUSP, ("h", "r"), ((-1, 1), (-1, 1.5)), start)
    h, r = curve.parameters
    assert np.allclose(27 * h**2, 4 * r**3, atol=1e-9)
    assert h.min() < -0.7
    assert h.max() > 0.7
    (cusp,) = curve.of(Bifurcation.CUSP)
    assert np.allclose(cusp, 0, atol=1e-8)


def test_the_hopf_points_of_the_brusselator():
    start = first(BRUSSELATOR, "B", (0, 5), Bifurcation.HOPF, parameters={"B": 0.5})
    curve = continue_boundary(BRUSSELATOR, ("B", "A"), ((0, 8), (0.2, 2.5)), start)
    assert np.allclose(curve.parameters[0], 1 + curve.parameters[1] ** 2, rtol=1e-9)
    assert curve.parameters[1].min() < 0.3
    assert curve.parameters[1].max() > 2.4


def test_the_hopf_points_of_lorenz():
    """r = s (s + b + 3) / (s - b - 1), over s with b = 8/3."""
    options = {"parameters": {"r": 20.0}, "start": [7, 7, 19]}
    start = first(LORENZ, "r", (10, 60), Bifurcation.HOPF, **options)
    curve = continue_boundary(LORENZ, ("r", "s"), ((10, 60), (5, 20)), start)
    r, s = curve.parameters
    assert np.allclose(r, s * (s + 8 / 3 + 3) / (s - 8 / 3 - 1), rtol=1e-7)
    assert np.ptp(s) > 5


@pytest.mark.parametrize("kind", [Bifurcation.FOLD, Bifurcation.HOPF])
def test_folds_and_hopf_points_meet(kind):
    """Folds at b1 = b2^2 / 4; Hopf points at b1 = 0, where x = 0, for b2 < 0. Both reach b1 = b2 = 0."""
    start = first(TAKENS_BOGDANOV, "b1", (-1, 0.5), kind)
    curve = continue_boundary(TAKENS_BOGDANOV, ("b1", "b2"), ((-1, 0.5), (-2, 1)), start)
    b1, b2 = curve.parameters
    assert np.allclose(b1, b2**2 / 4 if kind is Bifurcation.FOLD else 0.0, atol=1e-8)
    (meeting,) = curve.of(Bifurcation.TAKENS_BOGDANOV)
    assert np.allclose(meeting, 0, atol=1e-6)
    if kind is Bifurcation.HOPF:
        assert "Takens–Bogdanov" in " ".join(curve.endings)
        assert b2.max() < 1e-6


def test_what_is_refused_and_cancelled():
    start = first(CUSP, "h", (-1, 1), Bifurcation.FOLD)
    with pytest.raises(ValueError, match="different"):
        continue_boundary(CUSP, ("h", "h"), ((-1, 1), (-1, 1)), start)
    pitchfork = typed("x' = r*x - x^3\nr = -1\ns = 1")
    crossing = first(pitchfork, "r", (-1, 1), Bifurcation.BRANCH_POINT)
    with pytest.raises(ValueError, match="fold or a Hopf point"):
        continue_boundary(pitchfork, ("r", "s"), ((-1, 1), (-1, 1)), crossing)
    token = CancelToken()
    token.cancel()
    curve = continue_boundary(CUSP, ("h", "r"), ((-1, 1), (-1, 1.5)), start, cancel=token)
    assert curve.endings == ("Stopped on request.", "Stopped on request.")
    assert curve.parameters.shape == (2, 1)
