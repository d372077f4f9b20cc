"""Spectrum, delay and steady state of the selected trajectory, without a window."""

import math

import pytest

from odeplayground.jobs import InlineRunner, Mailbox
from odeplayground.session import Session, edits, series_edits, time_edits
from odeplayground.session.errors import UserError
from odeplayground.session.scene import Trajectory
from odeplayground.spec import SeriesPicture, Status
from odeplayground.storage import presets


def session_of(name):
    session = Session(presets.load(name).experiment, InlineRunner(Mailbox()))
    session.start()
    session.pump()
    return session


def look(session, picture, **more):
    changed = series_edits.set_picture(session.document.experiment, picture)
    for edit, value in more.items():
        changed = getattr(series_edits, edit)(changed, value)
    session.document.apply(changed, "Look")
    session.pump()
    return session.analysis.picture


def test_nothing_is_computed_while_the_series_are_shown():
    session = session_of("van-der-pol")
    assert session.analysis.picture is None
    assert not session.analysis.busy


def test_the_peak_of_the_spectrum_is_the_period_of_the_cycle():
    session = session_of("van-der-pol")
    session.document.apply(edits.set_t_span(session.document.experiment, 0, 200), "Time span")
    picture = look(session, SeriesPicture.SPECTRUM)
    assert [row.name for row in picture.rows] == ["x", "y"]
    assert picture.peaks[0].period == pytest.approx(7.096, rel=2e-3)
    assert picture.resolution == pytest.approx(1 / 200, rel=1e-3)
    assert picture.peaks[0].frequency < picture.highest < picture.frequency[-1]


def test_the_spectrum_is_of_the_times_in_view():
    session = session_of("van-der-pol")
    session.document.apply(series_edits.set_t_range(session.document.experiment, 10, 20), "Zoom")
    picture = look(session, SeriesPicture.SPECTRUM)
    assert picture.span == (10, 20)
    assert picture.resolution == pytest.approx(1 / 10, rel=1e-3)


def test_the_delay_is_suggested_or_chosen():
    session = session_of("large-angle-pendulum")
    picture = look(session, SeriesPicture.DELAY, set_delayed="omega")
    assert picture.row.name == "omega"
    assert picture.delay == picture.suggested > 0
    chosen = look(session, SeriesPicture.DELAY, set_delay=0.5)
    assert chosen.delay == 0.5
    assert look(session, SeriesPicture.DELAY, set_delay=1e6).delay == chosen.longest


def test_what_diverges_is_looked_at_as_far_as_it_goes():
    session = session_of("takens-bogdanov")
    session.document.apply(edits.set_t_span(session.document.experiment, 0, 500), "Time span")
    picture = look(session, SeriesPicture.SPECTRUM)
    assert picture is None or picture.note
    assert picture is not None or session.analysis.message


def test_to_steady_state_goes_where_it_settles_and_can_be_undone():
    session = session_of("pendulum")
    before, told = session.document.experiment, []
    session.notice.connect(told.append)
    session.steady.start()
    session.pump()
    assert session.document.experiment.t_span[1] > session.playback.time > before.t_span[1]
    assert "equilibrium" in told[0]
    assert "theta = 0, omega = 0" in told[0]
    assert not session.steady.busy
    session.undo()
    assert session.document.experiment == before


@pytest.mark.parametrize(
    ("name", "words"),
    [("van-der-pol", "period of 7.096"), ("lotka-volterra", "from the start"), ("lorenz", "not settle")],
)
def test_cycles_and_chaos_are_told(name, words):
    session, told = session_of(name), []
    before = session.document.experiment
    session.notice.connect(told.append)
    session.steady.start()
    session.pump()
    assert words in told[0]
    assert (session.document.experiment == before) == (name == "lorenz")


def test_another_start_ends_the_search():
    session, told = session_of("pendulum"), []
    session.notice.connect(told.append)
    session.steady.start()  # the runner has posted its answer, which is not looked at yet
    session.document.apply(edits.set_start(session.document.experiment, 0, (1.0, 1.0)), "Move")
    assert not session.steady.busy
    session.pump()
    assert told == []


def test_going_on_doubles_the_span_and_keeps_the_picture_over_time_whole():
    experiment = presets.load("cooling").experiment
    longer = time_edits.go_on(experiment)
    assert longer.t_span == (0, 2 * experiment.t_span[1])
    assert longer.view.x_range == longer.t_span
    with pytest.raises(UserError, match="long enough"):
        time_edits.extend(experiment, 1e30)


def test_the_last_state_becomes_the_start():
    experiment = presets.load("driven-pendulum").experiment
    session = session_of("driven-pendulum")
    trajectory = session.simulation.scene.true.trajectories[0]
    here = time_edits.start_from_last(experiment, trajectory, autonomous=True)
    assert here.starts[0] == tuple(trajectory.y[:, -1])
    assert here.t_span == experiment.t_span
    driven = time_edits.start_from_last(experiment, trajectory, autonomous=False)
    assert driven.t_span == (60, 120)


def test_a_solution_that_stops_early_has_no_last_state():
    experiment = presets.load("pendulum").experiment
    whole = session_of("pendulum").simulation.scene.true.trajectories[0]
    for trajectory in (None, Trajectory(whole.t, whole.y, status=Status.DIVERGED)):
        with pytest.raises(UserError, match="stops before"):
            time_edits.start_from_last(experiment, trajectory, autonomous=True)
    assert math.isfinite(whole.y[0, -1])


def test_the_session_goes_on_in_time_and_starts_from_the_last_state():
    session = session_of("van-der-pol")
    session.step_sample(1)
    trajectory = session.simulation.scene.true.trajectories[0]
    assert session.playback.time == trajectory.t[1]
    session.go_on()
    assert session.document.experiment.t_span == (0, 40)
    assert session.playback.time == 20
    session.pump()
    last = session.selected_trajectory.y[:, -1]
    session.start_from_last()
    assert session.document.experiment.starts[0] == tuple(last)
    assert session.playback.time == 0
    session.undo()
    session.undo()
    assert session.document.experiment.t_span == (0, 20)
