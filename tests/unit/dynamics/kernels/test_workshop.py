"""Work in the background: done in turn, and never in the way of the end."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from odeplayground.dynamics.kernels.workshop import Workshop


def test_one_after_the_other_and_a_failure_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    workshop, done = Workshop(), []
    workshop.submit(lambda: done.append(1))
    workshop.submit(lambda: 1 // 0)
    workshop.submit(lambda: done.append(2))
    workshop.wait()
    assert done == [1, 2]
    assert "ZeroDivisionError" in caplog.text
    workshop.end()


def test_what_has_not_begun_is_forgotten_at_the_end() -> None:
    workshop, done = Workshop(), []
    workshop.submit(lambda: time.sleep(0.1))
    workshop.submit(lambda: done.append(1))
    workshop.end()
    assert not workshop._thread.is_alive()
    assert done == []


def test_a_process_ends_while_there_is_work_left() -> None:
    """Ten thousand seconds of it."""
    lines = [
        "import time",
        "from odeplayground.dynamics.kernels import workshop",
        "workshop.PATIENCE = 0.1",
        "shop = workshop.Workshop()",
        "for _ in range(100): shop.submit(lambda: time.sleep(100))",
    ]
    subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True, timeout=60)
