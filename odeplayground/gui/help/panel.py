"""The help beside the portrait: a list of pages, one page at a time, and a way back."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from odeplayground.gui.gallery.pictures import Pictures
from odeplayground.gui.gallery.rows import Row, RowList
from odeplayground.gui.help.blocks import widget_of
from odeplayground.gui.panel import Panel
from odeplayground.gui.widgets.labels import label
from odeplayground.session import Session
from odeplayground.session.help_pages import Page, page, pages, parse_target

EDGE = 16


class HelpPanel(Panel):
    """Shows pages; what a link asks of the window is told to the window."""

    action_wanted = Signal(str)
    preset_wanted = Signal(str, dict)
    """A preset, and values of its parameters."""
    closed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Help")
        self.setObjectName("help")
        self.key = ""
        self._way: list[str] = []
        self._back = self.header.add_button("caret-left", "Back to the page before (Alt+Left)")
        self._back.setShortcut(QKeySequence("Alt+Left"))
        self._back.clicked.connect(self.back)
        self._contents = self.header.add_button("list", "All pages")
        self._contents.clicked.connect(self.show_contents)
        close = self.header.add_button("x", "Close the help (F1)")
        close.clicked.connect(self._close)
        self._pictures = Pictures(session.gallery, self)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("help-page")
        self._scroll.setAccessibleName("Help page")
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.addWidget(self._scroll)
        self._following = QTimer(self)  # the link's own widget may be gone when it is followed
        self._following.setSingleShot(True)
        self._following.setInterval(0)
        self._following.timeout.connect(self._follow_now)
        self._target = ""
        self.setMinimumWidth(320)

    def show_page(self, key: str) -> None:
        """Show the page with this key.

        Raises:
            KeyError: there is none.
        """
        one = page(key)
        if self.key != key:
            self._way.append(self.key)
        self.key = key
        self._show(self._body(one), one.title)

    def show_contents(self, _checked: bool = False) -> None:
        """Show the list of all pages."""
        self._way.append(self.key)
        self.key = ""
        rows = RowList("help-contents", "Pages of the help")
        rows.set_rows([Row(one.key, one.title, note=one.summary) for one in pages()])
        rows.setCurrentRow(-1)
        rows.itemClicked.connect(partial(self._opened, rows))
        rows.entered.connect(partial(self._opened, rows))
        rows.setFixedHeight(52 * rows.count() + 8)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(8, 0, 8, 0)
        column.addWidget(rows)
        column.addStretch(1)
        self._show(body, "Help")
        rows.setFocus()

    def back(self, _checked: bool = False) -> None:
        """Show what was shown before."""
        if not self._way:
            return
        key = self._way.pop()
        self.show_page(key) if key else self.show_contents()
        self._way.pop()
        self._back.setEnabled(bool(self._way))

    def follow(self, target: str) -> None:
        """Go where a link leads, soon."""
        self._target = target
        self._following.start()

    def _follow_now(self) -> None:
        kind, name, values = parse_target(self._target)
        if kind == "page":
            self.show_page(name)
        elif kind == "preset":
            self.preset_wanted.emit(name, values)
        else:
            self.action_wanted.emit(name)

    def _opened(self, rows: RowList, _item: object = None) -> None:
        if rows.key:
            self.follow(f"page:{rows.key}")

    def _show(self, body: QWidget, title: str) -> None:
        self._scroll.setWidget(body)
        self._scroll.verticalScrollBar().setValue(0)
        self._scroll.setAccessibleName(f"Help: {title}")
        self._back.setEnabled(bool(self._way))

    def _body(self, one: Page) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(EDGE, 0, EDGE, EDGE)
        column.setSpacing(10)
        title = label(one.title, 17, 600)
        title.setWordWrap(True)
        column.addWidget(title)
        summary = label(one.summary, 13, 400, "text2")
        summary.setWordWrap(True)
        column.addWidget(summary)
        for block in one.blocks:
            column.addWidget(widget_of(block, self.session, self._pictures, self.follow))
        column.addStretch(1)
        return body

    def _close(self, _checked: bool = False) -> None:
        self.closed.emit()
