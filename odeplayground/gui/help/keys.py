"""The sheet of keys: every command that has one, by menu, and what keys and mouse do in the panels."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMainWindow, QScrollArea, QVBoxLayout, QWidget

from odeplayground.gui.actions import ACTIONS, MENUS
from odeplayground.gui.gallery.sheet import EDGE, RADIUS, Sheet
from odeplayground.gui.widgets.labels import label
from odeplayground.session import Session

ELSEWHERE = (
    (
        "In the portrait",
        (
            ("Click", "A new trajectory"),
            ("Drag a start", "Move it; the curve follows"),
            ("Right click a start", "Remove it, and more"),
            ("Drag the ground", "Move the view"),
            ("Wheel", "Zoom at the pointer"),
        ),
    ),
    (
        "On a slider",
        (
            ("Left, Right", "One step"),
            ("Shift+Left, Right", "Ten steps"),
            ("Double click", "The model's own value"),
        ),
    ),
    (
        "In the equations",
        (
            ("Ctrl+Space", "Complete a name"),
            ("Tab", "On to the next panel"),
        ),
    ),
)
"""What is no command."""


class KeysSheet(Sheet):
    """Three columns of keys."""

    def __init__(self, window: QMainWindow, session: Session) -> None:
        super().__init__("keys", "Keys and mouse", window, session)
        groups = [(menu, _keys_of(menu)) for menu in MENUS] + [(title, list(rows)) for title, rows in ELSEWHERE]
        columns = QHBoxLayout()
        columns.setContentsMargins(24, 0, 24, 24)
        columns.setSpacing(32)
        for share in _shared_out([group for group in groups if group[1]], 3):
            column = QVBoxLayout()
            column.setSpacing(6)
            for title, rows in share:
                column.addWidget(label(title, 13, 600))
                column.addLayout(_grid(rows))
                column.addSpacing(12)
            column.addStretch(1)
            columns.addLayout(column, 1)
        body = QWidget()
        body.setLayout(columns)
        scroll = QScrollArea()
        scroll.setObjectName("keys-list")
        scroll.setAccessibleName("Keys and mouse")
        scroll.setWidgetResizable(True)
        scroll.setWidget(body)
        self._scroll = scroll
        self.rows.addWidget(scroll, 1)
        self.rows.addSpacing(RADIUS)

    def open_on(self) -> None:
        """Open the sheet."""
        self.open_sheet()
        self._scroll.setFocus()

    def sheet_size(self, width: int, height: int) -> tuple[int, int]:
        return min(1040, width - 2 * EDGE), min(620, height - 2 * EDGE)


def _keys_of(menu: str) -> list[tuple[str, str]]:
    native = QKeySequence.SequenceFormat.NativeText
    return [
        (QKeySequence(spec.shortcut).toString(native), spec.text.rstrip("…"))
        for spec in ACTIONS
        if spec.menu == menu and spec.shortcut
    ]


def _grid(rows: list[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    for row, (key, words) in enumerate(rows):
        shown = label(key, 12, 500, "text2")
        shown.setFixedWidth(112)
        grid.addWidget(shown, row, 0, Qt.AlignmentFlag.AlignTop)
        meaning = label(words, 12)
        meaning.setWordWrap(True)
        grid.addWidget(meaning, row, 1)
    return grid


Group = tuple[str, list[tuple[str, str]]]


def _shared_out(groups: list[Group], columns: int) -> list[list[Group]]:
    """Groups in order, each column about as long as the others."""
    total = sum(len(rows) + 2 for _, rows in groups)
    result: list[list[Group]] = [[] for _ in range(columns)]
    done = 0
    for group in groups:
        result[min(columns - 1, columns * done // total)].append(group)
        done += len(group[1]) + 2
    return result
