"""The legend in words, one line; each entry switches its layer."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolTip, QWidget

from odeplayground.gui.theme import fonts, theme
from odeplayground.gui.widgets.painted import Painted, focus_ring
from odeplayground.gui.widgets.signs import Sign, draw_sample

HEIGHT = 32
_TEXT_AT = 22
_WIDEST_GAP = 20
_NARROWEST_GAP = 10
_RIGHT = 16
_MORE = 34


class LegendEntry(msgspec.Struct, frozen=True):
    """One thing in the picture. ``color`` is a token; several entries may share a key and so a layer."""

    key: str
    text: str
    sign: Sign
    color: str
    on: bool = True
    switchable: bool = True


class Legend(Painted):
    """Samples with words. Click an entry to hide or show its layer; what does not fit waits behind a count."""

    toggled = Signal(str, bool)

    def __init__(self, inset: int = 38, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[LegendEntry, ...] = ()
        self._inset = inset
        self._focused = 0
        self._hovered = -1
        self.setFont(fonts.ui(11))
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Legend")

    @property
    def entries(self) -> tuple[LegendEntry, ...]:
        return self._entries

    def set_entries(self, entries: Sequence[LegendEntry]) -> None:
        """Change what the picture shows."""
        if tuple(entries) != self._entries:
            self._entries = tuple(entries)
            self._focused = min(self._focused, max(0, len(self._entries) - 1))
            self._describe()
            self.update()

    def set_inset(self, inset: int) -> None:
        """Where the first sample begins: the left edge of the plot above."""
        if inset != self._inset:
            self._inset = inset
            self.update()

    def shown(self) -> list[tuple[LegendEntry, QRectF]]:
        """The entries that have room, and where they are."""
        widths = [_TEXT_AT + self.fontMetrics().horizontalAdvance(entry.text) for entry in self._entries]
        room = self.width() - self._inset - _RIGHT
        count = self._fitting(widths, room)
        gap = _WIDEST_GAP
        if count > 1:
            free = room - sum(widths[:count]) - (_MORE if count < len(widths) else 0)
            gap = int(min(_WIDEST_GAP, max(_NARROWEST_GAP, free / (count - 1))))
        left = float(self._inset)
        result = []
        for entry, width in zip(self._entries[:count], widths, strict=False):
            result.append((entry, QRectF(left, 0, width, self.height() - 4)))
            left += width + gap
        return result

    def sizeHint(self) -> QSize:
        return QSize(420, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, HEIGHT)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._tooltip(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        index = self._at(event.position())
        if index >= 0:
            self._toggle(index)
        elif self._more_rect().contains(event.position()):
            self.open_rest()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hovered = self._at(event.position())
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self.shown()) - 1 + bool(self._rest())
        if event.key() == Qt.Key.Key_Right:
            self._focused = min(last, self._focused + 1)
        elif event.key() == Qt.Key.Key_Left:
            self._focused = max(0, self._focused - 1)
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._activate_focused()
        else:
            super().keyPressEvent(event)
            return
        self._focus_shows = True
        self._describe()
        self.update()

    def open_rest(self) -> None:
        """Open the entries without room as a menu."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for entry in self._rest():
            action = menu.addAction(entry.text)
            action.setCheckable(True)
            action.setChecked(entry.on)
            action.setEnabled(entry.switchable)
            action.setData(entry.key)
        menu.triggered.connect(self._chosen_in_menu)
        menu.popup(self.mapToGlobal(QPoint(int(self._more_rect().left()), -menu.sizeHint().height())))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.setFont(self.font())
        shown = self.shown()
        for index, (entry, rect) in enumerate(shown):
            self._paint_entry(painter, entry, rect, index == self._hovered)
            if self.focus_shows and index == self._focused:
                focus_ring(painter, rect.adjusted(-4, 3, 4, -3), 4)
        if self._rest():
            rect = self._more_rect()
            painter.setPen(theme().color("text2"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, f"+{len(self._rest())} …")
            if self.focus_shows and self._focused == len(shown):
                focus_ring(painter, rect.adjusted(0, 3, 0, -3), 4)

    def _paint_entry(self, painter: QPainter, entry: LegendEntry, rect: QRectF, hovered: bool) -> None:
        middle = round(rect.center().y()) + 0.0
        painter.setOpacity(1.0 if entry.on else 0.4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        draw_sample(painter, entry.sign, rect.left(), middle, theme().color(entry.color))
        painter.setOpacity(1.0)
        font = fonts.ui(11)
        font.setStrikeOut(not entry.on)
        painter.setFont(font)
        hot = hovered and entry.switchable
        painter.setPen(theme().color("text" if hot else "text2" if entry.on else "text3"))
        painter.drawText(QPointF(rect.left() + _TEXT_AT, middle + 4), entry.text)

    def _fitting(self, widths: list[int], room: int) -> int:
        if sum(widths) + _NARROWEST_GAP * (len(widths) - 1) <= room:
            return len(widths)
        used, count = _MORE, 0
        for width in widths:
            used += width + _NARROWEST_GAP
            if used > room:
                break
            count += 1
        return count

    def _rest(self) -> tuple[LegendEntry, ...]:
        return self._entries[len(self.shown()) :]

    def _more_rect(self) -> QRectF:
        shown = self.shown()
        if not self._rest():
            return QRectF()
        left = shown[-1][1].right() + 4 if shown else self._inset
        return QRectF(left, 0, _MORE, self.height() - 4)

    def _at(self, point: QPointF) -> int:
        for index, (_, rect) in enumerate(self.shown()):
            if rect.adjusted(-4, 0, 4, 0).contains(point):
                return index
        return -1

    def _tooltip(self, point: QPointF) -> str:
        index = self._at(point)
        if index >= 0 and self._entries[index].switchable:
            entry = self._entries[index]
            return f"{'Hide' if entry.on else 'Show'} {entry.text}"
        if self._more_rect().contains(point):
            return ", ".join(entry.text for entry in self._rest())
        return ""

    def _activate_focused(self) -> None:
        if self._focused < len(self.shown()):
            self._toggle(self._focused)
        elif self._rest():
            self.open_rest()

    def _toggle(self, index: int) -> None:
        entry = self._entries[index]
        if entry.switchable:
            self._switch(entry.key, not entry.on)

    def _chosen_in_menu(self, action: QAction) -> None:
        self._switch(str(action.data()), action.isChecked())

    def _switch(self, key: str, on: bool) -> None:
        self._entries = tuple(
            msgspec.structs.replace(entry, on=on) if entry.key == key else entry for entry in self._entries
        )
        self._describe()
        self.update()
        self.toggled.emit(key, on)

    def _describe(self) -> None:
        if self._focused < len(self._entries):
            entry = self._entries[self._focused]
            self.setAccessibleDescription(f"{entry.text}, {'shown' if entry.on else 'hidden'}")
