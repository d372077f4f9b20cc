"""Docks of one place as words in one header: the current one ink, no tab shapes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from odeplayground.gui.theme import fonts, theme
from odeplayground.gui.widgets.painted import Painted, focus_ring

_GAP = 17


class TabWords(Painted):
    """A row of words, one of them current. With one word it is a title and takes no focus."""

    tab_changed = Signal(int)

    def __init__(self, words: Sequence[str], current: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        self._current = 0
        self._hovered = -1
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.set_words(words, current)

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self._words)

    @property
    def current(self) -> int:
        return self._current

    def set_words(self, words: Sequence[str], current: int = 0) -> None:
        """Change the words, without a report."""
        self._words = list(words)
        many = len(self._words) > 1
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if many else Qt.FocusPolicy.NoFocus)
        self.updateGeometry()
        self.set_current(current)

    def set_current(self, current: int) -> None:
        """Change the current word, without a report."""
        self._current = current
        self.setAccessibleName(self._words[current] if self._words else "")
        self.update()

    def word_rect(self, index: int) -> QRectF:
        """Where a word is."""
        left = sum(self._width(word) + _GAP for word in self._words[:index])
        return QRectF(left, 0, self._width(self._words[index]), self.height())

    def sizeHint(self) -> QSize:
        width = sum(self._width(word) for word in self._words) + _GAP * max(0, len(self._words) - 1)
        return QSize(width, 24)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._at(event)
        if index < 0 or len(self._words) < 2 or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()  # so that the header can be dragged
            return
        self._choose(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = self._at(event)
        self.update()
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self._focus_shows = True
        self._choose(min(len(self._words) - 1, max(0, self._current + step)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        for index, word in enumerate(self._words):
            current = index == self._current
            painter.setFont(fonts.ui(12, 600 if current else 500))
            tone = "text" if current else "text2" if index == self._hovered else "text3"
            painter.setPen(theme().color(tone))
            painter.drawText(self.word_rect(index), Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, word)
        if self.focus_shows:
            middle = self.height() / 2
            rect = self.word_rect(self._current)
            focus_ring(painter, QRectF(rect.left() - 2, middle - 11, rect.width() + 4, 22), 4)

    def _choose(self, index: int) -> None:
        if index != self._current:
            self.set_current(index)
            self.tab_changed.emit(index)

    def _at(self, event: QMouseEvent) -> int:
        for index in range(len(self._words)):
            if self.word_rect(index).adjusted(-6, 0, 6, 0).contains(event.position()):
                return index
        return -1

    @staticmethod
    def _width(word: str) -> int:
        return QFontMetrics(fonts.ui(12, 600)).horizontalAdvance(word) + 1
