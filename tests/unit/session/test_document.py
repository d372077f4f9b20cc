from __future__ import annotations

from pathlib import Path

import pytest

from odeplayground.session import Document, edits
from odeplayground.session.document import LIMIT
from odeplayground.spec import Experiment
from tests.unit.session.systems import experiment


@pytest.fixture
def document() -> Document:
    return Document(experiment())


def named(document: Document, name: str) -> Experiment:
    return edits.set_name(document.experiment, name)


def test_an_edit_is_told_once_with_before_after_and_label(document: Document) -> None:
    seen: list[tuple[str, str, str]] = []
    document.changed.connect(lambda old, new, label: seen.append((old.name, new.name, label)))
    document.apply(named(document, "a"), "Rename")
    document.apply(named(document, "a"), "Rename")  # nothing changed: nothing happens
    assert seen == [("test", "a", "Rename")]
    assert document.undo_label == "Rename"


def test_undo_and_redo_walk_along_the_labels(document: Document) -> None:
    for name in "abc":
        document.apply(named(document, name), f"Name {name}")
    document.undo()
    document.undo()
    assert (document.experiment.name, document.undo_label, document.redo_label) == ("a", "Name a", "Name b")
    document.redo()
    assert (document.experiment.name, document.undo_label, document.redo_label) == ("b", "Name b", "Name c")
    document.apply(named(document, "d"), "Name d")
    assert document.redo_label is None
    document.redo()
    assert document.experiment.name == "d"
    for _ in range(9):
        document.undo()
    assert (document.experiment.name, document.undo_label) == ("test", None)


def test_the_end_of_one_run_does_not_end_another(document: Document) -> None:
    for name, ended in (("1", "text"), ("2", "text"), ("3", "slider"), ("4", "text")):
        document.apply(named(document, name), "Drag", merge="slider")
        document.seal(ended)
    document.undo()
    assert document.experiment.name == "3"
    document.undo()
    assert document.experiment.name == "test"


def test_edits_with_one_key_merge_until_sealed_or_interrupted(document: Document) -> None:
    for name in ("1", "2", "3"):
        document.apply(named(document, name), "Drag", merge="slider")
    document.seal()
    for name in ("4", "5"):
        document.apply(named(document, name), "Drag", merge="slider")
    document.apply(named(document, "6"), "Drag other", merge="other slider")
    document.apply(named(document, "7"), "Rename")
    document.apply(named(document, "8"), "Rename")
    names = []
    while document.undo_label is not None:
        document.undo()
        names.append(document.experiment.name)
    assert names == ["7", "6", "5", "3", "test"]


def test_undo_ends_a_run_of_merged_edits(document: Document) -> None:
    document.apply(named(document, "1"), "Drag", merge="slider")
    document.undo()
    document.apply(named(document, "2"), "Drag", merge="slider")
    document.apply(named(document, "3"), "Drag", merge="slider")
    document.undo()
    assert document.experiment.name == "test"


def test_dirty_means_different_from_what_was_saved(document: Document) -> None:
    saved: list[int] = []
    document.saved.connect(lambda: saved.append(1))
    assert not document.dirty
    document.apply(named(document, "a"), "Rename")
    assert document.dirty
    document.mark_saved(Path("a.odep"))
    assert (document.dirty, document.path) == (False, Path("a.odep"))
    document.undo()
    assert document.dirty
    document.redo()
    assert not document.dirty
    assert saved == [1]


def test_amending_leaves_the_history_alone(document: Document) -> None:
    document.apply(named(document, "a"), "Rename")
    document.amend(named(document, "b"), "Amend")
    assert (document.experiment.name, document.undo_label) == ("b", "Rename")
    document.undo()
    assert document.experiment.name == "test"
    document.redo()
    assert document.experiment.name == "b"


def test_another_document_has_no_history(document: Document) -> None:
    document.apply(named(document, "a"), "Rename")
    document.replace(experiment(name="other"), Path("other.odep"))
    assert (document.undo_label, document.redo_label, document.dirty) == (None, None, False)
    assert document.path == Path("other.odep")
    document.replace(experiment(name="recovered"), saved=False)
    assert document.dirty
    assert document.path is None


def test_undo_goes_back_to_the_document_before_and_its_file(document: Document) -> None:
    left: list[str] = []
    document.leaving.connect(lambda: left.append(document.experiment.name))
    document.mark_saved(Path("first.odep"))
    document.apply(named(document, "a"), "Rename")
    document.open(experiment(name="other"), "Open other", Path("other.odep"))
    assert (document.path, document.dirty, document.undo_label) == (Path("other.odep"), False, "Open other")
    document.apply(named(document, "b"), "Rename")
    document.mark_saved(Path("third.odep"))
    document.undo()
    assert (document.path, document.dirty) == (Path("third.odep"), True)
    document.undo()
    assert (document.experiment.name, document.path, document.dirty) == ("a", Path("first.odep"), True)
    document.undo()
    assert (document.experiment.name, document.dirty) == ("test", False)
    for _ in range(3):
        document.redo()
    assert (document.experiment.name, document.path, document.dirty) == ("b", Path("third.odep"), False)
    assert left == ["a", "other", "a"]


def test_the_history_is_bounded(document: Document) -> None:
    for i in range(LIMIT + 20):
        document.apply(named(document, str(i)), "Rename")
    for _ in range(LIMIT + 20):
        document.undo()
    assert document.experiment.name == "19"
