from __future__ import annotations

import numpy as np
import pytest

from odeplayground.session import UserError, edits, view_edits
from odeplayground.spec import (
    Activation,
    Animation,
    Array,
    Experiment,
    LearnedSystem,
    Samples,
    TrainedRun,
    TrainSpec,
    number_of_weights,
)
from tests.unit.session.systems import DECAY, LORENZ, PENDULUM, experiment


def trained(start: Experiment) -> Experiment:
    states = start.system.states
    n = len(states)
    weights = Array.of(np.zeros(number_of_weights((n, n))))
    one, zero = (1.0,) * n, (0.0,) * n
    field = LearnedSystem(states, (n, n), Activation.TANH, weights, zero, one, one, zero)
    return edits.set_run(start, TrainedRun(Samples(states, (), ()), TrainSpec(), field, 0, 0.0))


def retext(start: Experiment, old: str, new: str) -> Experiment:
    assert old in start.text
    return edits.set_text(start, start.text.replace(old, new))


def test_a_faulty_text_keeps_the_last_good_system() -> None:
    start = edits.set_parameter(experiment(), "b", 1.0)
    broken = retext(start, "sin(theta)", "sin(theta")
    assert broken.text != start.text
    assert edits.set_text(broken, start.text) == start
    assert (broken.system, broken.values, broken.starts) == (start.system, start.values, start.starts)


def test_comments_and_spaces_change_nothing_but_the_text() -> None:
    start = edits.set_parameter(experiment(), "b", 1.0)
    changed = retext(start, "# gravity", "# gravity over length")
    assert changed.system is start.system
    assert changed.values == start.values


def test_sliders_stay_except_where_the_text_says_another_number() -> None:
    start = edits.set_parameter(edits.set_parameter(experiment(), "b", 1.0), "c", 2.0)
    assert retext(start, "c = 5", "c = 6").parameters == {"b": 1.0, "c": 6.0}
    assert retext(start, "omega' = -b*omega", "omega' = -2*b*omega").values == start.values
    gone = edits.set_text(start, "theta' = omega\nomega' = -c*sin(theta)\nc = 5\n")
    assert gone.values == {"c": 2.0}


def test_the_first_start_follows_initial_values_that_change_in_the_text() -> None:
    start = edits.add_start(edits.set_start(experiment(), 0, (1.0, 0.5)), (0.1, 0.2))
    changed = retext(start, "theta(0) = 2", "theta(0) = 3")
    assert changed.starts == ((3.0, 0.5), (0.1, 0.2))
    assert retext(start, "c = 5", "c = 4").starts == start.starts


def test_points_are_cut_and_padded_by_the_names_of_the_states() -> None:
    start = edits.add_start(experiment(LORENZ), (5.0, 6.0, 7.0))
    two = edits.set_text(start, "z' = -z + x\nx' = z\nx(0) = 1\nz(0) = 20\n")
    assert two.starts == ((20.0, 1.0), (7.0, 5.0))
    three = edits.set_text(two, "z' = -z + x\nx' = z\ny' = -y\nx(0) = 1\nz(0) = 20\ny(0) = 9\n")
    assert three.starts == ((20.0, 1.0, 9.0), (7.0, 5.0, 9.0))


def test_a_renamed_state_keeps_its_coordinate_and_its_axis() -> None:
    start = edits.set_view_range(edits.set_start(experiment(), 0, (1.0, 0.5)), (-1.0, 2.0), (-3.0, 4.0))
    renamed = edits.set_text(start, PENDULUM.replace("omega", "w"))
    assert renamed.starts == start.starts
    view = renamed.view
    assert (view.x, view.y, view.x_range, view.y_range) == ("theta", "w", (-1.0, 2.0), (-3.0, 4.0))


def test_vanished_axes_are_replaced() -> None:
    lorenz = edits.set_view_range(view_edits.set_axes(experiment(LORENZ), "x", "z"), (-20.0, 21.0), (0.0, 50.0))
    without_z = edits.set_text(lorenz, "x' = y - x\ny' = -y\nx(0) = 1\n").view
    assert (without_z.x, without_z.y, without_z.x_range) == ("x", "y", (-20.0, 21.0))
    without_x = edits.set_text(lorenz, "z' = y - z\ny' = -y\nx2 = 1\n").view
    assert (without_x.x, without_x.y, without_x.y_range) == ("y", "z", (0.0, 50.0))


def test_to_one_state_and_back() -> None:
    one = edits.set_text(experiment(), DECAY)
    assert (one.view.x, one.view.y, one.view.x_range) == ("t", "x", (0.0, 5.0))
    assert one.starts == ((3.0,),)
    two = edits.set_text(edits.set_view_range(one, (0.0, 4.0), (0.0, 7.0)), "x' = y\ny' = -x\n")
    assert (two.view.x, two.view.y, two.view.x_range) == ("x", "y", (0.0, 7.0))


def test_a_new_span_in_the_text_wins_over_the_chosen_one() -> None:
    start = edits.set_t_span(experiment(), 0, 3)
    assert retext(start, "c = 5", "c = 4").t_span == (0.0, 3.0)
    assert retext(start, "t in [0, 10]", "t in [0, 12]").t_span == (0.0, 12.0)


def test_units_and_the_animation_stay_only_if_they_still_fit() -> None:
    start = experiment(units={"t": "s", "theta": "rad", "c": "1/s²"}, animation=Animation.PENDULUM)
    assert retext(start, "b = 0.25", "b = 0.5").animation is Animation.PENDULUM
    other = edits.set_text(start, "theta' = -k*theta\nk = 1\n")
    assert other.units == {"t": "s", "theta": "rad"}
    assert other.animation is Animation.BARS


def test_a_run_stays_as_long_as_its_states_are_the_systems() -> None:
    start = trained(experiment())
    assert retext(start, "c = 5", "c = 4").run is start.run
    assert retext(start, "c = 5", "c = ").run is start.run
    assert edits.set_text(start, PENDULUM.replace("omega", "w")).run is None
    with pytest.raises(ValueError, match="other states"):
        edits.set_run(experiment(DECAY), start.run)


@pytest.mark.parametrize("text", ["x' = y; y' = -x", "", "x' = (", "t in [3, 1]", "\n# nothing\n"])
def test_any_text_is_taken(text: str) -> None:
    changed = edits.set_text(trained(experiment()), text)
    n = len(changed.system.states)
    assert changed.text == text
    assert all(len(start) == n for start in changed.starts)
    assert {changed.view.x, changed.view.y} <= {*changed.system.states, "t"}


def test_a_range_is_written_into_the_text() -> None:
    start = experiment()
    new = edits.set_range(start, "c", 0, 10)
    assert "c = 5 in [0, 10]  # gravity\n" in new.text
    assert next(c for c in new.system.constants if c.name == "c").high == 10.0
    again = edits.set_range(new, "c", -1.5, 12.25)
    assert "c = 5 in [-1.5, 12.25]  # gravity\n" in again.text
    assert "b = 0.1 in [0, 3]; k = 2" in edits.set_range(experiment("x' = b*k; b = 0.1; k = 2"), "b", 0, 3).text
    assert edits.set_range(edits.set_range(start, "c", 1, 9), "b", 0, 2).starts == start.starts


def test_a_range_moves_the_slider_inside() -> None:
    start = edits.set_parameter(experiment(), "c", 20.0)
    assert edits.set_range(start, "c", 0, 10).parameters["c"] == 10.0


def test_greek_letters_are_found_under_their_names() -> None:
    start = experiment("x' = -γ*x\nγ = 1\n")
    assert "γ = 1 in [0, 2]" in edits.set_range(start, "gamma", 0, 2).text


def test_impossible_ranges_are_refused_with_a_sentence() -> None:
    with pytest.raises(UserError, match="below"):
        edits.set_range(experiment(), "c", 2, 1)
    with pytest.raises(UserError, match="mend"):
        edits.set_range(retext(experiment(), "c = 5", "c = "), "b", 0, 1)
    with pytest.raises(UserError, match="no line"):
        edits.set_range(experiment(), "k", 0, 1)
