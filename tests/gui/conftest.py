"""Qt without a screen, in the app's own dress, and nothing left over after a test."""

from __future__ import annotations

import os
import threading

if "ODEPLAYGROUND_E2E" not in os.environ:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread, QTimer
from PySide6.QtWidgets import QApplication

from odeplayground.gui import theme as themes


@pytest.fixture(scope="session")
def qapp(qapp_args, qapp_cls, pytestconfig):
    """The one application, dressed."""
    app = qapp_cls.instance() or qapp_cls(qapp_args)
    app.setApplicationName(pytestconfig.getini("qt_qapp_name"))
    themes.apply(app, "light")
    return app


@pytest.fixture
def theme(qapp):
    """The theme, light at the start and at the end of every test."""
    current = themes.theme()
    current.set("light")
    yield current
    current.set("light")


@pytest.fixture(params=["light", "dark"])
def either_theme(request, theme):
    """Runs a test once in each theme."""
    theme.set(request.param)
    return theme


@pytest.fixture(autouse=True)
def nothing_left(qapp):
    """Fails a test that leaves windows, running timers or threads behind.

    Set up first and so torn down last: after qtbot has closed the widgets it was given.
    """
    threads = set(threading.enumerate())
    windows = set(map(id, qapp.topLevelWidgets()))
    yield
    _settle()
    left = [window for window in qapp.topLevelWidgets() if id(window) not in windows]
    assert not left, f"top-level widgets left open: {left}"
    timers = _active_timers(qapp)
    assert not timers, f"timers left running: {timers}"
    extra = [thread for thread in threading.enumerate() if thread not in threads]
    assert not extra, f"threads left running: {extra}"


def _settle() -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _active_timers(app: QObject) -> list[QObject]:
    roots: list[QObject] = [app, *app.topLevelWidgets()]
    found = [timer for root in roots for timer in root.findChildren(QTimer) if timer.isActive()]
    return [*found, *(thread for thread in app.findChildren(QThread) if thread.isRunning())]
