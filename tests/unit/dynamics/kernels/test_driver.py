"""The loop around the steps: who ends how, and that nobody is influenced by the others."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from odeplayground import expr
from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.kernels.compile import Level
from odeplayground.dynamics.kernels.constants import take_out_constants
from odeplayground.dynamics.kernels.program import equations_of, make_kernel
from odeplayground.dynamics.kernels.run import solve
from odeplayground.dynamics.kernels.tableaus import TABLEAUS
from odeplayground.expr.graph import Op
from tests.unit.dynamics.kernels.driving import batch, kernel
from tests.unit.dynamics.systems import BLOW_UP, BRUSSELATOR, DRIVEN, LORENZ, PENDULUM, VAN_DER_POL, typed

ALL = list(TABLEAUS)
ADAPTIVE = [name for name, tableau in TABLEAUS.items() if tableau.adaptive]

OSCILLATOR = typed("x' = y\ny' = -x")


def starts(m, n=2, seed=0):
    return np.random.default_rng(seed).uniform(-2, 2, (m, n))


def same(a, b, rows=slice(None)):
    """Bit by bit."""
    for name in ("t", "h", "endings", "steps", "accepted", "position", "evaluations"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name)[rows], err_msg=name)
    np.testing.assert_array_equal(a.y, b.y[:, rows])
    if a.samples is not None:
        np.testing.assert_array_equal(a.samples, b.samples[rows])


@pytest.mark.parametrize("method", ["rk4", "tsit5", "rodas4"])
@pytest.mark.parametrize("fma", [True, False])
def test_results_are_the_same_for_all_widths(method, fma):
    times = np.linspace(0, 3, 17)
    results = [
        solve(
            kernel(PENDULUM, method, width=width, fma=fma), batch(PENDULUM, (0, 3), starts(21), times=times, step=0.1)
        )
        for width in (1, 2, 4, 8)
    ]
    for other in results[1:]:
        same(results[0], other)


@pytest.mark.parametrize("method", ["midpoint", "dopri5", "dop853", "rodas4"])
def test_each_trajectory_is_the_same_alone_and_in_a_crowd(method):
    rows, ends = starts(300, 3, seed=1) * 10, np.random.default_rng(2).uniform(0.1, 2, 300)
    rows[7] = np.nan
    rows[150] = 1e200
    times = np.linspace(0, 2, 11)
    crowd = solve(kernel(LORENZ, method), batch(LORENZ, (0, ends), rows, times=times, step=0.01))
    for lane in (0, 6, 7, 8, 149, 150, 299):
        alone = batch(LORENZ, (0, float(ends[lane])), rows[lane], times=times, step=0.01)
        same(solve(kernel(LORENZ, method), alone), crowd, [lane])


@pytest.mark.parametrize("method", ALL)
def test_backwards_in_time(method):
    there = solve(kernel(DRIVEN, method), batch(DRIVEN, (0, 2), [0.5], rtol=1e-9, atol=1e-12, step=1e-3))
    back = solve(kernel(DRIVEN, method), batch(DRIVEN, (2, 0), there.y.T, rtol=1e-9, atol=1e-12, step=1e-3))
    assert back.endings[0] == Ending.FINISHED
    assert back.t[0] == 0
    assert back.y[0, 0] == pytest.approx(0.5, abs=1e-2 if method == "euler" else 1e-5)


@pytest.mark.parametrize("method", ALL)
def test_samples_at_the_ends_and_outside_of_the_solution(method):
    times = np.array([-1.0, 0.0, 0.0, 0.3, 2.0, 2.0, 2.5])
    result = solve(kernel(PENDULUM, method), batch(PENDULUM, (0, 2), times=times, step=0.01))
    samples = result.samples[0]
    np.testing.assert_array_equal(samples[:, :3].T, [[1, 0]] * 3)
    np.testing.assert_allclose(samples[:, 4], result.y[:, 0], rtol=1e-12)
    np.testing.assert_array_equal(samples[:, 5], samples[:, 4])
    assert np.isnan(samples[:, 6]).all()
    assert not np.isnan(samples[:, :6]).any()
    assert result.position[0] == 6


def test_sample_times_run_with_the_solution():
    times = np.linspace(2, 0, 40)
    back = solve(kernel(PENDULUM), batch(PENDULUM, (2, 0), times=times, rtol=1e-10, atol=1e-12))
    single = [
        solve(kernel(PENDULUM), batch(PENDULUM, (2, float(t)), rtol=1e-10, atol=1e-12)).y[:, 0] for t in times[1::13]
    ]
    np.testing.assert_allclose(back.samples[0][:, 1::13].T, single, atol=1e-8)


@pytest.mark.parametrize("method", ALL)
def test_every_trajectory_has_its_own_parameters_span_and_tolerances(method):
    rates = np.array([0.5, 1.0, 2.0])
    decay = typed("x' = -k*x\nk = 1\nx(0) = 1")
    many = batch(
        decay,
        (np.array([0.0, 1.0, 5.0]), np.array([1.0, 3.0, 4.0])),
        [[1.0], [2.0], [3.0]],
        parameters=rates[None],
        rtol=np.array([1e-4, 1e-8, 1e-10]),
        atol=np.array([[1e-6, 1e-10, 1e-12]]),
        step=np.array([1e-3, 2e-3, 1e-3]),
    )
    result = solve(kernel(decay, method), many)
    exact = np.array([1.0, 2.0, 3.0]) * np.exp(-rates * np.array([1.0, 2.0, -1.0]))
    np.testing.assert_allclose(result.y[0], exact, rtol=5e-3)
    if TABLEAUS[method].adaptive:
        errors = np.abs(result.y[0] / exact - 1)
        assert errors[1] < 1e-6
        assert errors[2] < 1e-7


@pytest.mark.parametrize("method", ALL)
def test_a_span_of_no_length_is_finished(method):
    result = solve(kernel(PENDULUM, method), batch(PENDULUM, (3, 3), times=np.array([3.0, 3.0]), step=0.1))
    assert result.endings[0] == Ending.FINISHED
    assert result.steps[0] == 0
    np.testing.assert_array_equal(result.y[:, 0], [1, 0])
    np.testing.assert_array_equal(result.samples[0], [[1, 1], [0, 0]])


@pytest.mark.parametrize("method", ALL)
@pytest.mark.parametrize(
    ("settings", "t_span", "initial"),
    [
        ({}, (0, 1), [np.nan, 0]),
        ({}, (0, 1), [np.inf, 0]),
        ({}, (0, np.nan), [1, 0]),
        ({}, (np.nan, 1), [1, 0]),
        ({"parameters": np.array([np.nan, 1, 1])}, (0, 1), [1, 0]),
    ],
    ids=["nan start", "infinite start", "nan end", "nan begin", "nan parameter"],
)
def test_what_is_no_number_is_undefined(method, settings, t_span, initial):
    result = solve(kernel(PENDULUM, method), batch(PENDULUM, t_span, initial, step=0.1, **settings))
    assert result.endings[0] == Ending.UNDEFINED
    assert result.steps[0] == 0
    np.testing.assert_array_equal(result.y[:, 0], initial)


@pytest.mark.parametrize("method", ADAPTIVE)
def test_tolerances_that_are_no_numbers_do_not_hang(method):
    result = solve(kernel(PENDULUM, method), batch(PENDULUM, (0, 1), rtol=np.nan))
    assert result.endings[0] in (Ending.UNDEFINED, Ending.STEP_LIMIT)


@pytest.mark.parametrize("method", ALL)
def test_undefined_from_the_start(method):
    logarithm = typed("x' = log(x)\nx(0) = -1")
    result = solve(kernel(logarithm, method), batch(logarithm, (0, 2), step=0.1))
    assert result.endings[0] == Ending.UNDEFINED
    nothing = typed("x' = (x - 1)/(x - 1)\nx(0) = 1")
    assert solve(kernel(nothing, method), batch(nothing, (0, 2), step=0.1)).endings[0] == Ending.UNDEFINED


@pytest.mark.parametrize("method", ALL)
def test_where_the_equations_are_undefined(method):
    root = typed("x' = -1 - sqrt(x)\nx(0) = 1")
    result = solve(kernel(root, method), batch(root, (0, 2), step=0.001))
    assert result.endings[0] in (Ending.UNDEFINED, Ending.STEP_TOO_SMALL)
    assert result.t[0] == pytest.approx(2 - 2 * np.log(2), abs=0.01)
    assert np.isfinite(result.y).all()


@pytest.mark.parametrize("method", ALL)
def test_thousands_that_blow_up_at_once(method):
    rows = np.linspace(0.5, 4, 3000)[:, None]
    result = solve(kernel(BLOW_UP, method), batch(BLOW_UP, (0, 20), rows, step=0.01, times=np.linspace(0, 20, 9)))
    assert set(result.endings) == {int(Ending.TOO_LARGE)} or not TABLEAUS[method].adaptive
    assert set(result.endings) <= {int(Ending.TOO_LARGE), int(Ending.UNDEFINED)}
    assert result.steps.max() < 3000
    assert np.isfinite(result.y).all()
    if TABLEAUS[method].adaptive:
        np.testing.assert_allclose(result.t, 1 / rows[:, 0], rtol=1e-3)
        assert np.isnan(result.samples[0, 0, 1:]).all()


@pytest.mark.parametrize("method", ADAPTIVE)
def test_a_slow_growth_to_infinity_is_seen_by_the_step(method):
    cubic = typed("x' = x^3\nx(0) = 1")
    result = solve(kernel(cubic, method), batch(cubic, (0, 20)))
    assert result.endings[0] == Ending.TOO_LARGE
    assert result.t[0] == pytest.approx(0.5, abs=1e-5)
    assert result.y[0, 0] < 1e12


@pytest.mark.parametrize("method", ADAPTIVE)
def test_a_singularity_makes_the_step_too_small(method):
    singular = typed("x' = -1/x\nx(0) = 1")
    result = solve(kernel(singular, method), batch(singular, (0, 2)))
    assert result.endings[0] == Ending.STEP_TOO_SMALL
    assert result.t[0] == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize("method", ADAPTIVE)
def test_jumps_are_stepped_over(method):
    jump = typed("x' = if(x < 1, 1, 3) + heaviside(t - 2)\nx(0) = 0")
    result = solve(kernel(jump, method), batch(jump, (0, 3)))
    assert result.endings[0] == Ending.FINISHED
    assert result.y[0, 0] == pytest.approx(1 + 3 + 4, abs=1e-3)


@pytest.mark.parametrize("method", ALL)
@pytest.mark.parametrize("cap", [0, 1, 7])
def test_the_step_limit(method, cap):
    result = solve(kernel(PENDULUM, method), batch(PENDULUM, (0, 20), step=0.01, max_steps=cap))
    assert result.endings[0] == Ending.STEP_LIMIT
    assert result.steps[0] == cap
    assert result.accepted[0] <= cap


def test_leaving_a_box():
    box = (np.array([[-1.0], [-10.0]]), np.array([[2.0], [10.0]]))
    rows = [[0.0, 5.0], [0.5, 0.0], [3.0, 0.0]]
    result = solve(kernel(PENDULUM), batch(PENDULUM, (0, 5), rows, box=box))
    np.testing.assert_array_equal(result.endings, [Ending.LEFT, Ending.FINISHED, Ending.LEFT])
    assert result.y[0, 0] < -1
    assert result.steps[2] == 0


def test_divergence_is_measured_from_where_it_began():
    decay = typed("x' = -x\nx(0) = 1e13")
    assert solve(kernel(decay), batch(decay, (0, 5))).endings[0] == Ending.FINISHED
    assert solve(kernel(decay), batch(decay, (0, -5), limit=10.0)).endings[0] == Ending.TOO_LARGE


def test_no_trajectories():
    result = solve(kernel(PENDULUM), batch(PENDULUM, (0, 5), np.empty((0, 2))))
    assert result.y.shape == (2, 0)


@pytest.mark.parametrize("method", ["rk4", "dopri5", "rodas4"])
def test_cancelling_from_another_thread(method):
    """More steps than a day would be enough for."""
    flag = np.zeros(1, dtype=np.int64)
    times = np.array([0.0, 1e9])
    endless = batch(OSCILLATOR, (0, 1e9), starts(50), step=1e-6, max_steps=10**15, cancel=flag, times=times)
    driver = kernel(OSCILLATOR, method)
    timer = threading.Timer(0.1, lambda: flag.__setitem__(0, 1))
    timer.start()
    result = solve(driver, endless)
    timer.join()
    assert set(result.endings) == {int(Ending.CANCELLED)}
    assert np.isnan(result.samples[:, :, 1]).all()
    assert np.isfinite(result.y).all()
    begun = result.steps > 0
    assert begun.any()
    np.testing.assert_array_equal(result.y[:, ~begun], endless.y0[:, ~begun])
    assert (result.t[~begun] == 0).all()


def test_stiff_trajectories_are_handed_over():
    t_span, times = (0, 2000), np.linspace(0, 2000, 30)
    rows = np.array([[2.0, 0.0], [0.5, 1.0], [-1.0, 0.3]])
    first = batch(VAN_DER_POL, t_span, rows, times=times, watch_stiffness=True)
    result = solve(kernel(VAN_DER_POL), first)
    np.testing.assert_array_equal(result.endings, [Ending.STIFF] * 3)
    assert (result.t < 2000).all()
    assert (result.steps < 2000).all()
    stopped, before, evaluations = result.position.copy(), result.steps.copy(), result.evaluations.copy()
    rest = batch(VAN_DER_POL, (result.t.copy(), 2000), result.y.T, times=times)
    solve(kernel(VAN_DER_POL, "rodas4"), rest, result, np.array([0, 1, 2]))
    np.testing.assert_array_equal(result.endings, [Ending.FINISHED] * 3)
    assert (result.position == 30).all()
    assert (stopped < 30).all()
    assert (result.steps > before).all()
    assert (result.evaluations > evaluations).all()
    alone = solve(kernel(VAN_DER_POL, "rodas4"), batch(VAN_DER_POL, t_span, rows, times=times, rtol=1e-8))
    np.testing.assert_allclose(result.samples, alone.samples, rtol=1e-3, atol=1e-3)


def test_no_stiffness_in_a_smooth_system():
    result = solve(kernel(LORENZ), batch(LORENZ, (0, 30), starts(20, 3), watch_stiffness=True))
    assert set(result.endings) == {int(Ending.FINISHED)}


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="another number of states"):
        solve(kernel(PENDULUM), batch(LORENZ))
    with pytest.raises(ValueError, match="another number of events"):
        solve(kernel(PENDULUM), batch(PENDULUM, directions=(1.0,), stop_after=(1,)))
    with pytest.raises(ValueError, match="euler needs a step greater than zero"):
        solve(kernel(PENDULUM, "euler"), batch(PENDULUM))


@pytest.mark.parametrize("method", ALL)
def test_a_span_without_end(method):
    result = solve(kernel(PENDULUM, method), batch(PENDULUM, (0, np.inf), step=0.1, max_steps=50))
    assert result.endings[0] == Ending.STEP_LIMIT
    assert 0 < result.t[0] < 50


def test_cancelling_between_two_methods_keeps_what_is_there():
    times = np.linspace(0, 2000, 30)
    result = solve(kernel(VAN_DER_POL), batch(VAN_DER_POL, (0, 2000), times=times, watch_stiffness=True))
    before, stopped = result.samples.copy(), result.t.copy()
    rest = batch(VAN_DER_POL, (stopped, 2000), result.y.T, times=times, cancel=np.ones(1, dtype=np.int64))
    solve(kernel(VAN_DER_POL, "rodas4"), rest, result, np.array([0]))
    assert result.endings[0] == Ending.CANCELLED
    np.testing.assert_array_equal(result.samples, before)
    np.testing.assert_array_equal(result.t, stopped)


@pytest.mark.parametrize("method", ALL)
def test_both_levels_of_compilation_compute_the_same(method):
    model = expr.model(BRUSSELATOR)
    equations = equations_of(model, derivatives=True)
    optimised = make_kernel(equations, TABLEAUS[method], Level.OPTIMISED)
    task = batch(BRUSSELATOR, (0, 3), starts(20), times=np.linspace(0, 3, 33), step=0.03)
    same(solve(kernel(BRUSSELATOR, method), task), solve(optimised, task))


def test_constants_are_computed_once():
    """Whatever depends on parameters alone leaves the tapes; conditions stay, and equal constants meet."""
    system = typed("x' = (g/l)*sin(x) + if(g < l, 1, 2)\ny' = (g/l)*y*t\ng = 2\nl = 3")
    model = expr.model(system)
    constants, (moving,) = take_out_constants([model.tape(model.rhs)])
    assert len(constants.outputs) == 3
    assert not any(node.op is Op.DIV for node in moving.nodes)
    assert {node.index for node in moving.nodes if node.op is Op.PARAMETER} == {0, 1, 2}


def test_a_right_hand_side_of_constants_alone():
    steady = typed("x' = a*b\ny' = 2\na = 3\nb = 4")
    result = solve(kernel(steady), batch(steady, (0, 1)))
    np.testing.assert_allclose(result.y[:, 0], [12, 2])
