"""The one crossing from worker threads into the window's thread."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from odeplayground.session import Session

FRAME = 0.016
"""Seconds between two drains: at most one per frame."""
TRAINING_FRAME = 0.040
"""While training, drawing takes a share of the time that training needs: 25 pictures per second are enough."""


class Bridge(QObject):
    """Drains the session's mailbox when a worker has posted, at most once per frame."""

    _woken = Signal()
    _awaited = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._last = 0.0
        self._waiting = self._closed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._pump)
        self._woken.connect(self._schedule, Qt.ConnectionType.QueuedConnection)
        session.mailbox.wake = self._woken.emit
        self._awaited.connect(self._meet, Qt.ConnectionType.QueuedConnection)
        session.simulation.awaited.connect(self._await)

    @Slot()
    def _schedule(self) -> None:
        if self._timer.isActive():
            return
        frame = TRAINING_FRAME if self._session.training.running else FRAME
        wait = max(0.0, frame - (time.monotonic() - self._last))
        self._timer.start(round(1000 * wait))

    @Slot()
    def _pump(self) -> None:
        self._last = time.monotonic()
        self._session.pump()

    def _await(self) -> None:
        if not self._waiting:
            self._waiting = True
            self._awaited.emit()

    @Slot()
    def _meet(self) -> None:
        """When all listeners know of the edit, and before anything is painted."""
        self._waiting = False
        if not self._closed:
            self._session.simulation.meet()

    def close(self) -> None:
        """Stop listening. Messages that come later stay in the mailbox."""
        self._closed = True
        self._session.mailbox.wake = None
        self._timer.stop()
