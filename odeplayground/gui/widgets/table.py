"""A quiet table: no grid, a hairline below each row, numbers right, a sign at the left of each row."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QSizePolicy, QTableView, QWidget

from odeplayground.gui.theme import theme
from odeplayground.gui.widgets.number_field import NumberField
from odeplayground.gui.widgets.table_model import (
    HEAD_HEIGHT,
    ROW_HEIGHT,
    SAMPLE_COLUMN,
    Cells,
    Column,
    Heads,
    Row,
    TableModel,
)

__all__ = ["Column", "QuietTable", "Row"]


class QuietTable(QTableView):
    """Rows to look at, to select, to edit in place.

    Rows reach 8 beyond their text on both sides, so lay the table out with margins of 8 where texts have 16.
    """

    row_selected = Signal(int)
    """A person selected this row."""
    cell_edited = Signal(int, int, float)
    """A person entered a number: row, column (as in the list of columns), value."""
    delete_requested = Signal(int)
    menu_requested = Signal(int, QPoint)
    """Right click or menu key on this row (-1: on none), at this global position."""

    def __init__(self, columns: Sequence[Column] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = TableModel(self)
        self._cells = Cells(self)
        self._silent = False
        self.setHorizontalHeader(Heads(self))
        self.setModel(self._model)
        self.setItemDelegate(self._cells)
        self._calm_down()
        self.selectionModel().selectionChanged.connect(self._selected)
        self._cells.entered.connect(self.cell_edited)
        theme().changed.connect(self.viewport().update)
        self.set_columns(columns)

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(self._model.rows)

    @property
    def selected(self) -> int:
        """The selected row, -1 if there is none."""
        indexes = self.selectionModel().selectedRows()
        return indexes[0].row() if indexes else -1

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Change the columns; the rows go."""
        self._model.reset(columns, ())
        head = self.horizontalHeader()
        self.setColumnWidth(0, SAMPLE_COLUMN)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        for section, column in enumerate(columns, start=1):
            fixed = QHeaderView.ResizeMode.Fixed if column.width else QHeaderView.ResizeMode.Stretch
            head.setSectionResizeMode(section, fixed)
            if column.width:
                self.setColumnWidth(section, column.width)
        self.updateGeometry()

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Change the rows; cheap when only texts differ, and an open editor stays open then."""
        if len(rows) == len(self._model.rows):
            self._model.update_rows(rows)
            return
        selected = self.selected
        self._silent = True
        self._model.reset(self._model.columns, rows)
        self._silent = False
        self.set_selected(min(selected, len(rows) - 1))
        self.updateGeometry()

    def set_row(self, position: int, row: Row) -> None:
        """Change one row that is there."""
        self._model.update_row(position, row)

    def set_selected(self, row: int) -> None:
        """Select a row without a report; -1 selects none."""
        self._silent = True
        if row < 0:
            self.clearSelection()
        elif row != self.selected:
            self.setCurrentIndex(self._model.index(row, max(0, self.currentIndex().column())))
            self.selectRow(row)
        self._silent = False

    def edit_cell(self, row: int, column: int) -> NumberField | None:
        """Open the editor of a cell and return it; ``None`` if the column cannot be edited."""
        if not self._model.columns[column].editable:
            return None
        index = self._model.index(row, column + 1)
        self.setCurrentIndex(index)
        self.edit(index)
        editor = self.indexWidget(index)
        return editor if isinstance(editor, NumberField) else None

    def sizeHint(self) -> QSize:
        return QSize(240, HEAD_HEIGHT + ROW_HEIGHT * self._model.rowCount() + 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, HEAD_HEIGHT + ROW_HEIGHT)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.selected >= 0:
            self.setCurrentIndex(self._model.index(self.selected, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.selected >= 0:
            self.delete_requested.emit(self.selected)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.state() != self.State.EditingState:
            self.edit(self._editable_index())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        row = self.rowAt(event.pos().y()) if by_mouse else self.selected
        self.menu_requested.emit(row, event.globalPos())

    def _calm_down(self) -> None:
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(ROW_HEIGHT)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )

    def _editable_index(self) -> QModelIndex:
        """The current cell if it can be edited, else the first of its row that can."""
        current = self.currentIndex()
        for section in (current.column(), *range(1, self._model.columnCount())):
            index = self._model.index(current.row(), section)
            if section > 0 and self._model.columns[section - 1].editable:
                return index
        return QModelIndex()

    def _selected(self, _new: QItemSelection, _old: QItemSelection) -> None:
        if not self._silent and self.selected >= 0:
            self.row_selected.emit(self.selected)
