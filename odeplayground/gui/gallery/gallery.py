"""The gallery: every system that can be opened, to be found by looking, by shelf, or by typing."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from odeplayground.gui.gallery.cards import CELL, COLUMN_ROOM, STEPS, CardView
from odeplayground.gui.gallery.details import Details
from odeplayground.gui.gallery.rows import Row, RowList
from odeplayground.gui.gallery.sheet import EDGE, FOOTER, Sheet
from odeplayground.gui.theme import icons
from odeplayground.gui.widgets.buttons import FlatButton, PlainButton, PrimaryButton
from odeplayground.gui.widgets.labels import hairline, label
from odeplayground.session import Session
from odeplayground.session.gallery import ALL, MINE, GalleryCard, found

SHELVES = 176
LEFT, RIGHT = 24, 14
"""Pixels beside the cards; the scroll bar stands in those at the right."""
HEIGHT, TALL = 688, 860
WIDE = 1500
"""A window from this width on has room for four columns."""
NOTHING = "Nothing fits. Try fewer letters, or begin a blank system."
NO_FILES = "Projects that you save or open stand here."


class GallerySheet(Sheet):
    """Says which system was chosen; opening it is the window's business."""

    preset_chosen = Signal(str)
    file_chosen = Signal(object)
    """The path of a file among the recent ones."""
    command = Signal(str)
    """Something else was wanted: the name of an action."""

    def __init__(self, window: QMainWindow, session: Session) -> None:
        super().__init__("gallery", "Choose a system", window, session)
        self._gallery = session.gallery
        self._all: tuple[GalleryCard, ...] = ()
        self.search = _SearchField()
        self.search.setObjectName("gallery-search")
        self.search.setFixedWidth(240)
        self.search.addAction(icons.icon("magnifying-glass", "text3"), QLineEdit.ActionPosition.LeadingPosition)
        self.header.insertWidget(2, self.search)
        self.shelves = RowList("gallery-shelves", "Shelves")
        self.cards = CardView(self._gallery)
        self.details = Details()
        self._nothing = label(NOTHING, 13, 400, "text2")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.open_button = PrimaryButton("Open system")
        self._lay_out()
        self._soon = QTimer(self)  # pictures are asked for when the sheet has been painted
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._want_pictures)
        self._listen()

    def sheet_size(self, width: int, height: int) -> tuple[int, int]:
        columns = 4 if width >= WIDE else 3
        wanted = EDGE + SHELVES + LEFT + columns * CELL.width() + COLUMN_ROOM + RIGHT
        return min(wanted, width - 2 * EDGE), min(TALL if height > 900 else HEIGHT, height - 2 * EDGE)

    def open_on(self, key: str) -> None:
        """Open with all systems, the one with this key chosen."""
        self._all = self._gallery.cards()
        shelves = self._gallery.categories()
        self.search.clear()
        self.search.setPlaceholderText(f"Search {shelves[0].count} systems")
        self.shelves.set_rows(
            [Row(shelf.name, shelf.name, str(shelf.count), apart=shelf.name == MINE) for shelf in shelves]
        )
        self.shelves.pick(ALL)
        self.open_sheet()
        self._fill(key)
        self.cards.setFocus()

    def escape(self) -> None:
        if self.search.text():
            self.search.clear()
            self.cards.setFocus()
        else:
            self.close_sheet()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() and event.text().isprintable() and event.key() != Qt.Key.Key_Space:
            self._type(event.text())
        super().keyPressEvent(event)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setContentsMargins(EDGE, 0, 0, 0)
        left.addWidget(self.shelves)
        self.shelves.setFixedWidth(SHELVES - EDGE)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.cards)
        self._stack.addWidget(self._nothing)
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 2, 0)
        middle.setSpacing(LEFT)
        middle.addLayout(left)
        middle.addWidget(self._stack, 1)
        self.rows.addLayout(middle, 1)
        self.rows.addWidget(hairline())
        self.rows.addWidget(self.details)
        self.rows.addWidget(hairline())
        self.rows.addWidget(self._footer())

    def _footer(self) -> QWidget:
        footer = QWidget()
        footer.setFixedHeight(FOOTER)
        row = QHBoxLayout(footer)
        row.setContentsMargins(EDGE, 0, 24, 0)
        row.setSpacing(8)
        for text, icon, name in (("Blank system", "plus", "new_system"), ("Open a file", "folder-open", "open_file")):
            button = FlatButton(text, icon)
            button.setProperty("action", name)
            button.clicked.connect(self._other)
            row.addWidget(button)
        row.addStretch(1)
        cancel = PlainButton("Cancel")
        cancel.clicked.connect(self.close_sheet)
        row.addWidget(cancel)
        row.addWidget(self.open_button)
        return footer

    def _listen(self) -> None:
        self.search.textChanged.connect(self._refill)
        self.search.moved.connect(self.cards.step)
        self.search.returnPressed.connect(self._open)
        self.shelves.picked.connect(self._shelf_picked)
        self.shelves.entered.connect(self._open)
        self.cards.picked.connect(self._picked)
        self.cards.opened.connect(self._open)
        self.cards.typed.connect(self._type)
        self.open_button.clicked.connect(self._open)
        self.closed.connect(self._rest)
        self._gallery.pictured.connect(self.cards.show_picture)

    def _type(self, text: str) -> None:
        """Letters typed anywhere go into the search."""
        self.search.setFocus()
        self.search.insert(text)

    def _shelf_picked(self, key: str) -> None:
        self.search.clear()
        self._refill()

    def _refill(self) -> None:
        self._fill(self.cards.card.key if self.cards.card and not self.search.text() else "")

    def _fill(self, key: str) -> None:
        cards = found(self._all, self.shelves.key, self.search.text())
        self.cards.show_cards(cards, key)
        self._nothing.setText(NO_FILES if self.shelves.key == MINE and not self.search.text() else NOTHING)
        self._stack.setCurrentWidget(self.cards if cards else self._nothing)
        if not self.isHidden():
            self._soon.start()

    def _want_pictures(self) -> None:
        shown = self.cards.cards
        self._gallery.want((*shown, *(card for card in self._all if card not in shown)))

    def _rest(self) -> None:
        self._soon.stop()
        self._gallery.rest()

    def _picked(self) -> None:
        card = self.cards.card
        self.details.show_card(card)
        self.open_button.setEnabled(card is not None)

    def _open(self) -> None:
        card = self.cards.card
        if card is None:
            return
        self.close_sheet()
        if card.path is None:
            self.preset_chosen.emit(card.key)
        else:
            self.file_chosen.emit(card.path)

    def _other(self) -> None:
        name = str(self.sender().property("action"))
        self.close_sheet()
        self.command.emit(name)


class _SearchField(QLineEdit):
    """A field whose arrow keys move among the cards."""

    moved = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        along = event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        if along or (event.key() in STEPS and not self.text()):
            self.moved.emit(event.key())
        else:
            super().keyPressEvent(event)
