"""``odeplayground simulate``."""

from __future__ import annotations

import csv
import io
import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from odeplayground.cli import run

BLOW_UP = "x' = x^2\nx(0) = 1\n"


def solution(capsys: pytest.CaptureFixture[str], words: str, code: int = 0) -> dict[str, Any]:
    def refuse(literal: str) -> None:
        raise AssertionError(f"{literal} is no JSON")

    assert run(["simulate", *words.split(), "--json"]) == code
    return json.loads(capsys.readouterr().out, parse_constant=refuse)


def written(text: str) -> list[list[float]]:
    return [[float(cell) for cell in row] for row in list(csv.reader(io.StringIO(text)))[1:]]


def test_the_undamped_pendulum_keeps_its_energy(capsys: pytest.CaptureFixture[str]) -> None:
    found = solution(capsys, "pendulum --set b=0 --initial theta=1 --t-span 0 20 --rtol 1e-9 --atol 1e-12")
    theta, omega = found["y"]
    energy = [0.5 * w * w - 5.0 * math.cos(q) for q, w in zip(theta, omega, strict=True)]

    assert found["status"] == "finished"
    assert (found["t"][0], found["t"][-1], len(found["t"])) == (0.0, 20.0, 501)
    assert (theta[0], omega[0]) == (1.0, 0.0)
    assert max(energy) - min(energy) < 1e-6


def test_a_parameter_set_on_the_line_decides(capsys: pytest.CaptureFixture[str]) -> None:
    """Newton's cooling solved exactly, with the rate of the command line."""
    found = solution(capsys, "cooling --set k=0.5 --t-span 0 3 --points 4 --rtol 1e-10 --atol 1e-12")
    room, start = found["parameters"]["T_room"], found["y"][0][0]

    assert found["parameters"]["k"] == 0.5
    expected = [room + (start - room) * math.exp(-0.5 * t) for t in (0, 1, 2, 3)]
    assert found["y"][0] == pytest.approx(expected, rel=1e-8)


def test_csv_on_the_terminal_is_the_table_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "pendulum", "--csv", "-", "--points", "11", "--t-span", "0", "1"]) == 0
    said = capsys.readouterr()
    rows = written(said.out)

    assert said.out.splitlines()[0] == "t,theta,omega"
    assert [row[0] for row in rows] == pytest.approx([i / 10 for i in range(11)])
    assert said.err == ""


def test_csv_in_a_file_says_the_same_as_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    found = solution(capsys, f"lotka-volterra --points 21 --csv {target}")
    rows = written(target.read_text(encoding="utf-8"))

    assert list(zip(*rows, strict=True)) == [tuple(found["t"]), *(tuple(row) for row in found["y"])]


def test_the_summary_names_the_end_state(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "pendulum", "--t-span", "0", "200"]) == 0
    said = capsys.readouterr().out

    assert said.startswith("Damped pendulum: finished")
    assert "theta" in said
    assert "up to t = 200" in said


def test_divergence_ends_with_three_and_keeps_what_there_is(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "blow-up.txt").write_text(BLOW_UP, encoding="utf-8")

    found = solution(capsys, f"{tmp_path / 'blow-up.txt'} --t-span 0 2 --points 201", code=3)

    assert found["status"] != "finished"
    assert 0.9 < found["t"][-1] <= 1.0
    expected = [1 / (1 - t) for t in found["t"][:80]]
    assert found["y"][0][:80] == pytest.approx(expected, rel=1e-4)


def test_divergence_is_told_in_a_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "blow-up.txt").write_text(BLOW_UP, encoding="utf-8")

    assert run(["simulate", str(tmp_path / "blow-up.txt"), "--t-span", "0", "2"]) == 3
    assert capsys.readouterr().err.strip().endswith(".")


def test_a_faulty_text_is_shown_with_the_place_and_a_suggestion(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "faulty.txt").write_text("theta' = omega\nomega' = -sin(thta)\n", encoding="utf-8")

    assert run(["simulate", str(tmp_path / "faulty.txt")]) == 1
    said = capsys.readouterr().err.splitlines()

    assert any(line.startswith("faulty.txt:2:15: ") and "theta" in line for line in said)
    assert "    omega' = -sin(thta)" in said
    assert "                  ^^^^" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("pendulun", 'Did you mean "pendulum"?'),
        ("zzz", "listed by: odeplayground presets"),
        ("missing.odep", 'There is no file "missing.odep".'),
        ("pendulum --set bb=1", 'There is no parameter "bb". Did you mean "b"?'),
        ("pendulum --initial tehta=1", 'There is no state "tehta". Did you mean "theta"?'),
        ("pendulum --t-span 3 3", "time"),
        ("pendulum --csv missing-folder/out.csv", "out.csv"),
    ],
)
def test_bad_input_ends_with_one_and_says_what_to_do(
    words: str, sentence: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert run(["simulate", *words.split()]) == 1
    said = capsys.readouterr()
    assert sentence in said.err
    assert said.out == ""
    assert "Traceback" not in said.err


def test_a_damaged_project_is_refused_with_a_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "damaged.odep").write_text('{"format": ', encoding="utf-8")

    assert run(["simulate", str(tmp_path / "damaged.odep")]) == 1
    assert "damaged.odep" in capsys.readouterr().err


def test_a_reader_that_leaves_early_is_no_error() -> None:
    command = f"'{sys.executable}' -m odeplayground simulate pendulum --csv - --points 100000 | head -n 1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False, timeout=100
    )

    assert done.stdout == "t,theta,omega\n"
    assert done.stderr == ""


def test_it_says_which_terms_count_as_zero(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "half_known.ode"
    path.write_text("x' = -x + [?](x)\nx(0) = 1\n", encoding="utf-8")
    assert run(["simulate", str(path)]) == 0
    assert "One term [?] is not learned yet and counts as zero." in capsys.readouterr().out
