"""Centres of the linearised system: the nonlinear terms decide, against normal forms and conserved quantities."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.spec import EquilibriumKind
from tests.unit.dynamics.systems import BRUSSELATOR, LOTKA_VOLTERRA, typed

K = EquilibriumKind


def kind_at_origin(text, x=(-2.0, 2.0), y=(-2.0, 2.0)):
    points = dynamics.equilibria(typed(text), {"x": x, "y": y})
    return next(point.kind for point in points if not point.state.any())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("x' = -y - x*(x^2+y^2)\ny' = x - y*(x^2+y^2)", K.STABLE_FOCUS),
        ("x' = -y + x*(x^2+y^2)\ny' = x + y*(x^2+y^2)", K.UNSTABLE_FOCUS),
        ("x' = y\ny' = -x - x^2*y", K.STABLE_FOCUS),
        ("x' = y\ny' = -x + y^3", K.UNSTABLE_FOCUS),
        ("x' = y\ny' = -sin(x) - tanh(y)^3", K.STABLE_FOCUS),
        # Quadratic terms f and g: the sign is that of f_xy (f_xx + f_yy) - g_xy (g_xx + g_yy) - f_xx g_xx + f_yy g_yy
        # (Guckenheimer and Holmes, Nonlinear Oscillations, formula 3.4.11).
        ("x' = -y + 2*x*y\ny' = x + x^2 + y^2 + 3*x*y", K.STABLE_FOCUS),
        ("x' = -y + 2*x*y\ny' = x + x^2 + y^2 - 3*x*y", K.UNSTABLE_FOCUS),
    ],
)
def test_slow_spirals(text, kind):
    assert kind_at_origin(text) is kind
    # The same, followed for a while.
    run = dynamics.simulate(typed(text), (0.0, 400.0), [0.15, 0.0], rtol=1e-10, atol=1e-12)
    apart = np.hypot(*run.y)
    early, late = apart[run.t < 10].max(), apart[run.t > run.t[-1] - 10].max()
    assert late < 0.9 * early if kind is K.STABLE_FOCUS else late > 1.1 * early


@pytest.mark.parametrize(
    "text",
    [
        "x' = y\ny' = -x",
        "x' = y\ny' = -sin(x)",
        "x' = y\ny' = -x - x^2 - x^3",
        "x' = y\ny' = -x + x*y",  # reversible
        "x' = y*exp(x)\ny' = -x*exp(x)",
        "x' = -y - x*(x^2+y^2)^2\ny' = x - y*(x^2+y^2)^2",  # only the second coefficient would tell
    ],
)
@pytest.mark.parametrize("size", [1.0, 20.0])
def test_centres_stay_centres(text, size):
    assert kind_at_origin(text, (-size, 1.1 * size), (-1.2 * size, size)) is K.CENTRE


@pytest.mark.parametrize("scale", [1.0, 1e-3, 1e3])
def test_the_measure_of_the_window_does_not_matter(scale):
    text = f"x' = y\ny' = -x - {scale**-2:.17g}*x^2*y"
    assert kind_at_origin(text, (-2 * scale, 2 * scale), (-3 * scale, 3 * scale)) is K.STABLE_FOCUS


def test_the_hopf_point_of_the_brusselator_is_a_stable_focus():
    (point,) = dynamics.equilibria(BRUSSELATOR, {"x": (-1, 5), "y": (-1, 8)}, {"A": 1.0, "B": 2.0})
    assert point.kind is K.STABLE_FOCUS


def test_lotka_volterra_has_a_centre():
    points = dynamics.equilibria(LOTKA_VOLTERRA, {"x": (-1, 30), "y": (-1, 20)})
    assert [point.kind for point in points] == [K.SADDLE, K.CENTRE]
