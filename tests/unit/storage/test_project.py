"""Project files: what is written is what is read, and what is faulty is refused with reasons."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

import msgspec
import numpy as np
import pytest

from odeplayground.storage import presets, project
from odeplayground.storage.errors import FileProblem

GOLDEN = Path(__file__).parent / "golden"


def _document(experiment):
    return json.loads(project.to_bytes(experiment))


def _problems(document) -> tuple[str, ...]:
    with pytest.raises(FileProblem) as caught:
        project.from_bytes(json.dumps(document).encode())
    return caught.value.problems


def test_round_trip(trained, tmp_path):
    path = tmp_path / "a.odep"
    project.save(trained, path)
    assert project.open(path) == trained
    assert project.open(str(path)).run.history[1].loss == math.inf


@pytest.mark.parametrize("name", presets.presets())
def test_every_preset_survives(name):
    experiment = presets.load(name).experiment
    assert project.from_bytes(project.to_bytes(experiment)) == experiment


def test_the_bytes_depend_on_nothing_but_the_experiment(trained):
    data = project.to_bytes(trained)
    assert project.to_bytes(project.from_bytes(data)) == data


def test_the_file_is_plain_sorted_json(trained):
    document = _document(trained)
    assert list(document) == ["experiment", "format", "version"]
    assert list(document["experiment"]) == sorted(document["experiment"])
    assert document["format"] == "odeplayground/experiment"
    assert document["version"] == 1


def test_arrays_are_bit_exact(trained):
    again = project.from_bytes(project.to_bytes(trained))
    assert np.array_equal(np.asarray(again.run.field.weights), np.asarray(trained.run.field.weights))


def test_undefined_losses_survive(trained):
    history = (msgspec.structs.replace(trained.run.history[0], loss=math.nan, held_out=-math.inf),)
    run = msgspec.structs.replace(trained.run, history=history)
    again = project.from_bytes(project.to_bytes(msgspec.structs.replace(trained, run=run)))
    assert math.isnan(again.run.history[0].loss)
    assert again.run.history[0].held_out == -math.inf


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.odep")), ids=lambda path: path.stem)
def test_golden_files_load_for_ever(path):
    experiment = project.open(path)
    assert experiment.preset == "pendulum"
    assert experiment.system.states == ("theta", "omega")
    assert experiment.system.parameters == ("b", "c")
    assert experiment.run is not None
    assert len(experiment.run.history) > 0
    assert np.all(np.isfinite(np.asarray(experiment.run.field.weights)))
    assert project.from_bytes(project.to_bytes(experiment)) == experiment


def test_there_is_a_golden_file_of_every_version():
    versions = {json.loads(path.read_bytes())["version"] for path in GOLDEN.glob("*.odep")}
    assert versions == set(range(1, project.VERSION + 1))


def test_all_problems_are_listed_with_their_paths(trained):
    document = _document(trained)
    inside = document["experiment"]
    inside["colour"] = 1
    inside["solver"]["rtol"] = "small"
    inside["view"]["mode"] = "upside down"
    inside["starts"][1][0] = None
    inside["run"]["history"][0]["speed"] = 3
    inside["run"]["field"]["type"] = "guess"
    del inside["plan"]
    del inside["name"]
    assert sorted(problem.split(":")[0] for problem in _problems(document)) == [
        "$.experiment.colour",
        "$.experiment.name",
        "$.experiment.run.field.type",
        "$.experiment.run.history[0].speed",
        "$.experiment.solver.rtol",
        "$.experiment.starts[1][0]",
        "$.experiment.view.mode",
    ]


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1e999", '"NaN"', '"Infinity"', "true", "null"])
def test_numbers_must_be_finite(experiment, literal):
    data = project.to_bytes(experiment).replace(b'"rtol": 1e-7', f'"rtol": {literal}'.encode())
    assert literal.encode() in data
    with pytest.raises(FileProblem):
        project.from_bytes(data)


def test_measured_numbers_may_be_words_but_only_these(trained):
    document = _document(trained)
    document["experiment"]["run"]["history"][0]["loss"] = "huge"
    document["experiment"]["run"]["samples"]["noise"] = "Infinity"
    assert [problem.split(":")[0] for problem in _problems(document)] == [
        "$.experiment.run.samples.noise",
        "$.experiment.run.history[0].loss",
    ]


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"format": "odeplayground/experiment"}', b"\x00" * 50],
    ids=["empty", "object", "list", "null", "binary", "deep", "no version", "zeros"],
)
def test_other_files_are_refused(data):
    with pytest.raises(FileProblem):
        project.from_bytes(data)


@pytest.mark.parametrize("version", [0, -1, 2, 10**30, 1.0, True, "1", None])
def test_versions(experiment, version):
    document = _document(experiment) | {"version": version}
    (problem,) = _problems(document)
    assert problem.startswith("$.version: ")


def test_a_newer_file_asks_for_an_update(experiment):
    (problem,) = _problems(_document(experiment) | {"version": 2})
    assert "Please update the program." in problem


def test_unknown_fields_beside_the_experiment(experiment):
    assert _problems(_document(experiment) | {"macro": "rm"}) == ("$.macro: Unknown field.",)


def test_a_missing_file_is_a_problem_with_a_sentence(tmp_path):
    with pytest.raises(FileProblem, match=r"nothing\.odep: There is no such file\."):
        project.open(tmp_path / "nothing.odep")
    with pytest.raises(FileProblem, match="could not be read"):
        project.open(tmp_path)
    with pytest.raises(FileProblem):
        project.open("null\0character.odep")


def test_the_size_is_limited(experiment, tmp_path, monkeypatch):
    path = tmp_path / "a.odep"
    project.save(experiment, path)
    monkeypatch.setattr(project, "SIZE_LIMIT", 100)
    with pytest.raises(FileProblem, match="too large"):
        project.open(path)


def test_what_could_not_be_read_is_not_written(experiment, tmp_path):
    path = tmp_path / "a.odep"
    project.save(experiment, path)
    before = path.read_bytes()
    wrong = msgspec.structs.replace(experiment, starts=((1.0,), (math.nan, 0.0)), selected=0)
    with pytest.raises(FileProblem) as caught:
        project.save(wrong, path)
    assert caught.value.problems == ("$.experiment.starts[1][0]: Expected a finite number, got NaN.",)
    with pytest.raises(FileProblem, match="characters"):
        project.save(msgspec.structs.replace(experiment, name="\ud800"), path)
    assert path.read_bytes() == before


def test_the_original_is_kept_when_writing_fails(experiment, tmp_path, monkeypatch):
    path = tmp_path / "a.odep"
    project.save(experiment, path)

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileProblem, match=r"could not be written: No space left on device\."):
        project.save(msgspec.structs.replace(experiment, name="new"), path)
    monkeypatch.undo()
    assert project.open(path) == experiment
    assert [file.name for file in tmp_path.iterdir()] == ["a.odep"]


def test_long_lists_of_problems_are_cut_in_the_message_only():
    problem = FileProblem("a.odep", [f"Sentence {i}." for i in range(9)])
    assert len(problem.problems) == 9
    assert str(problem).splitlines()[-1] == "... and 4 more problems."
