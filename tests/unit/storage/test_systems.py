"""Systems from files."""

from __future__ import annotations

import pytest

from odeplayground.expr.public import ModelError
from odeplayground.storage import presets, project, systems
from odeplayground.storage.errors import FileProblem


def test_a_project_file(trained, tmp_path):
    path = tmp_path / "a.odep"
    project.save(trained, path)
    assert systems.load(path) == trained.system


@pytest.mark.parametrize("name", ["a.txt", "a.ode", "equations"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_plain_text(tmp_path, name, encoding):
    path = tmp_path / name
    path.write_text(presets.load("pendulum").text, encoding=encoding)
    assert systems.load(str(path)) == presets.preset("pendulum")


def test_a_faulty_text_says_where(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("x' = y\ny' = -x +\n")
    with pytest.raises(ModelError) as caught:
        systems.load(path)
    assert caught.value.problems[0].line == 2


def test_files_that_cannot_be_read(tmp_path):
    path = tmp_path / "a.txt"
    with pytest.raises(FileProblem, match="no such file"):
        systems.load(path)
    path.write_bytes(b"x' = \xff")
    with pytest.raises(FileProblem, match="UTF-8"):
        systems.load(path)
    (tmp_path / "a.odep").write_text("{}")
    with pytest.raises(FileProblem, match="not a project file"):
        systems.load(tmp_path / "a.odep")
