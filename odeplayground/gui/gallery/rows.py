"""Lists at the left of a sheet: shelves with counts, templates with what they are good for."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from odeplayground.gui.theme import fonts, theme
from odeplayground.gui.widgets.painted import focus_ring


class Row(msgspec.Struct, frozen=True):
    """One line of a list."""

    key: str
    text: str
    count: str = ""
    """Shown at the right."""
    note: str = ""
    """Shown below, in grey; then all rows are higher."""
    apart: bool = False
    """Whether some room is left above it."""


class RowList(QListWidget):
    """Rows of which one is chosen."""

    picked = Signal(str)
    """The key of another row."""
    entered = Signal()
    """Enter was pressed or a row was clicked twice."""

    def __init__(self, name: str, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self.setItemDelegate(_RowDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.currentItemChanged.connect(self._changed)
        self.itemDoubleClicked.connect(self._double_clicked)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; the same one stays chosen, or else the first is."""
        key = self.key
        self.blockSignals(True)
        self.clear()
        for row in rows:
            item = QListWidgetItem(row.text)
            item.setData(Qt.ItemDataRole.UserRole, row)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, " ".join(filter(None, (row.text, row.count, row.note))))
            self.addItem(item)
        self.blockSignals(False)
        self.pick(key if key in {row.key for row in rows} else rows[0].key)

    @property
    def key(self) -> str:
        """The key of the chosen row."""
        item = self.currentItem()
        return item.data(Qt.ItemDataRole.UserRole).key if item is not None else ""

    def pick(self, key: str) -> None:
        """Choose a row."""
        for i in range(self.count()):
            if self.item(i).data(Qt.ItemDataRole.UserRole).key == key:
                self.setCurrentRow(i)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.text().isprintable() and event.text():
            event.ignore()  # typing searches the cards, not these rows
        else:
            super().keyPressEvent(event)

    def _changed(self, current: QListWidgetItem | None, before: QListWidgetItem | None) -> None:
        if current is not None:
            self.picked.emit(self.key)

    def _double_clicked(self, item: QListWidgetItem) -> None:
        self.entered.emit()


class _RowDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        row: Row = index.data(Qt.ItemDataRole.UserRole)
        return QSize(100, (50 if row.note else 34) + (16 if row.apart else 0))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: Row = index.data(Qt.ItemDataRole.UserRole)
        rect = QRectF(option.rect).adjusted(0, 17 if row.apart else 1, 0, -1)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("accent_soft" if selected else "hover"))
            painter.drawRoundedRect(rect, 6, 6)
        if selected and option.state & QStyle.StateFlag.State_HasFocus:
            focus_ring(painter, rect, 6)
        inner = rect.adjusted(8, 0, -8, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        first = inner.adjusted(0, 5, 0, -inner.height() / 2 + 2) if row.note else inner
        painter.setFont(fonts.ui(13, 500 if row.note else 400))
        painter.setPen(theme().color("accent_text" if selected else "text" if row.note else "text2"))
        painter.drawText(first, middle | Qt.AlignmentFlag.AlignLeft, row.text)
        painter.drawText(first, middle | Qt.AlignmentFlag.AlignRight, row.count)
        if row.note:
            painter.setFont(fonts.ui(12))
            painter.setPen(theme().color("text2"))
            second = inner.adjusted(0, inner.height() / 2 - 2, 0, -4)
            note = painter.fontMetrics().elidedText(row.note, Qt.TextElideMode.ElideRight, int(second.width()))
            painter.drawText(second, middle | Qt.AlignmentFlag.AlignLeft, note)
        painter.restore()
