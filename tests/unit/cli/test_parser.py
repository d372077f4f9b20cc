"""Reading the arguments."""

from __future__ import annotations

from pathlib import Path

import pytest

from odeplayground import __version__
from odeplayground.cli import run
from odeplayground.cli.exits import Exit
from odeplayground.cli.parser import COMMANDS, parse
from odeplayground.spec import Gradient, Method


def test_no_argument_means_the_window() -> None:
    arguments = parse([])

    assert (arguments.command, arguments.system) == ("window", None)


def test_a_file_means_the_window_on_it() -> None:
    arguments = parse(["swing.odep"])

    assert (arguments.command, arguments.system) == ("window", "swing.odep")


def test_a_command_is_taken_before_a_file_of_that_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "presets").touch()

    assert parse(["presets"]).command == "presets"


def test_simulate_reads_everything() -> None:
    words = "pendulum --set b=0.1 --set c=2*pi --initial theta=1 --t-span -1 20 --method rk4 --rtol 1e-8 --points 7"
    arguments = parse(["simulate", *words.split(), "--csv", "-"])

    assert arguments.system == "pendulum"
    assert dict(arguments.set) == pytest.approx({"b": 0.1, "c": 6.283185307179586})
    assert arguments.initial == [("theta", 1.0)]
    assert arguments.t_span == [-1.0, 20.0]
    assert arguments.method is Method.RK4
    assert (arguments.rtol, arguments.atol, arguments.points, arguments.csv) == (1e-8, None, 7, "-")


def test_train_reads_everything() -> None:
    words = "sir --trajectories 3 --points 40 --noise 0 --epochs 9 --gradient direct --seed 4 --out a.odep --json"
    arguments = parse(["train", *words.split()])

    assert (arguments.trajectories, arguments.points, arguments.noise, arguments.epochs) == (3, 40, 0.0, 9)
    assert (arguments.gradient, arguments.seed, arguments.out, arguments.json) == (Gradient.DIRECT, 4, "a.odep", True)


@pytest.mark.parametrize(
    "words",
    [
        "simulate",
        "simulate pendulum --set b",
        "simulate pendulum --set b=x",
        "simulate pendulum --t-span 3",
        "simulate pendulum --rtol 0",
        "simulate pendulum --rtol nan",
        "simulate pendulum --points 0",
        "simulate pendulum --points 2.5",
        "simulate pendulum --method newton",
        "train pendulum --gradient magic",
        "presets --verbose",
        "--jsno",
        "one.odep two.odep",
    ],
)
def test_wrong_usage_is_explained_and_ends_with_two(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(words.split())
    said = capsys.readouterr()

    assert code == Exit.USAGE
    assert "usage: odeplayground" in said.err
    assert "error:" in said.err
    assert said.out == ""


def test_a_mistyped_command_is_not_taken_for_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["simulat", "pendulum"])

    assert code == Exit.USAGE
    assert 'Did you mean "simulate"?' in capsys.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == Exit.GOOD
    assert capsys.readouterr().out == f"odeplayground {__version__}\n"


def test_the_help_names_every_command_and_shows_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == Exit.GOOD
    said = capsys.readouterr().out

    assert all(f"    {command} " in said for command in COMMANDS)
    assert "examples:" in said
    assert "exit codes:" in said


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--help"]) == Exit.GOOD
    assert f"usage: odeplayground {command}" in capsys.readouterr().out


def test_the_help_lists_the_methods_from_the_one_declaration(capsys: pytest.CaptureFixture[str]) -> None:
    run(["simulate", "--help"])
    said = " ".join(capsys.readouterr().out.split())

    assert all(f"{method}: {' '.join(method.help.split()[:3])}" in said for method in Method)
