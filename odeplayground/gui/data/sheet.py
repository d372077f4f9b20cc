"""File > Load data: a table of measurements, what its columns are, and what will be read of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMargins, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from odeplayground.gui.data.heads import ColumnHeads, Head, LineHeads
from odeplayground.gui.data.preview import PreviewCells, PreviewModel
from odeplayground.gui.gallery.sheet import EDGE, FOOTER, Sheet
from odeplayground.gui.widgets.buttons import FlatButton, PlainButton, PrimaryButton, set_available
from odeplayground.gui.widgets.labels import ElidedLabel, hairline, label
from odeplayground.gui.widgets.message_strip import MessageStrip
from odeplayground.gui.widgets.segmented import Segment, Segmented
from odeplayground.session import Session
from odeplayground.spec import ColumnRole

NEW, THIS = "new", "this"
_ABOUT = {
    NEW: "No equations are needed: Train learns them. What you know can be typed in later.",
    THIS: "The equations stay, the data lie over their curves, and Train learns from the data.",
}


class DataSheet(Sheet):
    """Shows what the session's import has read, and says when it is wanted."""

    accepted = Signal()
    another_wanted = Signal()
    """Somebody wants to choose another file."""

    def __init__(self, window: QMainWindow, session: Session) -> None:
        super().__init__("load-data", "Load data", window, session)
        self._import = session.data_import
        self._file = ElidedLabel("", 13, 400, "text2")
        self.header.insertWidget(1, self._file)
        self.target = Segmented([Segment(NEW, "A new system"), Segment(THIS, "This system")])
        self.target.setObjectName("data-target")
        self.target.setAccessibleName("The data are for")
        self._about = ElidedLabel("", 12, 400, "text2")
        self._model = PreviewModel(self)
        self.table = _table(self._model)
        self.heads = ColumnHeads(self.table)
        self.table.setHorizontalHeader(self.heads)
        self._strip = MessageStrip()
        self._waiting = label("", 13, 400, "text2")
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._waiting.setWordWrap(True)
        self._waiting.setContentsMargins(QMargins(48, 0, 48, 0))
        self._pages = QStackedWidget()
        self.sentence = label("", 13, 500)
        self.sentence.setObjectName("data-sentence")
        self.sentence.setWordWrap(True)
        self._notes = ElidedLabel("", 12, 400, "text3")
        self.take = PrimaryButton("Load data")
        self.take.setObjectName("take-data")
        self._lay_out()
        self._shown: object = None
        self._connect()

    def sheet_size(self, width: int, height: int) -> tuple[int, int]:
        return min(960, width - 2 * EDGE), min(640, height - 2 * EDGE)

    def open_on(self, path: Path) -> None:
        """Open and read this file."""
        self._shown = None
        self._import.open(path, self._session.document.experiment)
        self.open_sheet()
        self.target.setFocus()

    def close_sheet(self) -> None:
        """Close; nothing is read any more."""
        if not self.isHidden():
            super().close_sheet()
            self._import.close()
            self._model.show_table(None)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(EDGE + 8, 0, EDGE + 8, 12)
        top.setSpacing(12)
        top.addWidget(label("The data are for", 13, 400, "text2"))
        top.addWidget(self.target)
        top.addWidget(self._about, 1)
        middle = QWidget()
        rows = QVBoxLayout(middle)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(top)
        rows.addWidget(self._strip)
        rows.addWidget(self.table, 1)
        self._pages.addWidget(middle)
        self._pages.addWidget(self._waiting)
        self.rows.addWidget(self._pages, 1)
        self.rows.addWidget(hairline())
        self.rows.addWidget(self._footer())

    def _footer(self) -> QWidget:
        footer = QWidget()
        footer.setMinimumHeight(FOOTER)
        row = QHBoxLayout(footer)
        row.setContentsMargins(EDGE, 8, 24, 8)
        row.setSpacing(8)
        self.another = FlatButton("Another file", "folder-open")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self.sentence)
        words.addWidget(self._notes)
        words.addStretch(1)
        cancel = PlainButton("Cancel")
        cancel.clicked.connect(self.close_sheet)
        row.addWidget(self.another)
        row.addSpacing(8)
        row.addLayout(words, 1)
        row.addWidget(cancel)
        row.addWidget(self.take)
        return footer

    def _connect(self) -> None:
        self._import.changed.connect(self._show)
        self.target.current_changed.connect(self._target_chosen)
        self.heads.use_chosen.connect(self._use_chosen)
        self._strip.repair_requested.connect(self._import.leave_out_faults)
        self.another.clicked.connect(self.another_wanted)
        self.take.clicked.connect(self.accepted)

    # What is shown

    def _show(self) -> None:
        data = self._import
        self._file.set_text(data.path.name if data.path is not None else "")
        self._pages.setCurrentIndex(0 if data.table is not None else 1)
        self._waiting.setText(data.problem or f"Reading the file, {100 * data.share:.0f} %")
        if data.table is not None:
            self._show_table()
        reading = data.reading
        if reading is not None or data.problem:
            self.sentence.setText("" if reading is None else data.why_not or reading.sentence)
            self._notes.set_text("" if reading is None else " ".join(reading.notes))
            self._notes.setVisible(bool(self._notes.full_text))
        set_available(self.take, not data.why_not, data.why_not)

    def _show_table(self) -> None:
        data, table = self._import, self._import.table
        assert table is not None
        if table is not self._shown:
            self._shown = table
            self._model.show_table(table)
        target = THIS if data.for_system else NEW
        self.target.set_current(target)
        self._about.set_text(_ABOUT[target])
        uses = zip(table.columns, data.uses, strict=True)
        heads = [Head(column.title, use.unit or column.unit, use) for column, use in uses]
        self.heads.show_heads(heads, data.states if data.for_system else ())
        if data.reading is not None:
            self._model.show_uses(data.uses, data.reading.problems)
            self._show_problems()

    def _show_problems(self) -> None:
        reading = self._import.reading
        assert reading is not None
        if not reading.problems or reading.samples is not None:
            self._strip.clear()
            return
        first, lines = reading.problems[0], {problem.line for problem in reading.problems}
        others = f" There are {len(lines) - 1} more such lines." if len(lines) > 1 else ""
        repair = "Leave out this line" if len(lines) == 1 else f"Leave out these {len(lines)} lines"
        self._strip.show_message(_placed(first.line, self._title(first.column), first.message), others.strip(), repair)
        if first.row >= 0:
            self.table.scrollTo(self._model.index(first.row, max(0, first.column)))

    def _title(self, column: int) -> str:
        assert self._import.table is not None
        return "" if column < 0 else self._import.table.columns[column].title or f"number {column + 1}"

    # What a person does

    def _target_chosen(self, key: str) -> None:
        self._import.set_target(for_system=key == THIS)

    def _use_chosen(self, column: int, role: str, name: str) -> None:
        self._import.set_use(column, ColumnRole(role), name)


def _placed(line: int, column: str, message: str) -> str:
    return f"Line {line}, column {column}: {message}" if column else f"Line {line}: {message}"


def _table(model: PreviewModel) -> QTableView:
    table = QTableView()
    table.setObjectName("data-preview")
    table.setAccessibleName("Rows of the file")
    table.setModel(model)
    table.setItemDelegate(PreviewCells(table))
    table.setShowGrid(False)
    table.setFrameShape(QTableView.Shape.NoFrame)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setVerticalHeader(LineHeads(table))
    table.setCornerButtonEnabled(False)
    return table
