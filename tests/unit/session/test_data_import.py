"""Measured data from a file to the document and into a training."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from odeplayground.cli import learning
from odeplayground.jobs import InlineRunner, Mailbox
from odeplayground.session import Session, UserError, data_edits, edits
from odeplayground.session.data_import import experiment_of
from odeplayground.session.training_data import data_for, source
from odeplayground.spec import ColumnRole, Experiment
from odeplayground.storage import presets, project
from tests.unit.session.systems import experiment

SPRING = "x' = v\nv' = -k*x\nk = 2\nx(0) = 1\nt in [0, 6]\n"
TABLE = "time [s],v [m/s],x [m]\n0,0.5,2\n1,-1,1\n2,-2,-1\n3,0,-2\n4,2,\n5,1,2\n"
TWO = "time,x,v,run\n0,1,0,1\n1,0,-1,1\n2,-1,0,1\n3,0,1,1\n0,3,0,2\n1,0,-3,2\n2,-3,0,2\n3,0,3,2\n"


@pytest.fixture
def session() -> Session:
    return Session(experiment(SPRING), InlineRunner(Mailbox()))


def opened(session: Session, folder: Path, text: str) -> Session:
    path = folder / "measured.csv"
    path.write_text(text)
    session.data_import.open(path, session.document.experiment)
    session.pump()
    session.pump()
    return session


def test_columns_named_like_the_states_are_for_this_system(session: Session, tmp_path: Path) -> None:
    opened(session, tmp_path, TABLE).take_data()
    now = session.document.experiment
    assert session.document.undo_label == "Load data"
    assert now.data is not None
    assert now.data.states == ("x", "v")  # in the order of the system
    np.testing.assert_array_equal(np.asarray(now.data.values[0])[:, :2], [[2, 1], [0.5, -1]])
    assert now.starts == ((2.0, 0.5),)
    assert now.t_span == (0, 5)
    assert now.units == {"x": "m", "v": "m/s", "t": "s"}
    assert now.view.x_range[0] < -2
    assert now.view.x_range[1] > 2
    assert session.training.shown_samples == now.data
    session.undo()
    assert session.document.experiment.data is None
    assert session.training.shown_samples is None


def test_other_columns_begin_a_new_system(session: Session, tmp_path: Path) -> None:
    before = session.document.experiment
    opened(session, tmp_path, TABLE.replace("v [", "lynx [").replace("x [m]", "hare [m]"))
    assert not session.data_import.for_system
    session.take_data()
    now = session.document.experiment
    assert now.system.states == ("lynx", "hare")
    assert "hare' = [?](lynx, hare)" in now.text
    assert source(now) == now.data
    session.undo()
    assert session.document.experiment == before


def test_columns_can_be_given_to_the_states_by_hand(session: Session, tmp_path: Path) -> None:
    opened(session, tmp_path, TABLE.replace("v [", "b [").replace("x [m]", "a [m]"))
    data = session.data_import
    data.set_target(for_system=True)
    session.pump()
    assert [use.name for use in data.uses if use.role is ColumnRole.STATE] == ["x", "v"]
    data.set_use(1, ColumnRole.STATE, "v")  # the other column lets go of it
    session.pump()
    assert data.why_not == "Choose the column that is the state x, or begin a new system with these data."
    data.set_use(2, ColumnRole.STATE, "x")
    session.pump()
    session.take_data()
    now = session.document.experiment
    assert now.starts == ((2.0, 0.5),)


def test_a_file_that_cannot_be_read_is_told_of(session: Session, tmp_path: Path) -> None:
    opened(session, tmp_path, "")
    assert "There are no numbers" in session.data_import.problem
    with pytest.raises(UserError, match="no numbers"):
        session.take_data()


def test_errors_are_left_out_when_asked(session: Session, tmp_path: Path) -> None:
    opened(session, tmp_path, TABLE + "6,bad,2\n")
    assert session.data_import.why_not == "1 line cannot be read."
    session.data_import.leave_out_faults()
    session.pump()
    assert not session.data_import.why_not


def loaded(folder: Path, text: str) -> Experiment:
    session = opened(Session(experiment(SPRING), InlineRunner(Mailbox())), folder, text)
    session.take_data()
    return session.document.experiment


def test_several_trajectories_and_a_project_that_keeps_them(tmp_path: Path) -> None:
    now = loaded(tmp_path, TWO)
    assert now.starts == ((1, 0), (3, 0))
    data = data_for(now)
    assert len(data.trajectories) == 2
    assert data.states == now.system.states
    assert project.from_bytes(project.to_bytes(now)) == now


def test_missing_values_survive_the_project(tmp_path: Path) -> None:
    now = loaded(tmp_path, TABLE)
    again = project.from_bytes(project.to_bytes(now))
    assert again == now
    assert again.data is not None
    assert np.isnan(np.asarray(again.data.values[0])).sum() == 1


def test_projects_without_data_still_open() -> None:
    assert experiment(SPRING).data is None
    fields = msgspec.structs.fields(Experiment)
    assert not next(field for field in fields if field.name == "data").required


def test_data_of_other_states_are_refused(tmp_path: Path) -> None:
    now = loaded(tmp_path, TWO)
    renamed = edits.set_text(now, SPRING.replace("v", "w"))
    assert renamed.data is not None
    with pytest.raises(UserError, match="are of x, v"):
        source(renamed)
    assert source(data_edits.use_file(renamed, False)) == data_edits.use_file(renamed, False)
    with pytest.raises(UserError, match="No data"):
        data_edits.use_file(experiment(SPRING), True)


def test_a_table_alone_is_enough(tmp_path: Path) -> None:
    (tmp_path / "spring.csv").write_text(TABLE)
    assert experiment_of(tmp_path / "spring.csv").system.states == ("v", "x")
    (tmp_path / "bad.csv").write_text(TABLE + "6,bad,2\n")
    with pytest.raises(UserError, match=r"(?s)bad.csv: 1 line cannot be read.*Line 8: “bad” is not a number"):
        experiment_of(tmp_path / "bad.csv")


def test_the_cycle_of_lynx_and_hare_is_found_in_the_measured_numbers() -> None:
    outcome = learning.learn(presets.load("lynx-hare").experiment, lambda event: None)
    run, report = outcome.experiment.run, outcome.report
    assert run is not None
    assert report is not None
    assert run.samples.source == "lynx_hare.csv"
    assert np.isnan(report.field_error)  # nobody knows the true field
    period = next(score.value for score in report.scores if score.name == "Period")
    assert 9.5 < period < 11  # years; the peaks of the record lie ten years apart
