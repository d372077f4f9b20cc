"""A strip that says what is wrong, where, and offers one repair; or what was done."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from odeplayground.gui.theme import icons
from odeplayground.gui.widgets.buttons import IconButton, LinkButton
from odeplayground.gui.widgets.labels import label
from odeplayground.gui.widgets.painted import Painted

_GOOD, _BAD = ("check-circle-fill", "ok"), ("warning-circle-fill", "error")
"""Icon and its colour."""


class MessageStrip(QWidget):
    """Full width, hidden until there is something to say."""

    repair_requested = Signal()
    closed = Signal()

    def __init__(self, closable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "error")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._icon = _Icon(*_BAD, 18)
        self._sentence = label("", 13, 600)
        self._place = label("", 12, 400, "text2")
        self._repair = LinkButton("")
        self._close = IconButton("x", "Close the message", size=24, icon_size=12)
        self._lay_out()
        self._close.setVisible(closable)
        self._repair.clicked.connect(self.repair_requested)
        self._close.clicked.connect(self.clear)
        self._close.clicked.connect(self.closed)
        self.hide()

    @property
    def sentence(self) -> str:
        return self._sentence.text()

    def show_message(self, sentence: str, place: str = "", repair: str = "", *, good: bool = False) -> None:
        """Say ``sentence`` in bold, ``place`` and consequence below, and offer ``repair`` as a link.

        ``good``: something was done; otherwise something is wrong.
        """
        self._icon.set_icon(*(_GOOD if good else _BAD))
        self._set_plane("hint" if good else "error")
        self._sentence.setText(sentence)
        self._place.setText(place)
        self._place.setVisible(bool(place))
        self._repair.setText(repair)
        self._repair.setVisible(bool(repair))
        self.setAccessibleName(f"{'Done' if good else 'Error'}: {sentence} {place}".strip())
        self._take_room()
        self.show()

    def clear(self) -> None:
        """Nothing is wrong any more."""
        self.hide()
        self._sentence.setText("")

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        wraps = self._row.hasHeightForWidth()  # not while nothing is said
        return self._row.totalHeightForWidth(width) if wraps else self.sizeHint().height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_room()

    def _take_room(self) -> None:
        """Docks know no heights that depend on a width, and would squeeze the lines into each other."""
        self._row.invalidate()
        self.setFixedHeight(self.heightForWidth(self.width()))

    def _set_plane(self, plane: str) -> None:
        if plane != self.property("plane"):
            self.setProperty("plane", plane)
            self.style().unpolish(self)
            self.style().polish(self)

    def _lay_out(self) -> None:
        for part in (self._sentence, self._place):
            part.setWordWrap(True)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(11, 8, 12, 6)
        row.setSpacing(9)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self._sentence)
        column.addWidget(self._place)
        column.addWidget(self._repair, 0, Qt.AlignmentFlag.AlignLeft)
        row.addLayout(column, 1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)


class _Icon(Painted):
    def __init__(self, name: str, color: str, size: int) -> None:
        super().__init__()
        self._name, self._color, self._size = name, color, size
        self.setFixedSize(size, size)

    def set_icon(self, name: str, color: str) -> None:
        self._name, self._color = name, color
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        icons.paint(self.painter(), QRectF(self.rect()), self._name, self._color)
