"""Line numbers beside the editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from odeplayground.gui.theme import fonts, theme

if TYPE_CHECKING:
    from odeplayground.gui.widgets.code_editor import CodeEditor

LINE_HEIGHT = 20
GUTTER = 32


class Gutter(QWidget):
    """Line numbers; the line of a problem in the colour of errors."""

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(fonts.mono(10))
        faulty = {problem.line for problem in self._editor.problems}
        current = -1 if self._editor.isReadOnly() else self._editor.textCursor().blockNumber()
        block = self._editor.document().firstBlock()
        while block.isValid():
            rect = self._editor.line_rect(block)
            number = block.blockNumber()
            if number == current:
                painter.fillRect(QRect(0, rect.top(), GUTTER, rect.height()), theme().color("sunken"))
            tone = "error" if number + 1 in faulty else "text2" if number == current else "text3"
            painter.setPen(theme().color(tone))
            first = QRect(0, rect.top(), GUTTER - 10, LINE_HEIGHT)
            painter.drawText(first, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(number + 1))
            block = block.next()
