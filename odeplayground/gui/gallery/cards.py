"""The shelf of cards: small picture, title, one line about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from odeplayground.gui.gallery.pictures import RADIUS, SIZE, Pictures
from odeplayground.gui.theme import fonts, theme
from odeplayground.session.gallery import Gallery, GalleryCard

CELL = QSize(258, 172)
COLUMN_ROOM = 2
"""Pixels that Qt wants beside the cells of a row."""
_Index = QModelIndex | QPersistentModelIndex


class CardModel(QAbstractListModel):
    """The cards that are shown, in their order."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.cards: tuple[GalleryCard, ...] = ()

    def show_cards(self, cards: Sequence[GalleryCard]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self.cards = tuple(cards)
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.cards)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        card = self.cards[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return card.title
            case Qt.ItemDataRole.UserRole:
                return card
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{card.title}: {card.summary}"
            case _:
                return None


class CardView(QListView):
    """Cards in columns. Arrows move, Enter and a double click open, typing is passed on."""

    picked = Signal()
    """Another card is the current one."""
    opened = Signal()
    typed = Signal(str)

    def __init__(self, gallery: Gallery, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = CardModel(self)
        self._pictures = Pictures(gallery, self)
        self.setObjectName("gallery-cards")
        self.setAccessibleName("Systems")
        self.setModel(self._cards)
        self.setItemDelegate(_CardDelegate(gallery, self._pictures, self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setGridSize(CELL)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(28)
        self.setMouseTracking(True)
        self.doubleClicked.connect(self._double_clicked)
        self.selectionModel().currentChanged.connect(self._current_changed)
        self._pictures.painted.connect(self.show_picture)
        theme().changed.connect(self.viewport().update)

    @property
    def cards(self) -> tuple[GalleryCard, ...]:
        """Those on the shelf."""
        return self._cards.cards

    @property
    def card(self) -> GalleryCard | None:
        """The current one."""
        index = self.currentIndex()
        return self._cards.cards[index.row()] if index.isValid() else None

    def show_cards(self, cards: Sequence[GalleryCard], key: str = "") -> None:
        """Put these on the shelf; the one with this key is the current one, or else the first."""
        self._cards.show_cards(cards)
        row = next((i for i, card in enumerate(cards) if card.key == key), 0)
        self.setCurrentIndex(self._cards.index(row))
        self.picked.emit()

    def show_picture(self, key: str) -> None:
        """Paint the card with this key again."""
        for i, card in enumerate(self.cards):
            if card.key == key:
                self.update(self._cards.index(i))

    def columns(self) -> int:
        """How many cards stand beside each other."""
        return max(1, (self.viewport().width() - COLUMN_ROOM) // CELL.width())

    def step(self, key: int) -> None:
        """Move the current card as this key says."""
        page = max(1, self.viewport().height() // CELL.height()) * self.columns()
        by = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self.columns(),
            Qt.Key.Key_Down: self.columns(),
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -len(self.cards),
            Qt.Key.Key_End: len(self.cards),
        }[Qt.Key(key)]
        row = self.currentIndex().row() + by
        if by in (-self.columns(), self.columns()) and not 0 <= row < len(self.cards) and self._is_at_border(by):
            return
        self.setCurrentIndex(self._cards.index(min(max(row, 0), len(self.cards) - 1)))

    def _is_at_border(self, by: int) -> bool:
        """Whether there is no further row of cards that way."""
        row, columns = self.currentIndex().row(), self.columns()
        return row < columns if by < 0 else row // columns == (len(self.cards) - 1) // columns

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in STEPS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.cards:
                self.step(event.key())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif event.text().strip() and event.text().isprintable():
            self.typed.emit(event.text())
        else:
            event.ignore()

    def _current_changed(self, current: QModelIndex, before: QModelIndex) -> None:
        self.picked.emit()

    def _double_clicked(self, index: QModelIndex) -> None:
        self.opened.emit()


STEPS = frozenset(
    {
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
    }
)
"""Keys that move among the cards."""


class _CardDelegate(QStyledItemDelegate):
    def __init__(self, gallery: Gallery, pictures: Pictures, view: CardView) -> None:
        super().__init__(view)
        self._gallery, self._pictures, self._view = gallery, pictures, view

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return CELL

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        card: GalleryCard = index.data(Qt.ItemDataRole.UserRole)
        corner = QPointF(option.rect.topLeft()) + QPointF(0, 1)
        frame = QRectF(corner, QRectF(0, 0, SIZE.width(), SIZE.height()).size())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_picture(painter, frame, card)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(theme().color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame.adjusted(1, 1, -1, -1), RADIUS - 1, RADIUS - 1)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QPen(theme().color("border"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        self._paint_words(painter, frame, card)
        painter.restore()

    def _paint_picture(self, painter: QPainter, frame: QRectF, card: GalleryCard) -> None:
        pixmap = self._pictures.pixmap(card.key, self._view.devicePixelRatioF())
        if pixmap is not None:
            painter.drawPixmap(frame.topLeft(), pixmap)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("sunken"))
        painter.drawRoundedRect(frame, RADIUS, RADIUS)
        picture = self._gallery.picture(card.key)
        if picture is not None and picture.failure:
            painter.setFont(fonts.ui(11))
            painter.setPen(theme().color("text3"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(frame.adjusted(12, 8, -12, -8), flags, picture.failure)

    def _paint_words(self, painter: QPainter, frame: QRectF, card: GalleryCard) -> None:
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for text, px, weight, tone, top in ((card.title, 13, 600, "text", 7), (card.summary, 12, 400, "text2", 24)):
            painter.setFont(fonts.ui(px, weight))
            painter.setPen(theme().color(tone))
            line = QRectF(frame.left(), frame.bottom() + top, frame.width(), 18)
            elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(line.width()))
            painter.drawText(line, left, elided)
