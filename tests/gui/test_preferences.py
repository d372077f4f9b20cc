"""Preferences that count from the next start on, and how large the window may be."""

from __future__ import annotations

import os

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QMainWindow

from odeplayground.gui import room
from odeplayground.gui.preferences import effects
from odeplayground.gui.preferences.settings import SETTINGS
from odeplayground.session import remembered


def test_every_setting_is_a_field_with_its_default_among_the_choices():
    defaults = remembered()
    for setting in SETTINGS:
        assert getattr(defaults, setting.name) in [value for value, _ in setting.choices]
        assert setting.help.endswith(".")


def test_the_size_of_text_is_told_to_qt_unless_somebody_else_has(monkeypatch):
    monkeypatch.setenv("QT_SCALE_FACTOR", "2")
    effects.before_start(125, 0)
    assert os.environ["QT_SCALE_FACTOR"] == "2"
    monkeypatch.delenv("QT_SCALE_FACTOR")
    effects.before_start(100, 0)
    assert "QT_SCALE_FACTOR" not in os.environ
    effects.before_start(125, 0)
    assert os.environ["QT_SCALE_FACTOR"] == "1.25"
    monkeypatch.delenv("QT_SCALE_FACTOR")


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only where a process can choose its processors")
def test_fewer_processors(monkeypatch):
    chosen = []
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {3, 1, 2})
    monkeypatch.setattr(os, "sched_setaffinity", lambda _process, which: chosen.extend(which))
    effects.before_start(100, 2)
    assert chosen == [1, 2]


def test_the_frame_too_stays_on_the_screen(qtbot, monkeypatch):
    window = QMainWindow()
    qtbot.addWidget(window)
    free, border = QRect(0, 30, 1280, 770), QSize(4, 30)

    class Screen:
        def availableGeometry(self) -> QRect:
            return free

    monkeypatch.setattr(room, "_has_screen", lambda: True)
    monkeypatch.setattr(window, "screen", Screen, raising=False)
    monkeypatch.setattr(window, "frameGeometry", lambda: QRect(window.pos(), window.size() + border), raising=False)
    room.fit_to_screen(window)
    window.move(40, 60)
    room.keep_on_screen(window)
    assert window.size() == free.size() - border
    assert free.contains(window.frameGeometry())
