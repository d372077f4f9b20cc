"""A field for one number: marked when it is none, restored when it is left, rounded where it has no room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QHelpEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from odeplayground.gui.theme import fonts, symbols
from odeplayground.gui.widgets.command_keys import asks_for_command
from odeplayground.gui.widgets.undo_keys import asks_to_undo

WIDTH = 64
HINT = "Type a number and press Enter; arrow up and down make fine steps, with Shift ten of them."
_FRAME = 14  # border, padding and Qt's own margin
_DIGITS = range(5, 0, -1)  # of a number that has no room for the six of its text
_EXACT = range(6, 18)  # the last of these tell every number from its neighbours


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
        self._text = self._shown = self._exact = ""
        self._help = ""
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
        """Show a number, as ``text`` if given and if there is room. What a person is typing is left alone."""
        self._value = value
        self._text = text or symbols.shortest(value)
        self._fit()
        if not (self.hasFocus() and self.isModified()):
            self.restore()

    def restore(self) -> None:
        """Forget what was typed. A number without room for its text is shown rounded, but edited in full."""
        self._mark(False)
        cut = self._shown != self._text
        self.setText((self._exact or self._text) if cut and self.hasFocus() else self._shown)
        self.setModified(False)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 24)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and not self.isModified() and asks_to_undo(event):
            event.ignore()  # nothing is being typed here: the window's own undo is meant
            return True
        if asks_for_command(event):
            event.ignore()
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and not self.toolTip():
            QToolTip.showText(event.globalPos(), HINT, self)
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
        if not self.isModified():
            self.restore()
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        if not self.isModified():
            self.restore()

    def _take(self) -> None:
        if not self.isModified():  # the text may be rounded, the number is not
            self.selectAll()
            return
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
            self._fit()
            self.number_entered.emit(number)

    def _edited(self) -> None:
        if self._bad and symbols.parse_number(self.text()) is not None:
            self._mark(False)

    def _fit(self) -> None:
        """Long numbers are set smaller, and then rounded, instead of losing their first digits."""
        room = self.width() - _FRAME
        font = next((font for font in self._fonts if _advance(font, self._text) <= room), self._fonts[-1])
        rounded = (symbols.shortest(self._value, digits) for digits in _DIGITS)
        texts = (text for text in (self._text, *rounded) if _advance(font, text) <= room)
        self._shown = next(texts, symbols.shortest(self._value, 1))
        self._explain()
        if font != self.font():
            self.setFont(font)

    def _explain(self) -> None:
        """Tell the number in full where it is rounded, unless there is a help of another's."""
        before = self._exact
        self._exact = "" if symbols.parse_number(self._shown) == self._value else _exact(self._value)
        if not self._bad and self.toolTip() == before:
            self.setToolTip(self._exact)

    def _mark(self, bad: bool) -> None:
        if bad == self._bad:
            return
        self._bad = bad
        if bad:
            self._help = "" if self.toolTip() == self._exact else self.toolTip()
            self.setToolTip(f"“{self.text()}” is not a number. Try 0.25, −3 or 1e-6.")
        else:
            self.setToolTip(self._help or self._exact)
        self.setProperty("bad", bad)
        self.style().unpolish(self)
        self.style().polish(self)


def _exact(value: float) -> str:
    """The shortest text that is read as this number and no other."""
    texts = (symbols.shortest(value, digits) for digits in _EXACT)
    return next((text for text in texts if symbols.parse_number(text) == value), symbols.shortest(value))


def _advance(font: QFont, text: str) -> int:
    return QFontMetrics(font).horizontalAdvance(text)
