"""Lets a parameter run through its range by itself."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from odeplayground.gui.widgets.scale import Scale

FRAME = 33
"""Milliseconds between two values: each is a new picture of everything."""


class Sweep(QObject):
    """Moves at most one value, in equal times over equal ways of its slider."""

    moved = Signal(str, float)
    """A parameter and its next value."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._name = ""
        self._scale = Scale(0.0, 1.0)
        self._place = 0.0
        self._way = 1.0
        self._seconds = 1.0
        self._loops = False
        self._clock = QElapsedTimer()
        self._timer = QTimer(self, interval=FRAME)
        self._timer.timeout.connect(self._tick)

    @property
    def name(self) -> str:
        """The parameter that moves; empty if none does."""
        return self._name

    def start(self, name: str, scale: Scale, value: float, seconds: float, loops: bool) -> None:
        """Go on from this value, upwards; ``seconds`` is the time from one end to the other."""
        self._name, self._scale, self._seconds, self._loops = name, scale, seconds, loops
        self._place, self._way = scale.fraction(value), 1.0
        self._clock.start()
        self._timer.start()

    def change(self, scale: Scale, seconds: float, loops: bool) -> None:
        """Go on with another range or pace."""
        value = self._scale.value(self._place, fine=True)
        self._scale, self._seconds, self._loops = scale, seconds, loops
        self._place = scale.fraction(value)

    def stop(self) -> None:
        """Stay where it is."""
        self._name = ""
        self._timer.stop()

    def advance(self, seconds: float) -> None:
        """Move as far as it goes in this time."""
        if not self._name:
            return
        place = self._place + self._way * seconds / self._seconds
        if self._loops:
            self._place = place % 1.0
        else:
            around = place % 2.0  # there and back again
            turned = around > 1.0
            self._place = 2.0 - around if turned else around
            self._way = -self._way if turned else self._way
        self.moved.emit(self._name, self._scale.value(self._place, fine=True))

    def _tick(self) -> None:
        self.advance(self._clock.restart() / 1000)
