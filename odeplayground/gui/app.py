"""Starting the window."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from odeplayground.gui.collector import Collector
from odeplayground.gui.main_window import MainWindow
from odeplayground.gui.preferences.effects import before_start
from odeplayground.gui.theme import apply
from odeplayground.gui.windows import Windows
from odeplayground.session import remembered
from odeplayground.session.files import is_table
from odeplayground.spec import Experiment

SWITCH_INTERVAL = 1e-4
"""Seconds after which a worker that runs Python gives way to the window."""


def create_application(argv: Sequence[str]) -> QApplication:
    """The Qt application with the program's name, fonts and look."""
    app = QApplication.instance() or QApplication(list(argv))
    assert isinstance(app, QApplication)
    sys.setswitchinterval(SWITCH_INTERVAL)
    app.setApplicationName("odeplayground")
    app.setApplicationDisplayName("ODE Playground")
    app.setDesktopFileName("odeplayground")
    apply(app)
    return app


def create_window(experiment: Experiment | Path | None = None) -> MainWindow:
    """The main window on what the last session left (at first: the damped pendulum), or on an experiment or a file.

    Those come as if opened in the window, so that undo brings back what the last session left.
    """
    window = Windows().first()
    session = window.session
    if isinstance(experiment, Path) and is_table(experiment):
        QTimer.singleShot(0, window, partial(window.commands.open_data, experiment))  # when the window is shown
    elif isinstance(experiment, Path):
        session.open_file(experiment)
    elif experiment is not None:
        session.document.open(experiment, f"Open {experiment.name}")
    return window


def opened(arguments: Sequence[str]) -> Path | None:
    """The file named on the command line."""
    return Path(arguments[0]) if arguments else None


def main(argv: Sequence[str], experiment: Experiment | Path | None = None) -> int:
    """Open the window and run until it is closed."""
    wishes = remembered()
    before_start(wishes.text_scale, wishes.processors)
    app = create_application(argv)
    return run(app, create_window(experiment or opened(argv[1:])))


def run(app: QApplication, window: MainWindow) -> int:
    """Show the window and stay until it is closed."""
    collector = Collector(app)
    window.session.warmed.connect(collector.keep)
    window.show()
    try:
        return app.exec()
    finally:
        collector.close()
