"""Old files are brought up to date step by step."""

from __future__ import annotations

import json

import pytest

from odeplayground.storage import migrations, project
from odeplayground.storage.errors import FileProblem


def _rename(old, new):
    def migration(experiment):
        return {(new if key == old else key): value for key, value in experiment.items()}

    return migration


def test_steps_run_in_order_from_the_files_version():
    steps = {1: _rename("a", "b"), 2: _rename("b", "c"), 3: _rename("c", "d")}
    assert migrations.migrate({"a": 1}, 1, steps, 4) == {"d": 1}
    assert migrations.migrate({"b": 1}, 2, steps, 4) == {"d": 1}
    assert migrations.migrate({"a": 1}, 4, steps, 4) == {"a": 1}


def test_the_chain_has_no_gap():
    assert set(migrations.MIGRATIONS) == set(range(1, migrations.VERSION))


def test_an_old_file_opens_through_its_migration(experiment, monkeypatch):
    document = json.loads(project.to_bytes(experiment))
    document["experiment"]["title"] = document["experiment"].pop("name")
    old = json.dumps(document).encode()
    with pytest.raises(FileProblem):
        project.from_bytes(old)
    monkeypatch.setitem(migrations.MIGRATIONS, 1, _rename("title", "name"))
    monkeypatch.setattr(project, "migrate", lambda value, version: migrations.migrate(value, version, newest=2))
    assert project.from_bytes(old) == experiment


def test_a_migration_that_meets_rubbish_is_a_file_problem(monkeypatch):
    def migration(value):
        raise KeyError(value["no such field"])

    monkeypatch.setattr(project, "migrate", lambda value, version: migration(value))
    bare = {"format": project.FORMAT, "version": 1, "experiment": {}}
    with pytest.raises(FileProblem, match="damaged"):
        project.from_bytes(json.dumps(bare).encode())
