"""Rows of a label and a value, for summaries and scores."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from odeplayground.gui.theme import fonts, theme
from odeplayground.gui.widgets.painted import Painted


class ValueRow(msgspec.Struct, frozen=True):
    """A label in secondary text and its value; ``help`` is the tooltip."""

    label: str
    value: str
    help: str = ""


class ValueRows(Painted):
    """Labels left, values right; cheap to update many times a second."""

    def __init__(self, row_height: int = 24, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[ValueRow, ...] = ()
        self._row_height = row_height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def rows(self) -> tuple[ValueRow, ...]:
        return self._rows

    def set_rows(self, rows: Sequence[ValueRow]) -> None:
        """Change all rows."""
        rows = tuple(rows)
        if rows == self._rows:
            return
        resized = len(rows) != len(self._rows)
        self._rows = rows
        if resized:
            self.updateGeometry()
        self.setAccessibleName(", ".join(f"{row.label} {row.value}" for row in rows))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._row_height * len(self._rows))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self._row_height * len(self._rows))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = event.pos().y() // self._row_height
            help_text = self._rows[index].help if 0 <= index < len(self._rows) else ""
            QToolTip.showText(event.globalPos(), help_text, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        for index, row in enumerate(self._rows):
            self._paint_row(painter, row, QRectF(0, index * self._row_height, self.width(), self._row_height))

    @staticmethod
    def _paint_row(painter: QPainter, row: ValueRow, rect: QRectF) -> None:
        label_font, value_font = fonts.ui(12), fonts.ui(12, 500)
        value_width = min(QFontMetrics(value_font).horizontalAdvance(row.value), 0.7 * rect.width())
        room = int(rect.width() - value_width - 12)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(label_font)
        painter.setPen(theme().color("text2"))
        painter.drawText(
            rect, middle, QFontMetrics(label_font).elidedText(row.label, Qt.TextElideMode.ElideRight, room)
        )
        painter.setFont(value_font)
        painter.setPen(theme().color("text"))
        value = QFontMetrics(value_font).elidedText(row.value, Qt.TextElideMode.ElideLeft, round(value_width) + 1)
        painter.drawText(rect, middle | Qt.AlignmentFlag.AlignRight, value)
