"""The card that tells what an equilibrium or a limit cycle is, next to it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from odeplayground.gui.plots import explanations
from odeplayground.gui.plots.stroke import variable_token
from odeplayground.gui.theme import fonts, symbols, theme
from odeplayground.session.scene import CycleMark, EquilibriumMark

_PADDING = 16.0
_ROW = 25.0
_TITLE = 44.0
_HEAD = 22.0
_GAP = 20.0
_RADIUS = 10.0
_SHADOW = 10
_AWAY = 16.0


@dataclass(frozen=True)
class Row:
    """A symbol, the token of its hue, and a value per column."""

    symbol: str
    token: str
    values: tuple[str, ...]
    word: bool = False
    """Whether a word stands in the place of the symbol."""

    @property
    def font(self) -> QFont:
        """The font of the symbol."""
        return fonts.ui(12) if self.word else fonts.math(15)


def rows(states: tuple[str, ...], marks: tuple[EquilibriumMark, ...]) -> list[Row]:
    """The lines of the card for one or two equilibria side by side."""
    result = [
        Row(
            symbols.symbol(name),
            variable_token(i),
            tuple(symbols.number(float(mark.state[i]), 3) if i < len(mark.state) else "" for mark in marks),
        )
        for i, name in enumerate(states)
    ]
    columns = [explanations.eigenvalue_texts(mark.eigenvalues) for mark in marks]
    for line in range(max(map(len, columns), default=0)):
        cells = tuple(column[line] if line < len(column) else "" for column in columns)
        result.append(Row(symbols.symbol("lambda") if line == 0 else "", "text2", cells))
    return result


class HoverCard(QGraphicsObject):
    """A floating sheet in the pixels of its parent, which keeps it inside."""

    def __init__(self, parent: QGraphicsItem, z: float) -> None:
        super().__init__(parent)
        self.setZValue(z)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._title = ""
        self._heads: tuple[str, ...] = ()
        self._rows: list[Row] = []
        self._columns: list[float] = []
        self._size = (0.0, 0.0)
        self.hide()

    def show_marks(
        self,
        place: QPointF,
        room: QRectF,
        states: tuple[str, ...],
        true: EquilibriumMark | None,
        learned: EquilibriumMark | None,
    ) -> None:
        """Open the card beside a point, inside a rectangle, for an equilibrium and its partner."""
        marks = tuple(mark for mark in (true, learned) if mark is not None)
        if not marks:
            self.hide()
            return
        kinds = list(dict.fromkeys(mark.label for mark in marks))
        title = kinds[0].capitalize() + (f", learned: {kinds[1]}" if len(kinds) > 1 else "")
        names = [name for name, mark in (("true", true), ("learned", learned)) if mark is not None]
        self._open(place, room, title, tuple(names) if learned is not None else (), rows(states, marks))

    def show_cycle(self, place: QPointF, room: QRectF, mark: CycleMark, learned: bool) -> None:
        """Open the card beside a point, inside a rectangle, for a limit cycle."""
        lines = [Row("Period", "text2", (symbols.significant(mark.period),), word=True)]
        others = mark.multipliers[1:]
        name = "Multiplier" if len(others) == 1 else "Multipliers"
        lines += [
            Row(name if i == 0 else "", "text2", (explanations.multiplier(v),), True) for i, v in enumerate(others)
        ]
        title = mark.kind.label.capitalize() + (", learned" if learned else "")
        self._open(place, room, title, (), lines)

    def show_rows(self, place: QPointF, room: QRectF, title: str, lines: list[Row]) -> None:
        """Open the card beside a point, inside a rectangle, with a title and lines of one column."""
        self._open(place, room, title, (), lines)

    def _open(self, place: QPointF, room: QRectF, title: str, heads: tuple[str, ...], lines: list[Row]) -> None:
        self.prepareGeometryChange()
        self._title, self._heads, self._rows = title, heads, lines
        self._measure(max((len(row.values) for row in lines), default=1))
        self.setPos(self._beside(place, room))
        self.show()
        self.update()

    @property
    def text(self) -> str:
        """All that stands on it, for tests and screen readers."""
        lines = [self._title, " ".join(self._heads)]
        lines += [" ".join((row.symbol, *row.values)) for row in self._rows]
        return "\n".join(line for line in lines if line)

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, *self._size).adjusted(-_SHADOW, -_SHADOW, _SHADOW, _SHADOW + 4)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sheet = QRectF(0, 0, *self._size)
        self._paint_sheet(painter, sheet)
        painter.setFont(fonts.ui(13, 600))
        painter.setPen(theme().color("text"))
        painter.drawText(QPointF(_PADDING, 27), self._title)
        top = _TITLE
        if self._heads:
            painter.setFont(fonts.ui(11))
            for i, head in enumerate(self._heads):
                painter.setPen(theme().color("accent_text" if head == "learned" else "text2"))
                painter.drawText(self._cell(i, top - 8, _HEAD), Qt.AlignmentFlag.AlignRight, head)
            top += _HEAD - 6
        for row in self._rows:
            self._paint_row(painter, row, top)
            top += _ROW

    def _paint_row(self, painter: QPainter, row: Row, top: float) -> None:
        painter.setFont(row.font)
        painter.setPen(theme().color(row.token))
        painter.drawText(QPointF(_PADDING, top + 17), row.symbol)
        painter.setFont(fonts.ui(12, 500))
        painter.setPen(theme().color("text"))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for i, value in enumerate(row.values):
            painter.drawText(self._cell(i, top, _ROW), flags, value)

    def _paint_sheet(self, painter: QPainter, sheet: QRectF) -> None:
        tokens = theme().tokens
        painter.setPen(Qt.PenStyle.NoPen)
        shade = theme().color("text" if not tokens.dark else "chrome")
        for i in range(_SHADOW, 0, -1):
            shade.setAlphaF(tokens.shadow * 2.2 * (1 - i / (_SHADOW + 1)) / _SHADOW)
            painter.setBrush(shade)
            painter.drawRoundedRect(sheet.adjusted(-i, -i + 3, i, i + 3), _RADIUS + i, _RADIUS + i)
        painter.setPen(QPen(theme().color("border" if tokens.dark else "sep"), 1))
        painter.setBrush(theme().color("sunken" if tokens.dark else "surface"))
        painter.drawRoundedRect(sheet.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)

    def _measure(self, n_columns: int) -> None:
        values, title = QFontMetricsF(fonts.ui(12, 500)), QFontMetricsF(fonts.ui(13, 600))
        symbol = max((QFontMetricsF(row.font).horizontalAdvance(row.symbol) for row in self._rows), default=0.0)
        x = _PADDING + symbol
        self._columns = []
        for i in range(n_columns):
            x += _GAP + max([values.horizontalAdvance(row.values[i]) for row in self._rows] + [44.0])
            self._columns.append(x)
        spare = _PADDING + title.horizontalAdvance(self._title) - x
        if spare > 0:
            self._columns = [right + spare * (i + 1) / n_columns for i, right in enumerate(self._columns)]
        height = _TITLE + (_HEAD - 6 if self._heads else 0) + _ROW * len(self._rows) + 8
        self._size = (round(self._columns[-1] + _PADDING), round(height))

    def _cell(self, column: int, top: float, height: float) -> QRectF:
        return QRectF(0, top, self._columns[column], height)

    def _beside(self, place: QPointF, room: QRectF) -> QPointF:
        width, height = self._size
        x = place.x() + _AWAY
        if x + width > room.right() - 4:
            x = place.x() - _AWAY - width
        if x < room.left() + 4:
            x = max(room.left() + 4, min(place.x() - width / 2, room.right() - 4 - width))
        y = place.y() - height - _AWAY
        if y < room.top() + 4:
            y = min(place.y() + _AWAY, room.bottom() - height - 4)
        return QPointF(round(x), round(max(y, room.top() + 4)))
