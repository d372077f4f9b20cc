"""The loss plot."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from odeplayground.gui.plots import LossView
from odeplayground.spec import Epoch, Stage

STAGES = [Stage(1, "horizon 1 s"), Stage(100, "horizon 4 s"), Stage(101, "a stage without room for its name")]


def history(losses):
    return [Epoch(i + 1, loss, 1.3 * loss, 0.04, 10, 10, 1.0, 1) for i, loss in enumerate(losses)]


@pytest.fixture
def view(qtbot, theme):
    widget = LossView()
    qtbot.addWidget(widget)
    widget.resize(700, 150)
    widget.show()
    return widget


def count(view, code: str) -> int:
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32) & 0xFFFFFF
    return int((pixels == QColor(code).rgb() & 0xFFFFFF).sum())


def test_a_training_grows(view, either_theme):
    losses = 2 * np.exp(-np.arange(200) / 40) + 0.01
    for n in (0, 1, 2, 50, 200):
        view.set_history(history(losses[:n]), STAGES, 600, best=n or None, current=n or None)
        assert view.ranges[0] == (0.0, 600.0)
        view.grab()
    assert count(view, either_theme.tokens.learned) > 100
    assert "epoch 200" in view.accessibleDescription()


def test_losses_lie_inside_the_scale(view):
    view.set_history(history([3.0, 0.5, 1e-4]), STAGES, 3)
    low, high = view.ranges[1]
    assert low < np.log10(1e-4)
    assert high > np.log10(3.9)


def test_undefined_losses_are_gaps(view):
    view.set_history(history([1.0, np.nan, np.inf, 0.0, -1.0, 1e-3]), (), 10, best=2, current=3)
    assert np.isfinite(view.ranges[1]).all()
    view.grab()
    view.set_history(history([np.nan]), (), 10, best=1, current=1)
    view.grab()


def test_a_click_asks_for_the_nearest_epoch(qtbot, view):
    view.set_history(history(np.full(50, 0.1)), (), 100)
    with qtbot.waitSignal(view.epoch_requested) as caught:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.mapping.point(30.2, -1).toPoint())
    assert caught.args == [30]
    with qtbot.waitSignal(view.epoch_requested) as caught:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.mapping.point(90, -1).toPoint())
    assert caught.args == [50]


def test_an_empty_plot_asks_for_nothing(qtbot, view):
    with qtbot.assertNotEmitted(view.epoch_requested):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.area.center().toPoint())


def test_the_current_epoch_has_a_cursor(view, theme):
    view.set_history(history(np.full(50, 0.1)), (), 100)
    without = count(view, theme.tokens.accent)
    view.set_current(20)
    assert count(view, theme.tokens.accent) > without + 50
    view.set_current(99)
    assert count(view, theme.tokens.accent) == without


def test_the_epochs_lie_where_a_slider_can_follow(view):
    view.set_history(history([1.0]), (), 600)
    assert view.area.left() == pytest.approx(40, abs=1)
    assert view.width() - view.area.right() == pytest.approx(16, abs=1)
