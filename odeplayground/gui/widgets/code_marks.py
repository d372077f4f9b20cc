"""Where problems stand in the editor, and the wave below them."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QTextBlock, QTextLine

from odeplayground.gui.widgets.code_highlight import utf16_offset
from odeplayground.spec import Problem


def problem_range(block: QTextBlock, problem: Problem) -> tuple[int, int]:
    """Where a problem begins and ends in its line, in Qt's positions."""
    text = block.text()
    start = utf16_offset(text, problem.column)
    return start, max(start, utf16_offset(text, problem.column + problem.length))


def line_x(line: QTextLine, position: int) -> float:
    """Where a position of the block stands on one of its visual lines."""
    x, _ = cast("tuple[float, int]", line.cursorToX(position))
    return x


def squiggle(rect: QRectF) -> QPainterPath:
    """The wave under the characters in this rectangle."""
    x, y = rect.left(), rect.top() + 16.5
    path = QPainterPath(QPointF(x, y))
    up = 1
    while x < rect.right():
        path.quadTo(x + 1.5, y + 2.2 * up, x + 3, y)
        x, up = x + 3, -up
    return path
