"""What becomes of a table: samples, or a sentence with the place of what is wrong."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from odeplayground.neural import Dataset
from odeplayground.spec import ColumnRole, ColumnUse
from odeplayground.storage import tables
from odeplayground.storage.tables import reading as reading_module
from tests.unit.storage.tables.reading import guessed, table

TWO = "run,t,x\na,0,1\na,1,2\nb,0,5\na,2,3\nb,1,6\na,3,NA\nb,2,7\nb,3,8\na,4,9\n"


def test_samples_hold_what_the_file_says() -> None:
    reading = guessed("time [h],x,y\n0,1,5\n1,2,\n2,3,7\n3,4,8\n4,5,9\n")
    assert reading.samples is not None
    assert reading.samples.states == ("x", "y")
    assert reading.samples.source == "f.csv"
    np.testing.assert_array_equal(reading.samples.times[0], [0, 1, 2, 3, 4])
    np.testing.assert_array_equal(reading.samples.values[0], [[1, 2, 3, 4, 5], [5, np.nan, 7, 8, 9]])
    assert "5 samples of x and y, from t = 0 to 4 h" in reading.sentence
    assert "1 value" in reading.sentence
    Dataset.from_samples(reading.samples)  # what can be read can be learned from


def test_a_column_tells_trajectories_apart() -> None:
    samples = guessed(TWO).samples
    assert samples is not None
    np.testing.assert_array_equal(samples.times[0], [0, 1, 2, 4])
    np.testing.assert_array_equal(samples.values[1], [[5, 6, 7, 8]])


def test_a_new_trajectory_begins_where_the_time_falls_back() -> None:
    samples = guessed("t,x\n0,1\n1,2\n2,3\n3,5\n0,4\n1,5\n2,6\n3,9\n").samples
    assert samples is not None
    assert [list(np.asarray(t)) for t in samples.times] == [[0, 1, 2, 3]] * 2


def test_rows_in_no_order_are_sorted() -> None:
    found = table("t,x\n4,40\n3,30\n2,20\n1,10\n0,1\n")
    reading = tables.read(found, tables.guess(found))
    assert reading.samples is not None
    np.testing.assert_array_equal(reading.samples.values[0], [[1, 10, 20, 30, 40]])


def test_without_a_time_the_rows_are_counted() -> None:
    found = table("x,y\n5,1\n3,2\n4,1\n2,2\n1,2\n")
    reading = tables.read(found, tables.guess(found))
    assert reading.samples is not None
    np.testing.assert_array_equal(reading.samples.times[0], range(5))


def test_errors_have_their_places_and_can_be_left_out() -> None:
    text = "# one\nt,x\n0,1\n1,oops\n2,3\n3,4\n4,5,6\n5,7\n5,8\n"
    reading = guessed(text)
    assert reading.samples is None
    assert [(problem.line, problem.row, problem.column) for problem in reading.problems] == [
        (4, 1, 1), (7, -1, -1), (9, 5, 0),
    ]  # fmt: skip
    assert "“oops”" in reading.problems[0].message
    assert "comes twice" in reading.problems[2].message
    rest = guessed(text, without_faults=True)
    assert rest.samples is not None
    np.testing.assert_array_equal(rest.samples.times[0], [0, 2, 3, 5])
    assert any("3 lines with errors left out" in note for note in rest.notes)


def test_short_trajectories_and_rows_without_a_time_are_left_out() -> None:
    reading = guessed("run,t,x\n1,0,1\n1,1,2\n1,2,3\n1,3,4\n1,,4\n2,0,1\n2,1,2\n1,4,5\n1,5,5\n1,6,6\n")
    assert reading.samples is not None
    assert len(reading.samples.times) == 1
    assert "1 row without a time left out." in reading.notes
    assert any("1 trajectory" in note for note in reading.notes)


@pytest.mark.parametrize(
    ("roles", "sentence"),
    [
        ("time ignored ignored", "at least one column as a state"),
        ("time time state", "Only one column can be the time"),
        ("trajectory trajectory state", "Only one column can tell"),
        ("time state state", "Two columns are the state x"),
    ],
)
def test_choices_that_make_no_sense(roles: str, sentence: str) -> None:
    uses = [ColumnUse(ColumnRole(role), "x") for role in roles.split()]
    reading = tables.read(table("a,b,c\n1,2,3\n2,3,4\n3,4,5\n4,5,6\n"), uses)
    assert reading.samples is None
    assert sentence in reading.sentence


def roles(text: str) -> list[str]:
    return [use.role.value for use in tables.guess(table(text))]


def test_columns_are_guessed() -> None:
    assert roles(TWO) == ["trajectory", "time", "state"]
    assert roles("year,hare,lynx\n1900,30,4\n1901,47,6\n1902,70,9\n") == ["time", "state", "state"]
    assert roles("x,time\n3,0\n4,1\n5,2\n") == ["state", "time"]
    assert roles(",t,x\n0,0.0,5\n1,0.1,5.5\n2,0.2,6\n") == ["ignored", "time", "state"]
    assert roles("day,place,n\n1,here,5\n2,here,7\n3,here,6\n") == ["time", "ignored", "state"]
    assert roles("0,1\n1,3\n2,2\n") == ["time", "state"]


def test_names_are_those_of_states() -> None:
    found = table("time,Hare (thousands),lynx-2,θ,e,e\n0,1,2,3,4,5\n1,2,3,4,5,6\n2,3,4,5,6,8\n")
    names = [use.name for use in tables.guess(found)][1:]
    assert names == ["Hare", "lynx_2", "theta", "e_1", "e_1_2"]


def test_units_go_by_names() -> None:
    found = table("time [h],x [m]\n0,1\n1,2\n2,4\n")
    uses = tables.guess(found)
    assert tables.units_of(found, uses) == {"t": "h", "x": "m"}
    renamed = (uses[0], msgspec.structs.replace(uses[1], name="y"))
    assert tables.units_of(found, renamed) == {"t": "h", "y": "m"}


def test_far_too_many_rows_are_thinned_and_that_is_told(monkeypatch):
    monkeypatch.setattr(reading_module, "MOST", 10)
    reading = guessed("t,x\n" + "".join(f"{i},{i % 7}\n" for i in range(25)))
    assert reading.samples is not None
    np.testing.assert_array_equal(reading.samples.times[0], np.arange(0, 25, 3))
    assert "Of every 3 rows one is used" in reading.notes[0]
