"""The progress bar: on a terminal only."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="pseudo terminals are a thing of Unix")


def said_to_a_terminal(command: list[str], environment: dict[str, str]) -> tuple[str, str]:
    """Run a command whose stderr is a terminal and whose stdout is a pipe; what it wrote to each."""
    ours, theirs = pty.openpty()
    program = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=theirs, text=True)
    os.close(theirs)
    pieces = []
    try:
        while piece := os.read(ours, 65536):
            pieces.append(piece)
    except OSError:
        pass  # Linux reports the end of a pseudo terminal as an error
    finally:
        os.close(ours)
    out, _ = program.communicate()
    return b"".join(pieces).decode(errors="replace"), out


def test_a_terminal_sees_the_bar_and_the_pipe_the_table(short: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "odeplayground", "train", str(short)]

    bar, table = said_to_a_terminal(command, environment | {"TERM": "xterm"})

    assert "3/3" in bar
    assert "held out" in bar
    assert "comparison with the true system" in table
    assert "held out" not in table


def test_json_keeps_a_terminal_quiet(short: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "odeplayground", "train", str(short), "--json"]

    bar, _ = said_to_a_terminal(command, environment | {"TERM": "xterm"})

    assert bar == ""
