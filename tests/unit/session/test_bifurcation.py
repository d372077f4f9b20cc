"""The bifurcation diagram: when it is computed, what it holds, and edits of its settings."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from odeplayground.jobs import InlineRunner, Mailbox
from odeplayground.session import Document, Session, bifurcation_edits, bifurcation_job, edits
from odeplayground.session.bifurcation import DIAGRAM, Diagram
from odeplayground.session.bifurcation_request import bounds_of, part_of, request_of, widest
from odeplayground.spec import Bifurcation, DiagramKind, Experiment
from odeplayground.storage import presets
from tests.unit.session.manual import ManualRunner
from tests.unit.session.systems import experiment

BRUSSELATOR = "x' = a + x^2*y - (b + 1)*x\ny' = b*x - x^2*y\na = 1 in [0.5, 2]\nb = 3 in [0, 6]\nx(0) = 1\ny(0) = 1\n"
HOPF = """x' = mu*x - y - x*(x^2 + y^2)
y' = x + mu*y - y*(x^2 + y^2)
mu = 0.5 in [0.2, 1]
x(0) = 1
y(0) = 0
t in [0, 20]
"""
DRIVEN = "x' = -k*x + sin(t)\nk = 1\nx(0) = 1\n"


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """No waiting for newer requests, and a picture for every event."""
    monkeypatch.setattr(bifurcation_job, "_wait", lambda seconds, cancel: None)
    monkeypatch.setattr(bifurcation_job, "_FRAME", 0.0)


def brusselator(parameter: str = "b") -> Experiment:
    start = experiment(BRUSSELATOR)
    start = edits.set_view_range(start, (0.0, 5.0), (0.0, 6.0))
    return bifurcation_edits.choose_parameter(start, parameter)


def opened(start: Experiment) -> tuple[Document, ManualRunner, Diagram]:
    document, runner = Document(start), ManualRunner()
    diagram = Diagram(document, runner)
    document.apply(bifurcation_edits.show(start, True), "Open")
    return document, runner, diagram


def deliver(runner: ManualRunner, diagram: Diagram) -> None:
    for message in runner.drain():
        diagram.handle(message.body)


def finish(runner: ManualRunner, diagram: Diagram) -> None:
    runner.finish(DIAGRAM)
    deliver(runner, diagram)


def test_nothing_is_computed_while_it_is_closed():
    document, runner = Document(brusselator()), ManualRunner()
    diagram = Diagram(document, runner)
    diagram.refresh()
    document.apply(edits.set_parameter(document.experiment, "a", 1.5), "a")
    assert runner.submitted == []
    assert diagram.picture is None


def test_the_hopf_point_of_the_brusselator_and_its_cycles():
    _, runner, diagram = opened(brusselator())
    finish(runner, diagram)
    picture = diagram.picture
    assert picture is not None
    assert diagram.fresh
    assert not diagram.busy
    assert not diagram.message
    (mark,) = picture.marks
    assert mark.kind is Bifurcation.HOPF
    assert mark.label == "supercritical Hopf point"
    assert mark.parameter == pytest.approx(2.0)
    assert mark.high == pytest.approx([1.0, 2.0])
    cycles = [curve for curve in picture.curves if curve.cycles]
    assert len(cycles) == 1
    assert (cycles[0].high >= cycles[0].low).all()
    assert cycles[0].period is not None
    assert cycles[0].period[0] == pytest.approx(2 * np.pi, rel=0.01)


def test_branches_grow_while_they_are_computed():
    _, runner, diagram = opened(brusselator())
    sizes = []
    for _ in range(20):
        runner.advance(DIAGRAM)
        deliver(runner, diagram)
        assert diagram.picture is not None
        assert diagram.busy
        assert diagram.note
        sizes.append(sum(curve.parameter.size for curve in diagram.picture.curves))
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0]


def test_its_own_parameter_computes_nothing_anew_but_another_one_does():
    document, runner, diagram = opened(brusselator())
    finish(runner, diagram)
    old, submitted = diagram.picture, len(runner.submitted)
    document.apply(edits.set_parameter(document.experiment, "b", 1.5), "b")
    assert len(runner.submitted) == submitted
    assert diagram.fresh
    document.apply(edits.set_parameter(document.experiment, "a", 1.2), "a")
    assert len(runner.submitted) == submitted + 1
    assert diagram.picture is old
    assert not diagram.fresh
    assert diagram.busy
    finish(runner, diagram)
    assert diagram.fresh
    assert diagram.picture is not None
    assert diagram.picture.marks[0].parameter == pytest.approx(1 + 1.2**2)


def test_the_newest_request_wins():
    document, runner, diagram = opened(brusselator())
    runner.advance(DIAGRAM)
    document.apply(edits.set_parameter(document.experiment, "a", 1.2), "a")
    deliver(runner, diagram)
    assert diagram.picture is None  # what the older job had posted was dropped
    finish(runner, diagram)
    assert diagram.picture is not None
    assert diagram.picture.marks[0].parameter == pytest.approx(2.44)


def test_another_parameter_begins_with_an_empty_picture():
    document, runner, diagram = opened(brusselator())
    finish(runner, diagram)
    document.apply(bifurcation_edits.choose_parameter(document.experiment, "a"), "a")
    assert diagram.picture is None
    assert diagram.busy
    finish(runner, diagram)
    assert diagram.picture is not None
    assert diagram.picture.marks[0].parameter == pytest.approx(np.sqrt(2))


def test_closing_stops_the_job():
    document, runner, diagram = opened(brusselator())
    document.apply(bifurcation_edits.show(document.experiment, False), "Close")
    assert DIAGRAM not in runner.tasks
    assert diagram.picture is None
    assert not diagram.busy


def test_a_small_pan_keeps_the_diagram_and_a_far_one_does_not():
    start = bifurcation_edits.show(brusselator(), True)
    request = request_of(start)
    near = edits.set_view_range(start, (0.5, 5.5), (0.0, 6.0))
    assert request_of(near, request) == request
    far = edits.set_view_range(start, (20.0, 25.0), (0.0, 6.0))
    assert request_of(far, request) != request


def test_cycles_that_join_two_hopf_points_are_followed_once():
    start = presets.load("fitzhugh-nagumo").experiment
    _, runner, diagram = opened(bifurcation_edits.choose_parameter(start, "I"))
    finish(runner, diagram)
    assert diagram.picture is not None
    assert sum(mark.kind is Bifurcation.HOPF for mark in diagram.picture.marks) == 2
    assert sum(curve.cycles for curve in diagram.picture.curves) == 1


def test_maxima_of_a_cycle_of_known_size():
    start = bifurcation_edits.choose_kind(experiment(HOPF), DiagramKind.ORBITS)
    _, runner, diagram = opened(start)
    finish(runner, diagram)
    assert diagram.picture is not None
    assert diagram.picture.orbits is not None
    parameter, value = diagram.picture.orbits.T
    assert len(parameter) > 500
    np.testing.assert_allclose(value, np.sqrt(parameter), rtol=1e-4)


def test_a_box_of_orbits_is_computed_anew_inside_of_it():
    start = bifurcation_edits.choose_kind(experiment(HOPF), DiagramKind.ORBITS)
    start = bifurcation_edits.refine(start, (0.4, 0.6), (0.65, 0.75))
    _, runner, diagram = opened(start)
    finish(runner, diagram)
    assert diagram.picture is not None
    assert diagram.picture.orbits is not None
    parameter, value = diagram.picture.orbits.T
    assert parameter.min() >= 0.4
    assert parameter.max() <= 0.6
    assert value.min() >= 0.65
    assert value.max() <= 0.75
    assert len(value) > 0


@pytest.mark.parametrize(("text", "word"), [("x' = -x\n", "parameter"), (DRIVEN, "depend on time")])
def test_where_there_is_nothing_to_see_a_sentence_says_why(text, word):
    _, runner, diagram = opened(experiment(text))
    if DIAGRAM in runner.tasks:
        finish(runner, diagram)
    assert word in diagram.why_empty
    assert diagram.why_empty.endswith(".")


def test_a_failure_is_a_sentence(monkeypatch):
    def fail(*arguments, **named):
        raise ValueError("It cannot be done.")

    monkeypatch.setattr("odeplayground.dynamics.continuation.equilibrium_growth", fail)
    _, runner, diagram = opened(brusselator())
    finish(runner, diagram)
    assert diagram.why_empty == "It cannot be done."
    assert not diagram.busy


def test_boxes_go_in_and_back_and_are_undone():
    document = Document(brusselator())
    for x_range in ((1.0, 3.0), (1.5, 2.5)):
        document.apply(bifurcation_edits.refine(document.experiment, x_range, (0.0, 2.0)), "Look closer")
    assert bounds_of(document.experiment) == (1.5, 2.5)
    document.apply(bifurcation_edits.back(document.experiment), "Back")
    assert bounds_of(document.experiment) == (1.0, 3.0)
    document.undo()
    document.undo()
    document.undo()
    assert part_of(document.experiment) is None
    assert bounds_of(document.experiment) == (0.0, 6.0)


def test_a_box_belongs_to_its_parameter_and_system():
    boxed = bifurcation_edits.refine(brusselator(), (1.0, 3.0), (0.0, 2.0))
    assert part_of(bifurcation_edits.choose_parameter(boxed, "a")) is None
    assert part_of(bifurcation_edits.choose_state(boxed, "y")) is None
    assert part_of(edits.set_text(boxed, "u' = -k*u\nk = 1\n")) is None


def test_a_box_without_width_changes_nothing():
    start = brusselator()
    assert bifurcation_edits.refine(start, (1.0, 1.0), (0.0, 2.0)) is start
    assert bifurcation_edits.refine(start, (1.0, float("nan")), (0.0, 2.0)) is start


def test_names_must_exist():
    with pytest.raises(ValueError, match="no parameter"):
        bifurcation_edits.choose_parameter(brusselator(), "x")
    with pytest.raises(ValueError, match="no state"):
        bifurcation_edits.choose_state(brusselator(), "a")


def test_going_to_an_equilibrium_brings_it_into_the_portrait():
    start = brusselator()
    there = bifurcation_edits.go_to_equilibrium(start, "b", 5.0, (1.0, 40.0))
    assert there.parameters["b"] == 5.0
    assert there.view.x_range == start.view.x_range  # it was inside already
    low, high = there.view.y_range
    assert low < 40.0 < high
    assert high - low == pytest.approx(6.0)


def test_an_open_diagram_stays_open_for_the_next_preset(tmp_path, monkeypatch):
    monkeypatch.setenv("ODEPLAYGROUND_HOME", str(tmp_path))
    runner = InlineRunner(Mailbox())
    session = Session(msgspec.structs.replace(brusselator()), runner)
    session.document.apply(bifurcation_edits.show(session.document.experiment, True), "Open")
    session.open_preset("pitchfork")
    session.pump()
    assert session.document.experiment.diagram.shown
    assert not session.document.dirty
    assert session.diagram.picture is not None
    assert session.diagram.picture.parameter == "r"
    session.undo()
    assert session.document.experiment.system.states == ("x", "y")


def test_the_cycle_of_van_der_pol_is_followed_from_the_present_value():
    start = bifurcation_edits.choose_parameter(presets.load("van-der-pol").experiment, "mu")
    _, runner, diagram = opened(start)
    finish(runner, diagram)
    picture = diagram.picture
    assert picture is not None
    (cycles,) = [curve for curve in picture.curves if curve.cycles]
    assert (cycles.unstable == 0).any()
    assert cycles.parameter.max() == pytest.approx(5.0)
    assert cycles.high[0].max() < 2.1
    assert not [mark for mark in picture.marks if mark.kind is Bifurcation.CYCLE_FOLD]


def test_a_hidden_state_is_looked_at_as_far_as_a_shown_one_in_the_same_unit():
    start = presets.load("double-pendulum").experiment
    request = request_of(bifurcation_edits.choose_state(start, "b"))
    assert request is not None
    box = dict(zip(request.system.states, request.box, strict=True))
    assert box["b"] == box["a"]


def test_the_axis_is_at_most_three_times_what_the_portrait_shows():
    start = edits.set_view_range(brusselator(), (0.0, 5.0), (0.0, 6.0))
    assert widest(start) == (-5.0, 10.0)
    assert widest(bifurcation_edits.choose_kind(start, DiagramKind.ORBITS)) is None


def test_presets_name_the_parameter_with_a_story():
    named = {"lorenz": "rho", "brusselator": "b", "van-der-pol": "mu", "fitzhugh-nagumo": "I"}
    for name in presets.presets():
        preset = presets.load(name).experiment
        parameter = preset.diagram.parameter
        assert parameter == named.get(name, parameter)
        assert not parameter or parameter in {one.name for one in preset.system.constants}
