"""``odeplayground doctor``."""

from __future__ import annotations

import json

import pytest

from odeplayground import __version__
from odeplayground.cli import doctor, libraries, run, versions


@pytest.fixture
def offscreen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading torch takes seconds; once is enough."""
    monkeypatch.setattr(doctor, "_torch", lambda: doctor.Check("torch threads", "1"))


@pytest.mark.usefixtures("offscreen")
def test_here_everything_is_fine(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--json"]) == 0
    checks = {check["name"]: check for check in map(json.loads, capsys.readouterr().out.splitlines())}

    assert checks["odeplayground"]["found"] == __version__
    assert checks["window"]["found"] == "Qt platform offscreen"
    assert int(checks["torch threads"]["found"]) >= 1
    assert "numbers at once" in checks["native code"]["found"]
    assert "presets" in checks["resources"]["found"]
    assert "problem" not in {check["verdict"] for check in checks.values()}


@pytest.mark.usefixtures("no_torch")
def test_a_missing_display_is_a_note_and_no_problem(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)

    assert run(["doctor"]) == 0
    assert "neither DISPLAY nor" in " ".join(capsys.readouterr().out.split())


@pytest.mark.usefixtures("offscreen", "no_torch")
def test_missing_system_libraries_are_a_problem_with_the_packages_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libraries, "_loads", lambda library: library != "libEGL.so.1")

    assert run(["doctor", "--json"]) == 1
    checks = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert "apt-get install libegl1" in next(c["advice"] for c in checks if c["name"] == "system libraries")


@pytest.mark.parametrize(
    ("library", "verdict", "advice"),
    [
        (versions.Library("numpy", "2.4", ">=2.0", "2.4.0"), "ok", ""),
        (versions.Library("numpy", "2.5", ">=2.0", "2.4.0"), "note", "Tested with 2.4.0."),
        (versions.Library("numpy", "1.9", ">=2.0", "2.4.0"), "problem", 'pip install "numpy>=2.0"'),
        (versions.Library("numpy", "", ">=2.0", ""), "problem", 'pip install "numpy>=2.0"'),
    ],
)
def test_a_library_is_judged_by_its_range(library: versions.Library, verdict: str, advice: str) -> None:
    check = doctor.check_library(library)

    assert (check.verdict, check.advice) == (verdict, advice)
