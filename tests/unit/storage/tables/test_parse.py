"""How tables are written, and that all the ways give the same numbers."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odeplayground.storage.errors import FileProblem
from odeplayground.storage.tables import guess, load, read
from odeplayground.storage.tables.text import decoded, lines_of
from tests.unit.storage.tables.reading import guessed, table

VALUES = np.array([[0.0, 1.5, -2.0], [0.5, 1.25, 4e-3], [1.0, np.nan, 6.0], [1.5, 1.0, 7.5]])


def written(separator: str, point: str = ".", missing: str = "NA", head: str = "t{0}x{0}v") -> str:
    rows = [[missing if np.isnan(x) else f"{x!r}".replace(".", point) for x in row] for row in VALUES.tolist()]
    lines = [head.format(separator)] if head else []
    return "\n".join([*lines, *(separator.join(row) for row in rows)]) + "\n"


def numbers(text: str) -> np.ndarray:
    return np.stack([column.values for column in table(text).columns], axis=1)


@pytest.mark.parametrize(
    "text",
    [
        written(","),
        written(";"),
        written("\t"),
        written("|"),
        written("  "),
        written(" , "),
        written(";", point=","),
        written("\t", point=","),
        written(",", missing=""),
        written(",", missing="nan"),
        written(",", head=""),
        written(",").replace("\n", "\r\n"),
        written(",").replace("\n", "\r"),
        written(",").replace("\n", ",\n"),
        written(",").replace("\n", "\n\n# a comment, with, commas, in, it\n"),
        "# about\n# t\tx\tv\n" + written("\t", head=""),
        written(",", head='"t","x","v"'),
    ],
)
def test_the_same_numbers_however_they_are_written(text: str) -> None:
    np.testing.assert_array_equal(numbers(text), VALUES)


def test_titles_and_units() -> None:
    found = table("t [s],x (m),f(t),note\n0,1,2,3\n1,2,3,4\n")
    assert [(column.title, column.unit) for column in found.columns] == [
        ("t", "s"), ("x", "m"), ("f", ""), ("note", ""),
    ]  # fmt: skip
    below = table("t,x\n[s],[m]\n0,1\n1,2\n")
    assert [(column.title, column.unit) for column in below.columns] == [("t", "s"), ("x", "m")]
    assert below.n_rows == 2
    commented = table("# made by a program\n# t v\n0 1\n1 2\n")
    assert [column.title for column in commented.columns] == ["t", "v"]


def test_dates_are_a_time() -> None:
    found = table("when,n\n2020-02-28,1\n2020-02-29,2\n2020-03-01,4\n2020-03-03,9\n")
    np.testing.assert_array_equal(found.columns[0].values, [0, 1, 2, 4])
    assert (found.columns[0].unit, found.columns[0].since) == ("d", "2020-02-28")
    hours = table("when,n\n2020-02-28 10:00,1\n2020-02-28 11:30,2\n")
    np.testing.assert_allclose(hours.columns[0].values, [0, 1.5])
    assert hours.columns[0].unit == "h"


def test_lines_that_do_not_fit_are_told_with_their_numbers() -> None:
    found = table("# first line\nt,x\n0,1\n1\n2,3,4\n3,4\n")
    assert [(problem.line, problem.row) for problem in found.problems] == [(4, -1), (5, -1)]
    assert "1 cell," in found.problems[0].message
    assert "3 cells," in found.problems[1].message
    np.testing.assert_array_equal(found.lines, [3, 6])


@pytest.mark.parametrize("text", ["", "\n\n", "# only\n# comments\n", "t,x\n"])
def test_nothing_to_read(text: str) -> None:
    with pytest.raises(FileProblem, match="There are no"):
        table(text)


def test_too_much_to_read() -> None:
    with pytest.raises(FileProblem, match="200 columns"):
        table(",".join(map(str, range(300))) + "\n")


def test_a_file_that_is_no_text(tmp_path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(b"PK\x03\x04\x00\x00binary")
    with pytest.raises(FileProblem, match="Export it as CSV"):
        load(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_encodings(encoding: str) -> None:
    text = "t,Größe\n0,1\n1,2\n"
    assert decoded(text.encode(encoding), "f") == text


@given(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=300)
    | st.text("0123456789.,;\t |\n#tx\"'-eEnaN[]()", max_size=300)
)
def test_no_text_does_harm(text: str) -> None:
    """Whatever the text: a table that fits together, or a sentence."""
    try:
        found = table(text)
    except FileProblem:
        return
    assert all(len(column.values) == found.n_rows for column in found.columns)
    assert all(not np.isinf(column.values).any() for column in found.columns)
    uses = guess(found)
    assert len(uses) == len(found.columns)
    for without_faults in (False, True):
        reading = read(found, uses, without_faults=without_faults)
        assert reading.sentence
        if reading.samples is not None:
            for times, values in zip(reading.samples.times, reading.samples.values, strict=True):
                assert (np.diff(np.asarray(times)) > 0).all()
                assert (np.isfinite(np.asarray(values)).sum(axis=1) >= 4).all()


@given(st.binary(max_size=200))
def test_no_bytes_do_harm(data: bytes) -> None:
    try:
        text = decoded(data, "f")
    except FileProblem:
        return
    with contextlib.suppress(FileProblem):
        table(text)


@given(st.text("ab\r\n", max_size=40), st.integers(0, 6))
def test_lines_are_those_of_the_whole_text(text: str, piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("odeplayground.storage.tables.text._PIECE", piece)
        assert lines_of(text) == text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def test_a_line_with_an_entry_that_is_too_large() -> None:
    reading = guessed("t,x\n0,1\n1,1e999\n2,3\n3,4\n4,6\n")
    assert reading.samples is None
    assert (reading.problems[0].line, reading.problems[0].column) == (3, 1)
