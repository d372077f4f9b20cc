"""Writes down everything that goes wrong while somebody plays with the window."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, QtMsgType, qInstallMessageHandler

from odeplayground.gui.theme import theme
from tests.gui.window.freezes import Freezes

FREEZE = 0.4
"""Seconds of processor time that the window's thread may work without a look at the next event. Twice of what makes
people wonder, because processor time is worth half as much on a busy machine; ``make bench`` measures closer.

A change of the look is excused: Qt dresses every widget anew, which takes up to 0.3 s.
"""
NOISE = ("This plugin does not support", "occurs outside target window")
"""What Qt says about the platform without a screen, and its test module about drags that leave the window."""
HARMLESS = (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg)


class Witness(logging.Handler):
    """Collects exceptions in slots, errors in the log, warnings of Qt with the place where they came, and freezes."""

    def __init__(self, window: QObject) -> None:
        super().__init__(logging.ERROR)
        self._said: list[str] = []
        self._window = window

    @property
    def faults(self) -> list[str]:
        """What went wrong so far, in words."""
        return [*self._said, *self._freezes.found]

    def __enter__(self) -> Witness:
        self._hook, sys.excepthook = sys.excepthook, self._raised
        self._handler = qInstallMessageHandler(self._qt_said)
        logging.getLogger().addHandler(self)
        self._freezes = Freezes(FREEZE, self._window)
        theme().changed.connect(self._freezes.excuse)
        return self

    def __exit__(self, *_: object) -> None:
        theme().changed.disconnect(self._freezes.excuse)
        self._freezes.close()
        logging.getLogger().removeHandler(self)
        qInstallMessageHandler(self._handler)
        sys.excepthook = self._hook

    def emit(self, record: logging.LogRecord) -> None:
        self._said.append(record.getMessage())

    def _raised(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self._said.append("".join(traceback.format_exception(kind, error, trace)))

    def _qt_said(self, kind: QtMsgType, _context: object, message: str) -> None:
        if kind not in HARMLESS and not any(noise in message for noise in NOISE):
            self._said.append(f"Qt: {message}\n{''.join(traceback.format_stack()[-8:])}")
