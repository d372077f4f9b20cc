"""The numbers of a portrait, against what is known about the systems."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.jobs import CancelToken
from odeplayground.session import background, curves, edits, jumps, plane, request, view_edits
from odeplayground.session.request import Request
from odeplayground.spec import EquilibriumKind, Experiment, FieldMode, Method, SolverSettings, Status
from tests.unit.session.networks import linear_network
from tests.unit.session.systems import DECAY, LORENZ, experiment

NEVER = CancelToken()


def true(start: Experiment, grid: tuple[int, int] = (8, 6)) -> Request:
    return request.of_true(start, grid)


def test_curves_run_over_the_span_in_even_steps() -> None:
    curve = curves.forward(true(experiment(DECAY)), [0], NEVER)[0].curve
    assert np.allclose(np.diff(curve.t), curve.t[1] - curve.t[0])
    assert (curve.t[0], curve.t[-1]) == (0.0, 5.0)
    assert np.allclose(curve.y[0], 3.0 * np.exp(-curve.t), rtol=1e-5, atol=1e-8)
    assert curve.status is Status.FINISHED


STIFF = "x' = y\ny' = mu*(1 - x^2)*y - x\nmu = 1000\nx(0) = 0.5\ny(0) = 0\n"


@pytest.mark.parametrize("end", [20.0, 3000.0])
def test_curves_follow_a_jump_that_passes_between_two_even_steps(end: float) -> None:
    start = edits.set_t_span(experiment(STIFF), 0.0, end)
    curve = curves.forward(true(start), [0], NEVER)[0].curve
    assert (np.diff(curve.t) > 0).all()
    assert (curve.t[0], curve.t[-1]) == (0.0, end)
    assert curve.t.size <= curves.MOST + jumps.MOST
    exact = dynamics.simulate(start.system, (0.0, end), rtol=1e-9, atol=1e-12)
    assert curve.y[1].min() == pytest.approx(exact.y[1].min(), rel=1e-2)
    assert curve.y[1].min() < -1000
    # Of the equations, d/dt (y - mu (x - x^3 / 3)) = -x, which a jump leaves no time for.
    jump = (np.abs(curve.y[1]) > 100) & (curve.t < 10)
    level = curve.y[1] - 1000 * (curve.y[0] - curve.y[0] ** 3 / 3)
    assert jump.sum() > 50
    assert np.ptp(level[jump]) < 2.0


def test_states_on_a_curve_with_a_jump_stay_between_its_extremes() -> None:
    curve = curves.forward(true(edits.set_t_span(experiment(STIFF), 0.0, 20.0)), [0], NEVER)[0].curve
    states = np.array([curve.at(time) for time in np.linspace(0.0, 20.0, 2001)])
    reach = np.ptp(curve.y, axis=1)
    assert (states >= curve.y.min(axis=1) - 1e-3 * reach).all()
    assert (states <= curve.y.max(axis=1) + 1e-3 * reach).all()


def test_a_fast_oscillation_is_no_jump() -> None:
    curve = curves.forward(true(experiment("x' = 40*y\ny' = -40*x\nx(0) = 1\nt in [0, 100]\n")), [0], NEVER)[0].curve
    assert curve.t.size == curves.MOST


def test_current_values_count_not_the_texts() -> None:
    moved = edits.set_start(edits.set_parameter(experiment(DECAY), "k", 2.0), 0, (1.0,))
    curve = curves.forward(true(moved), [0], NEVER)[0].curve
    assert np.allclose(curve.y[0], np.exp(-2.0 * curve.t), rtol=1e-5, atol=1e-8)


def test_a_curve_ends_where_the_solution_does() -> None:
    start = experiment("x' = x^2\nx(0) = 1\nt in [0, 5]\n")  # x = 1 / (1 - t)
    curve = curves.forward(true(start), [0], NEVER)[0].curve
    assert curve.status is not Status.FINISHED
    assert 0.9 < curve.t[-1] < 1.00001
    assert np.isfinite(curve.y).all()
    assert "t = 1" in curve.message


def test_a_curve_without_any_value_is_its_start() -> None:
    start = edits.set_start(experiment("x' = sqrt(x)\nx(0) = 1\nt in [0, 5]\n"), 0, (-1.0,))
    curve = curves.forward(true(start), [0], NEVER)[0].curve
    assert curve.y.tolist() == [[-1.0]]


def test_backward_curves_end_where_forward_ones_lead_back() -> None:
    start = edits.set_t_span(experiment("x' = y\ny' = -x\nx(0) = 1\n"), 1, 4)
    (t, y) = curves.backward(true(start), [0], NEVER)[0]
    assert (t[0], t[-1]) == (1.0, -2.0)
    back = np.array([np.cos(t - 1.0), -np.sin(t - 1.0)])
    assert np.allclose(y, back, atol=1e-4)


def test_backward_curves_are_cut_near_the_window() -> None:
    start = edits.set_view_range(experiment("x' = -x\ny' = -y\nx(0) = 1\ny(0) = 0.5\n"), (-2.0, 2.0), (-2.0, 2.0))
    _, y = curves.backward(true(start), [0], NEVER)[0]
    assert (np.abs(y[:, :-1]) <= 6.0).all()
    assert np.abs(y[:, -1]).max() > 6.0
    outside = edits.set_start(start, 0, (50.0, 50.0))
    assert curves.backward(true(outside), [0], NEVER)[0][0].size == 1


@pytest.mark.parametrize("end", [30.0, 3000.0])
def test_backward_curves_that_run_away_have_no_kinks(end: float) -> None:
    start = edits.set_t_span(edits.set_view_range(experiment(LORENZ), (-24.0, 24.0), (0.0, 50.0)), 0.0, end)
    t, y = curves.backward(true(start), [0], NEVER)[0]
    assert curves.N_BACKWARD / 2 < t.size <= curves.N_BACKWARD
    exact = dynamics.simulate(start.system, (0.0, float(t[-1])), y[:, 0], rtol=1e-11, atol=1e-12)
    between = np.linspace(t[0], t[-1], 5000)
    drawn = np.array([np.interp(-between, -t, row) for row in y])
    assert (np.abs(drawn - exact(between)).max(axis=1) < 0.005 * 50).all()


def test_backward_curves_of_different_speed_do_not_influence_each_other() -> None:
    start = edits.set_view_range(experiment("x' = x^2 + x\ny' = y\nx(0) = 1\ny(0) = 0\n"), (-3.0, 3.0), (-2.0, 2.0))
    for place in ((-1.001, 0.0), (-2.0, 0.5), (50.0, 50.0), (0.5, 0.5), (-8.9, 0.0)):
        start = edits.add_start(start, place)
    together = curves.backward(true(start), range(6), NEVER)
    for i in range(6):
        (alone,) = curves.backward(true(start), [i], NEVER).values()
        assert all(np.array_equal(one, other) for one, other in zip(alone, together[i], strict=True))


@pytest.mark.parametrize("method", [Method.EULER, Method.RK4, Method.RADAU])
def test_the_chosen_method_runs(method: Method) -> None:
    start = edits.set_solver(experiment(), SolverSettings(method=method))
    assert curves.forward(true(start), [0], NEVER)[0].method == method


def test_arrows_are_the_right_hand_side_at_cell_centres() -> None:
    start = edits.set_view_range(experiment(), (-4.0, 4.0), (-3.0, 3.0))
    arrows = background.arrows(true(start))
    assert arrows.x.shape == (48,)
    assert sorted(set(arrows.x)) == pytest.approx(np.arange(-3.5, 4.0))
    assert np.allclose(arrows.u, arrows.y)
    assert np.allclose(arrows.v, -0.25 * arrows.y - 5.0 * np.sin(arrows.x))


def test_the_slope_field_of_one_state() -> None:
    start = experiment("x' = t - x\nx(0) = 0\nt in [0, 4]\n")
    arrows = background.arrows(true(start))
    assert (arrows.u == 1.0).all()
    assert np.allclose(arrows.v, arrows.x - arrows.y)
    lines = background.nullclines(true(start))["x"]
    assert lines
    assert all(np.allclose(line[:, 0], line[:, 1], atol=1e-6) for line in lines)
    found = background.marks(true(start), NEVER)
    assert (found.points, found.separatrices) == ((), ())


def test_levels_of_one_state() -> None:
    start = edits.set_view_range(experiment("x' = x*(1 - x)\nx(0) = 0.1\nt in [0, 9]\n"), (0.0, 5.0), (-0.5, 1.5))
    lines = background.nullclines(true(start))["x"]
    assert sorted(line[0, 1] for line in lines) == pytest.approx([0.0, 1.0])
    assert all(line[:, 0].tolist() == [0.0, 5.0] for line in lines)
    marks = background.marks(true(start), NEVER).points
    kinds = {round(mark.y): (mark.x, mark.kind) for mark in marks}
    assert kinds == {0: (9.0, EquilibriumKind.UNSTABLE_NODE), 1: (9.0, EquilibriumKind.STABLE_NODE)}


def test_equilibria_and_separatrices_of_the_pendulum() -> None:
    start = edits.set_view_range(experiment(), (-4.0, 4.0), (-4.0, 4.0))
    found = background.marks(true(start), NEVER)
    marks, separatrices = found.points, found.separatrices
    found = {round(mark.x / np.pi): mark.kind for mark in marks}
    assert found[0] is EquilibriumKind.STABLE_FOCUS
    assert found[1] is found[-1] is EquilibriumKind.SADDLE
    assert all(abs(mark.y) < 1e-8 for mark in marks)
    assert separatrices
    assert all(curve.shape[1] == 2 for curve in separatrices)
    hidden = edits.toggle_layer(start, "separatrices")
    assert background.marks(true(hidden), NEVER).separatrices == ()


def test_swapped_axes_turn_everything() -> None:
    start = edits.set_view_range(experiment(), (-4.0, 4.0), (-3.0, 3.0))
    swapped = true(view_edits.set_axes(start, "omega", "theta"))
    arrows = background.arrows(swapped)
    assert np.allclose(arrows.v, arrows.x)
    found = background.marks(swapped, NEVER)
    marks, separatrices = found.points, found.separatrices
    assert all(abs(mark.x) < 1e-8 for mark in marks)
    assert all(np.abs(curve[:, 1]).max() > 1.0 for curve in separatrices)
    nullclines = background.nullclines(swapped)
    assert all(np.abs(line[:, 0]).max() < 1e-6 for line in nullclines["theta"])


def test_hidden_states_are_held_at_the_selected_start() -> None:
    start = edits.add_start(experiment(LORENZ), (1.0, 1.0, 40.0))
    arrows = background.arrows(true(start))
    assert np.allclose(arrows.v, arrows.x * (28.0 - 40.0) - arrows.y)
    other = background.arrows(true(edits.select_start(start, 0)))
    assert np.allclose(other.v, other.x * (28.0 - 20.0) - other.y)
    found = background.marks(true(edits.set_view_range(start, (-20.0, 20.0), (-25.0, 25.0))), NEVER)
    marks, separatrices = found.points, found.separatrices
    assert len(marks) == 3
    assert separatrices == ()


def test_the_error_of_a_network_is_relative_and_free_of_units() -> None:
    start = edits.set_mode(experiment("x' = -x\ny' = -1000*y\n"), FieldMode.ERROR)
    half = linear_network(("x", "y"), np.diag([-0.5, -500.0]))
    wanted = request.of_learned(start, half, (4, 4))
    assert wanted.reference is not None
    error = background.error_map(wanted, wanted.reference)
    x, y = np.meshgrid(*plane.centres(wanted, 128, 128))
    expected = np.sqrt((x**2 / np.mean(x**2) + y**2 / np.mean(y**2)) / 2) / 2
    assert error.values.shape == (128, 128)
    assert np.allclose(error.values, np.log10(expected), atol=1e-9)
    perfect = request.of_learned(start, linear_network(("x", "y"), np.diag([-1.0, -1000.0])), (4, 4))
    assert background.error_map(perfect, wanted.reference).values.max() < -8


def test_a_network_has_a_portrait_too() -> None:
    start = experiment("x' = -x\ny' = -2*y\nx(0) = 1\ny(0) = 1\nt in [0, 2]\n")
    wanted = request.of_learned(start, linear_network(("x", "y"), np.diag([-1.0, -2.0])), (4, 4))
    curve = curves.forward(wanted, [0], NEVER)[0].curve
    assert np.allclose(curve.y[1], np.exp(-2.0 * curve.t), atol=1e-5)
    marks = background.marks(wanted, NEVER).points
    assert [mark.kind for mark in marks] == [EquilibriumKind.STABLE_NODE]


def test_keys_tell_what_an_edit_makes_outdated() -> None:
    start = edits.add_start(experiment(), (0.5, 0.5))

    def outdated(changed: Experiment) -> set[tuple[str, int]]:
        before, after = true(start).wanted(), true(changed).wanted()
        return {(str(part), i) for (part, i), key in after.items() if before.get((part, i)) != key}

    everything = {("forward", 0), ("forward", 1), ("backward", 0), ("backward", 1)}
    field = {("arrows", 0), ("nullclines", 0), ("equilibria", 0), ("cycles", 0)}
    assert outdated(edits.select_start(start, 0)) == set()
    assert outdated(edits.set_name(start, "x")) == set()
    assert outdated(edits.toggle_layer(start, "arrows")) == set()
    assert outdated(edits.set_start(start, 1, (0.0, 0.0))) == {("forward", 1), ("backward", 1)}
    assert outdated(edits.set_parameter(start, "b", 1.0)) == everything | field
    assert outdated(edits.set_view_range(start, (0.0, 1.0), (0.0, 1.0))) == field | {("backward", 0), ("backward", 1)}
    assert outdated(edits.set_solver(start, SolverSettings(rtol=1e-3))) == everything
    assert outdated(msgspec.structs.replace(start, text=start.text + "# more")) == set()


def test_doubts_about_the_equilibria_and_reasons_of_degenerate_ones_are_told() -> None:
    line = background.marks(true(experiment("x' = -x\ny' = 0*x\nx(0) = 1\ny(0) = 0\n")), NEVER)
    assert {mark.label for mark in line.points} == {"one of a line"}
    assert "not known" in background.marks(true(experiment(LORENZ)), NEVER).doubts
    assert background.marks(true(experiment()), NEVER).doubts == ""
