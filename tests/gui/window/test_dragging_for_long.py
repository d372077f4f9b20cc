"""Memory of the whole window does not grow, however long somebody drags."""

from __future__ import annotations

import os
import time
from random import Random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from odeplayground.gui.collector import Collector
from odeplayground.gui.widgets.slider import Slider
from tests.soak.memory import MOST_GROWTH, STATUS, resident

LONG = float(os.environ.get("ODEPLAYGROUND_DRAG", "600"))
"""Seconds."""
WARM_UP = LONG / 10
STEPS, PAUSE = 20, 12
"""Moves of a drag, and milliseconds between two of them."""

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(not STATUS.exists(), reason="memory is read from /proc"),
    pytest.mark.timeout(3600),
]


def handles(window) -> list[QPoint]:
    """Places to take hold of: sliders, starting points, somewhere in the plane."""
    view = window.portrait.view
    starts = [view.handle_pixel(k).toPoint() for k in range(len(window.session.document.experiment.starts))]
    inside = [view.viewport().mapTo(window, at) for at in starts if view.viewport().rect().contains(at)]
    sliders = [s for s in window.findChildren(Slider) if s.isVisible() and not s.visibleRegion().isEmpty()]
    return [*inside, *(slider.mapTo(window, slider.rect().center()) for slider in sliders)]


def drag(window, qtbot, random: Random) -> None:
    """From one of the handles, by hand, somewhere."""
    at = random.choice(handles(window))
    path = QPoint(random.randint(-12, 12), random.randint(-8, 8))
    handle = window.windowHandle()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    for _ in range(STEPS):
        at += path
        QTest.mouseMove(handle, at)
        qtbot.wait(PAUSE)
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)


def drag_for(window, qtbot, random: Random, seconds: float) -> int:
    """How many drags there were."""
    end, count = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        drag(window, qtbot, random)
        count += 1
        if count % 50 == 0:  # what was dragged out of sight comes back
            window.session.open_preset("pendulum")
    return count


@pytest.mark.qt_log_ignore("occurs outside target window", extend=True)
def test_ten_minutes_of_dragging_cost_no_memory(window, qtbot, qapp):
    collector = Collector(qapp)
    random = Random(0)
    drag_for(window, qtbot, random, WARM_UP)
    before = resident()
    count = drag_for(window, qtbot, random, LONG)
    grown = resident() - before
    collector.close()
    print(f"{count} drags, {1e-6 * grown:.1f} MB more")
    assert grown < MOST_GROWTH, f"{1e-6 * grown:.1f} MB more after {count} drags"
