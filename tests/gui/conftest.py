"""Qt without a screen, in the app's own dress, and nothing left over after a test."""

from __future__ import annotations

import gc
import os
import threading
import time

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread, QTimer
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from odeplayground.gui import theme as themes

# What the platform without a screen says about window managers is no fault of ours.
_PLATFORM_NOISE = "This plugin does not support"
_PATIENCE = 5.0  # seconds that a thread which is about to end may take


def pytest_collection_modifyitems(items):
    for item in items:
        if "/tests/gui/" in item.path.as_posix():
            item.add_marker(pytest.mark.qt_log_ignore(_PLATFORM_NOISE, extend=True))


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
    gc.freeze()  # so that only what this test makes is looked through
    yield
    _settle()
    left = [window for window in qapp.topLevelWidgets() if id(window) not in windows]
    timers = _lasting_timers(qapp)
    gc.unfreeze()
    assert not left, f"top-level widgets left open: {left}"
    assert not timers, f"timers left running: {[(timer, timer.parent(), timer.interval()) for timer in timers]}"
    extra = _extra_threads(threads)
    assert not extra, f"threads left running: {extra}"


def _settle() -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _lasting_timers(app: QObject) -> list[QObject]:
    """Timers that run on. One that is about to fire for the last time may do so."""
    end = time.monotonic() + _PATIENCE
    while (timers := _active_timers(app)) and time.monotonic() < end:
        QApplication.processEvents()
        _settle()
        time.sleep(0.01)
    return timers


def _active_timers(app: QObject) -> list[QObject]:
    # By type, not isinstance: that would ask objects for their class, and some of torch's answer with a warning.
    timers = [thing for thing in gc.get_objects() if issubclass(type(thing), QTimer) and isValid(thing)]
    active = [timer for timer in timers if timer.isActive()]
    return [*active, *(thread for thread in app.findChildren(QThread) if thread.isRunning())]


def _extra_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    end = time.monotonic() + _PATIENCE
    # The threads of the numerics are made once and serve the whole process.
    extra = [thread for thread in threading.enumerate() if thread not in before and thread.name[:6] != "kernel"]
    for thread in extra:
        thread.join(max(0.0, end - time.monotonic()))
    return [thread for thread in extra if thread.is_alive()]
