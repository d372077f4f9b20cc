"""A list that appears, is searched by typing and answers with what was chosen: presets, commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from odeplayground.gui.theme import fonts, theme

ROW = 34
SHOWN = 12


class Choice(msgspec.Struct, frozen=True):
    """One line of the list."""

    key: str
    text: str
    note: str = ""
    """Shown in grey at the right: a summary or a shortcut."""
    enabled: bool = True
    search: str = ""
    """More words by which it is found."""


class Chooser(QFrame):
    """A popup below a widget. Typing filters, arrows move, Enter or a click chooses, Escape leaves."""

    chosen = Signal(str)

    def __init__(
        self, name: str, hint: str, parent: QWidget, typed: Callable[[str], Sequence[Choice]] | None = None
    ) -> None:
        """``typed`` tells what a text means by itself; that stands above what it finds."""
        super().__init__(parent, Qt.WindowType.Popup)
        self._typed = typed
        self.setObjectName(name)
        self.setAccessibleName(hint)
        self._choices: tuple[Choice, ...] = ()
        self._field = QLineEdit(placeholderText=hint)
        self._field.setAccessibleName(hint)
        self._field.setToolTip("Type a few letters; arrows choose, Enter does it, Escape leaves")
        self._field.textChanged.connect(self._filter)
        self._field.installEventFilter(self)
        self._list = QListWidget()
        self._list.setItemDelegate(_Row(self._list))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemClicked.connect(self._choose)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(8, 8, 8, 8)
        rows.setSpacing(8)
        rows.addWidget(self._field)
        rows.addWidget(self._list)

    def open_at(self, corner: QPoint, width: int, choices: Sequence[Choice], current: str = "") -> None:
        """Show the list with its upper left corner at a place on the screen."""
        self._choices = tuple(choices)
        self._field.clear()
        self._filter("")
        for row in range(self._list.count()):
            if self._list.item(row).data(Qt.ItemDataRole.UserRole).key == current:
                self._list.setCurrentRow(row)
        self.setFixedSize(width, 62 + ROW * min(SHOWN, max(1, len(self._choices))))
        self.move(corner)
        self.show()
        self._field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
                self._list.keyPressEvent(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if (item := self._list.currentItem()) is not None:
                    self._choose(item)
                return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme().color("border"))
        painter.setBrush(theme().color("surface"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _filter(self, typed: str) -> None:
        self._list.clear()
        meant = self._typed(typed) if self._typed is not None and typed else ()
        for choice in (*meant, *found(self._choices, typed)):
            item = QListWidgetItem(choice.text)
            item.setData(Qt.ItemDataRole.UserRole, choice)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{choice.text}, {choice.note}")
            if not choice.enabled:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.addItem(item)
        for row in range(self._list.count()):
            if self._list.item(row).flags() & Qt.ItemFlag.ItemIsEnabled:
                self._list.setCurrentRow(row)
                break

    def _choose(self, item: QListWidgetItem) -> None:
        choice: Choice = item.data(Qt.ItemDataRole.UserRole)
        if choice.enabled:
            self.hide()
            self.chosen.emit(choice.key)


def found(choices: Sequence[Choice], typed: str) -> list[Choice]:
    """Those with all typed words somewhere, the best first: at the start of the text, in it, elsewhere."""
    words = typed.lower().split()

    def rank(choice: Choice) -> int:
        text = choice.text.lower()
        if text.startswith(typed.lower().strip()):
            return 0
        return 1 if all(word in text for word in words) else 2

    hits = [
        choice
        for choice in choices
        if all(word in f"{choice.text} {choice.note} {choice.search}".lower() for word in words)
    ]
    return sorted(hits, key=rank) if words else hits


class _Row(QStyledItemDelegate):
    """Text at the left, note in grey at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        choice: Choice = index.data(Qt.ItemDataRole.UserRole)
        rect = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected or option.state & QStyle.StateFlag.State_MouseOver:
            selected = bool(option.state & QStyle.StateFlag.State_Selected)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("accent_soft" if selected else "hover"))
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 6, 6)
        inner = rect.adjusted(10, 0, -10, 0)
        painter.setFont(fonts.ui(13))
        painter.setPen(theme().color("text" if choice.enabled else "text3"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, choice.text)
        painter.setFont(fonts.ui(12))
        painter.setPen(theme().color("text3"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, choice.note)
        painter.restore()
