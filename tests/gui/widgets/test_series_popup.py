"""The rows of the time series' own popup, clicked."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from odeplayground.gui.series_popup import SeriesPopup
from odeplayground.gui.widgets.buttons import IconButton
from odeplayground.gui.widgets.check_box import CheckBox
from odeplayground.storage import presets


def test_a_row_asks_for_what_its_boxes_show(qtbot, theme):
    parent = QWidget()
    qtbot.addWidget(parent)
    popup = SeriesPopup(parent)
    popup.show_experiment(presets.load("pendulum").experiment)
    asked = []
    popup.show_requested.connect(lambda name, on: asked.append(("shown", name, on)))
    popup.log_requested.connect(lambda name, on: asked.append(("log", name, on)))
    qtbot.mouseClick(popup.findChild(IconButton, "series-eye-0"), Qt.MouseButton.LeftButton)
    popup.findChildren(CheckBox)[1].click()
    assert asked == [("shown", "theta", False), ("log", "omega", True)]
