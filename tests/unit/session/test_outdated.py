"""Searches that belong to other values look so while new ones take their time."""

from __future__ import annotations

from odeplayground.jobs import Progress
from odeplayground.session import edits, request
from odeplayground.session.lane import Lane
from odeplayground.session.portrait_job import UNFINISHED, Parts
from odeplayground.session.request import SEARCHES, Part, Request
from tests.unit.session.manual import ManualRunner
from tests.unit.session.systems import experiment

START = edits.toggle_layer(experiment(), "basins")


def asked(**values: float) -> Request:
    changed = START
    for name, value in values.items():
        changed = edits.set_parameter(changed, name, value)
    return request.of_true(changed, (8, 8))


def lane_with(seconds: float, finished: bool = True) -> Lane:
    lane = Lane(ManualRunner(), "search", lambda: 0.0, SEARCHES)
    first = asked(b=1.0)
    lane.show(first)
    for part in (Part.CYCLES, Part.BASINS):
        key = first.wanted()[part, 0] if finished else UNFINISHED
        lane.handle(Progress(Parts(part, seconds, {(part, 0): (key, ())})))
    return lane


def test_slow_searches_are_out_of_date_when_a_value_changes_and_not_when_the_view_moves() -> None:
    lane = lane_with(1.0)
    assert lane.outdated(asked(b=1.0)) == frozenset()
    assert lane.outdated(asked(b=0.5)) == {"cycles", "basins"}
    moved = request.of_true(edits.set_view_range(edits.set_parameter(START, "b", 1.0), (0.0, 1.0), (0.0, 1.0)), (8, 8))
    assert lane.outdated(moved) == frozenset()


def test_quick_searches_never_look_old() -> None:
    assert lane_with(0.01).outdated(asked(b=0.5)) == frozenset()


def test_a_first_sketch_is_as_new_as_its_request() -> None:
    lane = lane_with(1.0, finished=False)
    assert lane.outdated(asked(b=1.0)) == frozenset()
    assert lane.outdated(asked(b=0.5)) == {"cycles", "basins"}
