"""The rows of a table of measurements, as they were read, with what is wrong marked in its cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from odeplayground.gui.theme import fonts, theme
from odeplayground.spec import ColumnRole, ColumnUse

if TYPE_CHECKING:
    from odeplayground.session.data_import import CellProblem, Table

MISSING = "–"

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class PreviewCells(QStyledItemDelegate):
    """Paints what is behind a cell, which the style sheet does not."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        behind = index.data(Qt.ItemDataRole.BackgroundRole)
        if behind is not None:
            painter.fillRect(option.rect.adjusted(2, 1, -2, -1), behind)
        super().paint(painter, option, index)


class PreviewModel(QAbstractTableModel):
    """All rows of a table; Qt asks for those that are seen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table: Table | None = None
        self._uses: tuple[ColumnUse, ...] = ()
        self._problems: dict[tuple[int, int], CellProblem] = {}

    def show_table(self, table: Table | None) -> None:
        """Show another table."""
        self.beginResetModel()
        self._table, self._uses, self._problems = table, (), {}
        self.endResetModel()

    def show_uses(self, uses: tuple[ColumnUse, ...], problems: Sequence[CellProblem]) -> None:
        """Mark what is wrong, and grey what is left out."""
        self._uses = uses
        self._problems = {(problem.row, problem.column): problem for problem in problems}
        if self.rowCount() and self.columnCount():
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if self._table is None or parent.isValid() else self._table.n_rows

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if self._table is None or parent.isValid() else len(self._table.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        assert self._table is not None
        row, column = index.row(), index.column()
        problem = self._problems.get((row, column))
        text = self._table.columns[column].cell(row)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                number = row not in self._table.columns[column].texts
                return text.replace("-", "\N{MINUS SIGN}") if number and text else text or MISSING
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return problem.message if problem else ("Missing" if not text else None)
            case Qt.ItemDataRole.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
            case Qt.ItemDataRole.BackgroundRole:
                return theme().color("error_soft") if problem else None
            case Qt.ItemDataRole.ForegroundRole:
                left_out = bool(self._uses) and self._uses[column].role is ColumnRole.IGNORED
                return theme().color("error" if problem else "text3" if left_out or not text else "text")
            case Qt.ItemDataRole.FontRole:
                return fonts.ui(12)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The lines of the file; titles are painted by the heads."""
        if role == Qt.ItemDataRole.DisplayRole and self._table is not None:
            if orientation == Qt.Orientation.Vertical:
                return str(int(self._table.lines[section]))
            return self._table.columns[section].title
        return None
