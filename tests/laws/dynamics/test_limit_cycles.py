"""Limit cycles against closed forms, published periods and Liouville's formula."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.dynamics import shooting
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import CycleKind
from tests.unit.dynamics.systems import (
    BRUSSELATOR,
    DRIVEN,
    FITZHUGH_NAGUMO,
    LORENZ,
    LOTKA_VOLTERRA,
    PENDULUM,
    network,
    typed,
)

VAN_DER_POL = typed("x' = y\ny' = mu*(1-x^2)*y - x\nmu = 1\nx(0) = 2")
BACKWARDS = typed("x' = -y\ny' = -mu*(1-x^2)*y + x\nmu = 1")
NESTED = typed("x' = x*(1-x^2-y^2)*(4-x^2-y^2) - y\ny' = y*(1-x^2-y^2)*(4-x^2-y^2) + x")
ROESSLER = typed("x' = -y - z\ny' = x + a*y\nz' = b + z*(x-c)\na = 0.2\nb = 0.2\nc = 2.5\nx(0) = 1\nt in [0, 100]")
WINDOW = {"x": (-4.0, 4.0), "y": (-5.0, 5.0)}


def small(mu):
    """Andersen and Geer, Power series expansions for the frequency and period of the limit cycle (1982)."""
    return 2 * np.pi * (1 + mu**2 / 16 - 5 * mu**4 / 3072)


def large(mu):
    """Dorodnicyn's asymptotics (1947), up to terms of the order of ln(mu) / mu."""
    return (3 - 2 * np.log(2)) * mu + 7.01432 * mu ** (-1 / 3)


@pytest.mark.parametrize(
    ("mu", "height", "period", "accuracy"),
    [
        (0.1, 5.0, small(0.1), 1e-8),
        (1.0, 5.0, 6.6632868593, 1e-9),
        (10.0, 20.0, 19.0783695669, 1e-9),
        (1000.0, 2000.0, large(1000.0), 1e-5),
    ],
)
def test_van_der_pol_has_the_known_period(mu, height, period, accuracy):
    found = dynamics.limit_cycles(VAN_DER_POL, {"x": (-4.0, 4.0), "y": (-height, height)}, {"mu": mu})
    (cycle,) = found.cycles
    assert cycle.kind is CycleKind.STABLE
    assert cycle.period == pytest.approx(period, rel=accuracy)
    assert found.families == ()


def test_in_reversed_time_it_is_unstable_and_the_same():
    (forwards,) = dynamics.limit_cycles(VAN_DER_POL, WINDOW).cycles
    (backwards,) = dynamics.limit_cycles(BACKWARDS, WINDOW).cycles
    assert backwards.kind is CycleKind.UNSTABLE
    assert backwards.period == pytest.approx(forwards.period, rel=1e-10)
    np.testing.assert_allclose(backwards.exponents, -forwards.exponents, atol=1e-8)
    assert backwards.multipliers[1] * forwards.multipliers[1] == pytest.approx(1.0, rel=1e-6)
    assert forwards.distance(backwards.y, np.array([8.0, 10.0])).max() < 1e-4


def test_an_orbit_is_closed_evenly_drawn_and_runs_with_the_field():
    (cycle,) = dynamics.limit_cycles(VAN_DER_POL, WINDOW).cycles
    np.testing.assert_array_equal(cycle.y[:, 0], cycle.y[:, -1])
    assert cycle.t[0] == 0
    assert cycle.t[-1] == pytest.approx(cycle.period)
    assert (np.diff(cycle.t) > 0).all()
    lengths = np.hypot(*(np.diff(cycle.y, axis=1) / np.array([[8.0], [10.0]])))
    np.testing.assert_allclose(lengths, lengths.mean(), rtol=0.02)
    along = (np.diff(cycle.y, axis=1) * dynamics.evaluate(VAN_DER_POL, cycle.y[:, :-1].T).T).sum(axis=0)
    assert (along > 0).all()
    once = dynamics.simulate(VAN_DER_POL, (0, cycle.period), cycle.y[:, 0], t_eval=cycle.t, rtol=1e-10)
    np.testing.assert_allclose(once.y, cycle.y, atol=1e-4)


def test_two_nested_cycles():
    """r' = r (1 - r^2) (4 - r^2): multipliers exp(-6 * 2 pi) at 1 and exp(24 * 2 pi) at 2."""
    found = dynamics.limit_cycles(NESTED, {"x": (-3.0, 3.0), "y": (-3.0, 3.0)})
    by_size = sorted(found.cycles, key=lambda cycle: np.abs(cycle.y).max())
    assert [cycle.kind for cycle in by_size] == [CycleKind.STABLE, CycleKind.UNSTABLE]
    for cycle, radius, rate in zip(by_size, (1.0, 2.0), (-6.0, 24.0), strict=True):
        assert cycle.period == pytest.approx(2 * np.pi, rel=1e-9)
        np.testing.assert_allclose(np.hypot(*cycle.y), radius, rtol=1e-8)
        np.testing.assert_allclose(cycle.exponents, [0.0, rate], atol=1e-6)


def test_cycles_close_to_each_other():
    text = "x' = x*(1-x^2-y^2)*(1.04-x^2-y^2) - y\ny' = y*(1-x^2-y^2)*(1.04-x^2-y^2) + x"
    assert len(dynamics.limit_cycles(typed(text), WINDOW).cycles) == 2


@pytest.mark.parametrize(
    ("system", "bounds", "parameters"),
    [
        (PENDULUM, {"theta": (-4.0, 4.0), "omega": (-8.0, 8.0)}, {"b": 0.0}),
        (LOTKA_VOLTERRA, {"x": (0.0, 20.0), "y": (0.0, 12.0)}, None),
        (typed("x' = y\ny' = -x"), WINDOW, None),
    ],
)
def test_a_continuum_is_called_so(system, bounds, parameters):
    found = dynamics.limit_cycles(system, bounds, parameters)
    assert found.cycles == ()
    assert 1 <= len(found.families) <= 3
    assert {orbit.kind for orbit in found.families} == {CycleKind.FAMILY}
    assert "no limit cycles" in found.message


@pytest.mark.parametrize(
    ("system", "bounds"),
    [
        (PENDULUM, {"theta": (-7.0, 7.0), "omega": (-8.0, 8.0)}),
        (typed("x' = x\ny' = -y"), WINDOW),
        (typed("x' = 1\ny' = x"), WINDOW),
        (typed("x' = -x"), {"x": (-1.0, 1.0)}),
        (network(), {"x": (-5.0, 5.0), "y": (-5.0, 5.0)}),
    ],
)
def test_none_where_there_is_none(system, bounds):
    found = dynamics.limit_cycles(system, bounds)
    assert found.cycles == found.families == ()


@pytest.mark.parametrize(("B", "count"), [(1.9, 0), (2.1, 1), (3.0, 1)])
def test_the_brusselator_begins_to_beat_at_1_plus_a_squared(B, count):
    bounds = {"x": (0.0, 6.0), "y": (0.0, 6.0)}
    cycles = dynamics.limit_cycles(BRUSSELATOR, bounds, {"B": B}).cycles
    assert len(cycles) == count
    real = [np.real(dynamics.equilibria(BRUSSELATOR, bounds, {"B": b})[0].eigenvalues[0]) for b in (1.99, 2.0, 2.01)]
    np.testing.assert_allclose(real, [-0.005, 0.0, 0.005], atol=1e-12)
    if B == 2.1:
        assert cycles[0].period == pytest.approx(2 * np.pi, rel=0.02)  # that of the Hopf bifurcation, 2 pi / a


def test_fitzhugh_nagumo_fires():
    (cycle,) = dynamics.limit_cycles(FITZHUGH_NAGUMO, {"v": (-3.0, 3.0), "w": (-2.0, 3.0)}).cycles
    crossings = dynamics.poincare(FITZHUGH_NAGUMO, "v", (0, 400), direction=1, transient=200)
    np.testing.assert_allclose(np.diff(crossings.t), cycle.period, rtol=1e-7)


def test_the_spiral_attractor_of_roessler_begins_with_a_cycle():
    bounds = {"x": (-10.0, 10.0), "y": (-10.0, 10.0), "z": (-1.0, 20.0)}
    (cycle,) = dynamics.limit_cycles(ROESSLER, bounds).cycles
    assert cycle.kind is CycleKind.STABLE
    settled = dynamics.simulate(ROESSLER, (0, 400), rtol=1e-9).y[:, -1]
    crossings = dynamics.poincare(ROESSLER, "y", (0, 50), settled, direction=1)
    np.testing.assert_allclose(np.diff(crossings.t), cycle.period, rtol=1e-6)
    trace = np.trace(dynamics.jacobian(ROESSLER, cycle.y.T), axis1=1, axis2=2)
    mean = np.trapezoid(trace, cycle.t) / cycle.period
    assert cycle.exponents.sum() == pytest.approx(mean, abs=1e-3)


def test_unstable_cycles_inside_of_the_lorenz_attractor():
    """Viswanath, Symbolic dynamics and periodic orbits of the Lorenz attractor (2003): AB has the period 1.5586522."""
    cycles = dynamics.limit_cycles(LORENZ, {"x": (-30, 30), "y": (-30, 30), "z": (-10, 60)}).cycles
    assert cycles[0].period == pytest.approx(1.5586522107, rel=1e-8)
    for cycle in cycles:
        assert cycle.kind is CycleKind.SADDLE
        assert cycle.exponents.sum() == pytest.approx(-(10 + 1 + 8 / 3), abs=1e-3)


def test_progress_and_cancelling():
    shares = []
    dynamics.limit_cycles(VAN_DER_POL, WINDOW, on_progress=shares.append)
    assert shares == [0.5, 1.0]
    token = CancelToken()
    token.cancel()
    found = dynamics.limit_cycles(VAN_DER_POL, WINDOW, cancel=token)
    assert len(found) == 0
    assert "request" in found.message


@pytest.mark.parametrize("looks", [3, 10, 20, 40])
def test_they_can_be_cancelled_at_any_time(looks):
    class Counted(CancelToken):
        """Cancelled after it was looked at so many times."""

        left = looks

        @property
        def cancelled(self):
            self.left -= 1
            return self.left < 0

    found = dynamics.limit_cycles(VAN_DER_POL, WINDOW, cancel=Counted())
    assert len(found) <= 1
    assert found.message.startswith(("1 limit cycle", "Stopped on request"))


def test_what_was_found_is_told_in_short():
    found = dynamics.limit_cycles(VAN_DER_POL, WINDOW)
    assert list(found) == list(found.cycles)
    assert repr(found).startswith("<LimitCycles: stable cycle of period ")


def test_driven_systems_are_refused():
    with pytest.raises(ValueError, match="depend on time"):
        dynamics.limit_cycles(DRIVEN, {"x": (-1.0, 1.0)})


CONTRACTING = typed("x' = x*(1-x^2-y^2) - y\ny' = y*(1-x^2-y^2) + x\nz' = -20*z\nx(0) = 1\nt in [0, 20]")
CUBE = {"x": (-2.0, 2.0), "y": (-2.0, 2.0), "z": (-2.0, 2.0)}


@pytest.mark.parametrize("last", [1, 2, 3, 4, 5])
def test_no_solve_begins_after_cancelling(monkeypatch, last):
    token, begun = CancelToken(), []

    def counted(solve):
        def call(*args, **keywords):
            begun.append(solve)
            assert keywords["cancel"] is token
            if len(begun) == last:
                token.cancel()
            return solve(*args, **keywords)

        return call

    for name in ("simulate", "simulate_many"):
        monkeypatch.setattr(shooting, name, counted(getattr(shooting, name)))
    found = dynamics.limit_cycles(CONTRACTING, CUBE, cancel=token)
    assert len(begun) == last
    assert found.message.startswith("Stopped on request")


def test_exponents_that_nobody_waits_for_are_given_up(monkeypatch):
    (cycle,) = dynamics.limit_cycles(CONTRACTING, CUBE)
    assert cycle.exponents == pytest.approx([0.0, -2.0, -20.0], rel=1e-5, abs=1e-12)
    token, factored, qr = CancelToken(), [], np.linalg.qr

    def cancelling(matrix):
        factored.append(matrix)
        token.cancel()
        return qr(matrix)

    monkeypatch.setattr(np.linalg, "qr", cancelling)
    assert len(dynamics.limit_cycles(CONTRACTING, CUBE, cancel=token)) == 0
    assert len(factored) == 1


def test_several_turns_are_no_orbit_of_their_own():
    for turns in (1, 2, 3, 4, 5):
        solution = dynamics.simulate(CONTRACTING, (0.0, 2 * np.pi * turns), [1.0, 0.0, 0.0], rtol=1e-11, atol=1e-13)
        assert shooting._is_orbit(solution, np.full(3, 4.0)) == (turns == 1)


@pytest.mark.parametrize(("radius", "sign"), [(1.0, 1), (1.3**0.5, -1)])
def test_a_semistable_cycle_is_found_and_named(radius, sign):
    pull = f"({sign}*(x^2 + y^2 - {radius**2})^2)"
    system = typed(f"x' = x*{pull} - y\ny' = y*{pull} + x")
    (cycle,) = dynamics.limit_cycles(system, {"x": (-2.0, 2.3), "y": (-2.0, 2.1)})
    assert cycle.kind is CycleKind.SEMISTABLE
    assert cycle.period == pytest.approx(2 * np.pi, rel=1e-6)
    np.testing.assert_allclose(np.hypot(*cycle.y), radius, atol=1e-5)


@pytest.mark.parametrize(("gap", "count"), [(1e-6, 2), (-1e-7, 0), (-1e-4, 0)])
def test_the_least_change_makes_two_cycles_of_a_semistable_one_or_none(gap, count):
    system = typed(f"x' = x*((x^2 + y^2 - 1)^2 - {gap}) - y\ny' = y*((x^2 + y^2 - 1)^2 - {gap}) + x")
    found = dynamics.limit_cycles(system, {"x": (-2.0, 2.3), "y": (-2.0, 2.1)})
    assert len(found) == count
    radii = sorted((float(np.hypot(*cycle.y).mean()), cycle.kind) for cycle in found)
    if count:
        assert [kind for _, kind in radii] == [CycleKind.STABLE, CycleKind.UNSTABLE]
        np.testing.assert_allclose([radius for radius, _ in radii], [(1 - 1e-3) ** 0.5, (1 + 1e-3) ** 0.5], atol=1e-7)
