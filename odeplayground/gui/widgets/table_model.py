"""The contents of a quiet table, and how its cells and heads are drawn."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from odeplayground.gui.theme import fonts, symbols, theme
from odeplayground.gui.widgets.number_field import NumberField
from odeplayground.gui.widgets.signs import Sign, draw_sample

ROW_HEIGHT = 30
HEAD_HEIGHT = 28
SAMPLE_COLUMN = 34
_INSET = 8

_Index = QModelIndex | QPersistentModelIndex
_SAMPLE_ROLE = Qt.ItemDataRole.UserRole + 1


class Column(msgspec.Struct, frozen=True):
    """A column after that of the samples. ``variable``: a state's name, its symbol in its hue comes before the title.

    ``width`` 0 shares what is left.
    """

    title: str
    variable: str = ""
    index: int = -1
    """Position of the variable among the states, for its hue."""
    numeric: bool = True
    editable: bool = False
    width: int = 0


class Row(msgspec.Struct, frozen=True):
    """Texts of one row and the sign at its left."""

    cells: tuple[str, ...]
    sign: Sign = Sign.NONE
    color: str = "bundle"


class TableModel(QAbstractTableModel):
    """Column 0 is the sign of the row; the others are texts."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = ()
        self.rows: list[Row] = []

    def reset(self, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self.columns, self.rows = tuple(columns), list(rows)
        self.endResetModel()

    def update_rows(self, rows: Sequence[Row]) -> None:
        """Replace the rows by as many others; the views keep selection, editor and scroll position."""
        assert len(rows) == len(self.rows)
        for position, row in enumerate(rows):
            self.update_row(position, row)

    def update_row(self, position: int, row: Row) -> None:
        """Replace one row."""
        old, self.rows[position] = self.rows[position], row
        before = ((old.sign, old.color), *old.cells)
        now = ((row.sign, row.color), *row.cells)
        for column, (one, other) in enumerate(zip(before, now, strict=True)):
            if one != other:  # told cell by cell: a view paints all that it shows for a change of several
                self.dataChanged.emit(self.index(position, column), self.index(position, column))

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns) + 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if index.column() == 0:
            return row if role == _SAMPLE_ROLE else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row.cells[index.column() - 1]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._plain_title(index.column())} {row.cells[index.column() - 1]}"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal or section == 0 or role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._plain_title(section)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        if index.column() > 0 and self.columns[index.column() - 1].editable:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def _plain_title(self, section: int) -> str:
        column = self.columns[section - 1]
        return f"{column.variable} {column.title}".strip()


class Cells(QStyledItemDelegate):
    """Draws one cell: tint of the selected row, hairline, sign or text. Edits numbers in a number field."""

    entered = Signal(int, int, float)
    """A person entered a number: row, column without that of the signs, value."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme().color("accent_soft") if selected else theme().color("hover", 0.5))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme().color("sep"))
        row = index.data(_SAMPLE_ROLE)
        if isinstance(row, Row):
            middle = rect.top() + rect.height() // 2 + 0.0
            draw_sample(painter, row.sign, rect.left() + _INSET, middle, theme().color(row.color))
        elif row is None and index.column() > 0:
            self._paint_text(painter, rect, index)
        painter.restore()

    def _paint_text(self, painter: QPainter, rect: QRect, index: _Index) -> None:
        model = index.model()
        numeric = not isinstance(model, TableModel) or model.columns[index.column() - 1].numeric
        painter.setFont(fonts.ui(12))
        painter.setPen(theme().color("text"))
        side = Qt.AlignmentFlag.AlignRight if numeric else Qt.AlignmentFlag.AlignLeft
        room = rect.adjusted(_INSET - 4, 0, -_INSET, 0)
        text = painter.fontMetrics().elidedText(str(index.data() or ""), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, text)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(40, ROW_HEIGHT)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        field = _CellField(index.row(), index.column() - 1, parent)
        field.cell_entered.connect(self.entered)
        return field

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        if isinstance(editor, NumberField):
            text = str(index.data(Qt.ItemDataRole.EditRole))
            editor.set_number(symbols.parse_number(text) or 0.0, text)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: object, index: _Index) -> None:
        """Nothing: the table reports what the field entered, and whoever listens sets new rows."""

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if isinstance(editor, NumberField) and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            editor.restore()  # or leaving the field would take what was typed
        return super().eventFilter(editor, event)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        rect: QRect = option.rect
        editor.setFixedWidth(min(rect.width(), 72))
        editor.setGeometry(rect.right() - editor.width() + 1, rect.top() + 2, editor.width(), rect.height() - 5)


class _CellField(NumberField):
    cell_entered = Signal(int, int, float)

    def __init__(self, row: int, column: int, parent: QWidget) -> None:
        super().__init__(sizes=(12, 11), parent=parent)
        self._cell = row, column
        self.number_entered.connect(self._report)

    def _report(self, value: float) -> None:
        self.cell_entered.emit(*self._cell, value)


class Heads(QHeaderView):
    """Heads aligned with their numbers, symbols in their hue."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFixedHeight(HEAD_HEIGHT)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(20)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.save()
        painter.fillRect(rect, theme().color("surface"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme().color("sep"))
        model = self.model()
        if section > 0 and isinstance(model, TableModel) and section <= len(model.columns):
            self._paint_head(painter, QRectF(rect).adjusted(_INSET - 4, 0, -_INSET, 0), model.columns[section - 1])
        painter.restore()

    @staticmethod
    def _paint_head(painter: QPainter, rect: QRectF, column: Column) -> None:
        symbol = symbols.symbol(column.variable) if column.variable else ""
        math, plain = fonts.math(14), fonts.ui(11)
        symbol_width = QFontMetricsF(math).horizontalAdvance(symbol) + (4 if symbol and column.title else 0)
        title = QFontMetricsF(plain).elidedText(
            column.title, Qt.TextElideMode.ElideRight, max(0.0, rect.width() - symbol_width)
        )
        width = symbol_width + QFontMetricsF(plain).horizontalAdvance(title)
        left = rect.right() - width if column.numeric else rect.left()
        baseline = rect.center().y() + 4
        painter.setFont(math)
        painter.setPen(theme().variable_color(column.index) if column.index >= 0 else theme().color("text3"))
        painter.drawText(round(left), round(baseline), symbol)
        painter.setFont(plain)
        painter.setPen(theme().color("text3"))
        painter.drawText(round(left + symbol_width), round(baseline), title)
