"""The list of presets."""

from __future__ import annotations

import json

import pytest

from odeplayground.cli import run
from odeplayground.storage import presets


def test_the_table_names_every_preset(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["presets"]) == 0
    lines = capsys.readouterr().out.splitlines()

    assert [line.split()[0] for line in lines[1:]] == presets.presets()


def test_json_has_one_object_per_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["presets", "--json"]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert [preset["name"] for preset in listed] == presets.presets()
    assert all(preset["type"] == "preset" and preset["title"] and preset["summary"] for preset in listed)
