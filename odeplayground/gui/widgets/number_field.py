"""A field for one number: marked when it is none, restored when it is left."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from odeplayground.gui.theme import fonts, symbols
from odeplayground.gui.widgets.undo_keys import asks_to_undo

WIDTH = 64
_ROOM = WIDTH - 14  # without border, padding and Qt's own margin


class NumberField(QLineEdit):
    """Shows a number right-aligned and borderless until hovered; Return or leaving takes what was typed."""

    number_entered = Signal(float)
    """A person typed this number."""
    stepped = Signal(int)
    """Arrow up or down was pressed: one fine step in this direction (ten with Shift)."""

    def __init__(
        self, value: float = 0.0, text: str = "", sizes: Sequence[int] = (13, 11), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "number")
        self._fonts = [fonts.ui(size) for size in sizes]
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setFixedWidth(WIDTH)
        self._value = value
        self._text = ""
        self._bad = False
        self.set_number(value, text)
        self.textEdited.connect(self._edited)
        self.returnPressed.connect(self._take)

    @property
    def value(self) -> float:
        return self._value

    @property
    def bad(self) -> bool:
        """Whether what stands in the field is marked as no number."""
        return self._bad

    def set_number(self, value: float, text: str = "") -> None:
        """Show a number, as ``text`` if given. What a person is typing is left alone."""
        self._value = value
        self._text = text or symbols.shortest(value)
        self._fit()
        if not (self.hasFocus() and self.isModified()):
            self.restore()

    def restore(self) -> None:
        """Forget what was typed."""
        self._mark(False)
        self.setText(self._text)
        self.setModified(False)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 24)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and not self.isModified() and asks_to_undo(event):
            event.ignore()  # nothing is being typed here: the window's own undo is meant
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.restore()
            tenfold = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self.stepped.emit(tenfold if key == Qt.Key.Key_Up else -tenfold)
        elif key == Qt.Key.Key_Escape and self.isModified():
            self.restore()
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() == Qt.FocusReason.PopupFocusReason:
            return
        number = symbols.parse_number(self.text())
        if self.isModified() and number is not None:
            self._enter(number)
        self.restore()

    def _take(self) -> None:
        number = symbols.parse_number(self.text())
        if number is None:
            self._mark(True)
            QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), self.toolTip(), self)
            return
        self._enter(number)
        self.restore()
        self.selectAll()

    def _enter(self, number: float) -> None:
        self.setModified(False)
        if number != self._value:
            self._value, self._text = number, symbols.shortest(number)
            self.number_entered.emit(number)

    def _edited(self) -> None:
        if self._bad and symbols.parse_number(self.text()) is not None:
            self._mark(False)

    def _fit(self) -> None:
        """Long numbers are set smaller instead of losing their first digits."""
        font = next((font for font in self._fonts if _advance(font, self._text) <= _ROOM), self._fonts[-1])
        if font != self.font():
            self.setFont(font)

    def _mark(self, bad: bool) -> None:
        if bad == self._bad:
            return
        self._bad = bad
        self.setToolTip(f"“{self.text()}” is not a number. Try 0.25, −3 or 1e-6." if bad else "")
        self.setProperty("bad", bad)
        self.style().unpolish(self)
        self.style().polish(self)


def _advance(font: QFont, text: str) -> int:
    return QFontMetrics(font).horizontalAdvance(text)
