"""Small pictures of systems as pixels in the theme's colours, painted a few lines per turn of the event loop."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QElapsedTimer, QObject, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QBrush, QPainter, QPen, QPixmap

from odeplayground.gui.plots.stroke import mix, variable_token
from odeplayground.gui.theme import theme
from odeplayground.gui.theme.tokens import variable_dash
from odeplayground.gui.widgets.painted import line_pen
from odeplayground.session.gallery import Gallery
from odeplayground.session.thumbnails import Line, Thumbnail

SIZE = QSize(237, 116)
RADIUS = 8
_CROWDED = 2000
"""A curve of more points is drawn thin, or it would be a blot."""
_PIECE = 32
"""Lines of curves drawn at once: a long curve is one huge outline to Qt, and slow."""
_TURN = 3
"""Milliseconds of painting in a turn of the event loop."""


class Pictures(QObject):
    """Keeps what was painted until the theme changes, or the card gets another picture."""

    painted = Signal(str)
    """The pixels of the card with this key are there."""

    def __init__(self, gallery: Gallery, parent: QObject) -> None:
        super().__init__(parent)
        self._gallery = gallery
        self._painted: dict[tuple[str, float], tuple[Thumbnail, QPixmap]] = {}
        self._waiting: dict[tuple[str, float], Thumbnail] = {}
        self._current: tuple[tuple[str, float], Thumbnail, Iterator[QPixmap | None]] | None = None
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._paint_on)
        theme().changed.connect(self.forget)

    def pixmap(self, key: str, ratio: float) -> QPixmap | None:
        """The picture of a card; ``None`` if it has to be computed or painted first, which ``painted`` will tell."""
        thumbnail = self._gallery.picture(key)
        if thumbnail is None or not thumbnail.lines:
            return None
        of, found = self._painted.get((key, ratio), (None, None))
        if of is thumbnail:
            return found
        if self._current is None or self._current[0] != (key, ratio) or self._current[1] is not thumbnail:
            self._waiting[key, ratio] = thumbnail
        self._turn.start()
        return None

    def forget(self) -> None:
        """Paint everything anew when it is asked for."""
        self._painted.clear()
        self._waiting.clear()
        self._current = None

    def _paint_on(self) -> None:
        """Paint for a while, and go on in the next turn."""
        clock = QElapsedTimer()
        clock.start()
        while (self._current or self._waiting) and clock.elapsed() < _TURN:
            if self._current is None:
                wanted = next(iter(self._waiting))
                thumbnail = self._waiting.pop(wanted)
                self._current = wanted, thumbnail, painting(thumbnail, wanted[1])
            key, thumbnail, steps = self._current
            pixmap = next(steps)
            if pixmap is not None:
                self._current = None
                self._painted[key] = thumbnail, pixmap
                self.painted.emit(key[0])
        if self._current or self._waiting:
            self._turn.start()


def painting(thumbnail: Thumbnail, ratio: float) -> Iterator[QPixmap | None]:
    """The picture with round corners, on the sunken plane, with ``ratio`` device pixels per pixel.

    Yields ``None`` after every piece of it, and at last the whole.
    """
    square = _blank(ratio)
    square.fill(theme().color("sunken"))
    for line in thumbnail.lines:
        pen, points = _pen(line), _points(line)
        piece = len(points) if line.level else _PIECE
        for start in range(0, max(1, len(points) - 1), 8 * piece):
            painter = QPainter(square)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(pen)
            for first in range(start, min(start + 8 * piece, len(points) - 1), piece):
                painter.drawPolyline(points[first : first + piece + 1])
            painter.end()
            yield None
    yield _rounded(square, ratio)


def _rounded(square: QPixmap, ratio: float) -> QPixmap:
    result = _blank(ratio)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(square))
    painter.drawRoundedRect(QRectF(0, 0, SIZE.width(), SIZE.height()), RADIUS, RADIUS)
    painter.end()
    return result


def _blank(ratio: float) -> QPixmap:
    pixmap = QPixmap(SIZE * ratio)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _points(line: Line) -> list[QPointF]:
    width, height = SIZE.width(), SIZE.height()
    return [QPointF(width * x, height * (1 - y)) for x, y in line.points.tolist()]


def _pen(line: Line) -> QPen:
    if line.level:
        return line_pen(theme().color("text2"), 1.0, (3.0, 3.0))
    if line.state is not None:
        return line_pen(theme().color(variable_token(line.state)), 1.6, variable_dash(line.state))
    if not line.selected:
        return line_pen(mix(theme().color("bundle"), theme().color("sunken"), 0.75))
    return line_pen(theme().color("ink"), 1.0 if len(line.points) > _CROWDED else 1.8)
