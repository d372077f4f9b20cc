"""What the panel of the time series shows, without a window."""

import msgspec
import numpy as np
import pytest

from odeplayground.session import UserError, series, series_edits
from odeplayground.session.scene import Trajectory
from odeplayground.spec import Experiment, SeriesAxes
from odeplayground.storage import presets, project


@pytest.fixture
def pendulum():
    return presets.load("pendulum").experiment


@pytest.fixture
def neuron():
    return presets.load("hodgkin-huxley").experiment


def names(experiment):
    return [row.name for row in series.shown(experiment)]


def test_an_expression_is_a_row_with_its_values(pendulum):
    changed = series_edits.add_expression(pendulum, " omega^2/2 - cos(theta) ")
    row = series.shown(changed)[-1]
    assert (row.index, row.typed) == (2, True)
    t = np.linspace(0, 1, 5)
    y = np.array([t, 2 * t])
    assert np.allclose(series.values(changed, row, t, y), (2 * t) ** 2 / 2 - np.cos(t))
    assert series.values_at(changed, (row,), Trajectory(t, y), 1.0)[0] == pytest.approx(2 - np.cos(1))
    assert np.isnan(series.values_at(changed, (row,), Trajectory(t, y), 2.0)[0])


@pytest.mark.parametrize("text", ["", "nothing_like_it", "theta +", "theta", "3"])
def test_what_is_no_new_row_is_refused_with_a_sentence(pendulum, text):
    with pytest.raises(UserError, match=r"\w+ .*\."):
        series_edits.add_expression(pendulum, text)


def test_rows_are_hidden_and_the_last_one_stays(pendulum):
    hidden = series_edits.show(pendulum, "theta", False)
    assert names(hidden) == ["omega"]
    with pytest.raises(UserError):
        series_edits.show(hidden, "omega", False)
    assert names(series_edits.show(hidden, "theta", True)) == ["theta", "omega"]


def test_an_expression_that_lost_its_meaning_is_left_out(pendulum):
    changed = series_edits.add_expression(pendulum, "theta + omega")
    other = msgspec.structs.replace(changed, system=presets.load("lorenz").experiment.system)
    assert names(other) == ["x", "y", "z"]
    removed = series_edits.remove_expression(series_edits.show(changed, "theta + omega", False), "theta + omega")
    assert removed == pendulum


def test_lanes(pendulum, neuron):
    drawn = series.shown(neuron)
    sizes = [70.0, 1.0, 0.6, 0.8]
    assert series.lanes(neuron, drawn, sizes, []) == [[0], [1, 2, 3]]
    assert series.lanes(pendulum, series.shown(pendulum), [2.0, 6.0], []) == [[0, 1]]
    for kind, wanted in ((SeriesAxes.ONE, 1), (SeriesAxes.UNITS, 2), (SeriesAxes.EACH, 4)):
        assert len(series.lanes(series_edits.set_axes(neuron, kind), drawn, sizes, [])) == wanted
    logarithmic = series_edits.set_log(pendulum, "omega", True)
    assert series.lanes(logarithmic, series.shown(logarithmic), [2.0, 6.0], []) == [[0], [1]]


def test_lanes_do_not_jump_while_sizes_change_a_little(pendulum):
    drawn = series.shown(pendulum)
    before = series.lanes(pendulum, drawn, [1.0, 11.0], [])
    assert before == [[0, 1]]
    assert series.lanes(pendulum, drawn, [1.0, 14.0], before) == before
    apart = series.lanes(pendulum, drawn, [1.0, 50.0], before)
    assert apart == [[0], [1]]


@pytest.mark.parametrize("sizes", [[0.0, 0.0], [0.0, 3.0]])
def test_what_is_flat_still_has_a_lane(pendulum, sizes):
    assert sorted(i for lane in series.lanes(pendulum, series.shown(pendulum), sizes, []) for i in lane) == [0, 1]


def test_a_log_axis_leaves_out_what_is_not_positive_and_says_so():
    logs, missing = series.on_log_axis(np.array([100.0, 0.0, -3.0, np.nan, 1.0]))
    assert missing == 2
    assert np.array_equal(logs, [2, np.nan, np.nan, np.nan, 0], equal_nan=True)
    assert (
        series.left_out(["x"], [2], 5) == "Left out on the logarithmic axis, not being above zero: x at 2 of 5 points."
    )
    assert series.left_out(["x"], [0], 5) == ""


def test_the_zoom_stays_inside_the_span_and_all_of_it_is_no_zoom(pendulum):
    begin, end = pendulum.t_span
    assert series_edits.t_range(series_edits.set_t_range(pendulum, -5, 5)) == (0, 10)
    assert series_edits.set_t_range(pendulum, begin - 1, end + 1) == pendulum
    assert series_edits.set_t_range(pendulum, 3, 3) == pendulum
    zoomed = series_edits.set_t_range(pendulum, 12, 14)
    assert series_edits.t_range(zoomed) == (12, 14)
    solver = msgspec.structs.replace(zoomed.solver, t_span=(0.0, 5.0))
    assert series_edits.t_range(msgspec.structs.replace(zoomed, solver=solver)) == (0, 5)
    assert series_edits.show_whole_span(zoomed) == pendulum


def test_the_settings_are_in_the_project_file_and_older_files_have_none(tmp_path, pendulum):
    changed = series_edits.set_t_range(series_edits.add_expression(pendulum, "theta^2"), 1, 2)
    path = tmp_path / "one.odep"
    project.save(changed, path)
    assert project.open(path).series == changed.series
    assert Experiment("", "", pendulum.system, pendulum.starts, pendulum.view).series == pendulum.series
