"""The drawings of the help, as vectors in the theme's colours. Numbers in them are computed, not traced."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from odeplayground.gui.theme import fonts, theme
from odeplayground.gui.widgets.painted import Painted, line_pen

HEIGHT = 132
_DASH = (5.0, 4.0)
Place = tuple[float, float]


class Figure(Painted):
    """One drawing on the sunken plane."""

    def __init__(self, name: str, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draw = FIGURES[name]
        self.setObjectName(f"figure-{name}")
        self.setAccessibleName(caption)
        self.setToolTip(caption)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(320, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("sunken"))
        painter.drawRoundedRect(self.rect(), 8, 8)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._draw(painter, QRectF(self.rect()).adjusted(14, 12, -14, -12))


def _curve(painter: QPainter, rect: QRectF, places: Sequence[Place], color: str, width: float = 1.8,
           dash: Sequence[float] | None = None) -> None:  # fmt: skip
    """A curve through places in the unit square, y upwards."""
    painter.setPen(line_pen(theme().color(color), width, dash))
    painter.drawPolyline(QPolygonF([_at(rect, place) for place in places]))


def _at(rect: QRectF, place: Place) -> QPointF:
    return QPointF(rect.left() + place[0] * rect.width(), rect.bottom() - place[1] * rect.height())


def _dot(painter: QPainter, rect: QRectF, place: Place, color: str, radius: float = 3.5, hollow: bool = False) -> None:
    painter.setPen(line_pen(theme().color(color), 1.6))
    painter.setBrush(theme().color("sunken" if hollow else color))
    painter.drawEllipse(_at(rect, place), radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _words(painter: QPainter, rect: QRectF, place: Place, text: str, color: str = "text2") -> None:
    painter.setFont(fonts.ui(11))
    painter.setPen(theme().color(color))
    box = QRectF(0, 0, 200, 16)
    box.moveCenter(_at(rect, place))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _arrow(painter: QPainter, rect: QRectF, start: Place, end: Place, color: str) -> None:
    first, last = _at(rect, start), _at(rect, end)
    painter.setPen(line_pen(theme().color(color), 1.8))
    painter.drawLine(first, last)
    angle = math.atan2(last.y() - first.y(), last.x() - first.x())
    head = QPainterPath(last)
    for turn in (2.7, -2.7):
        head.lineTo(last + QPointF(7 * math.cos(angle + turn), 7 * math.sin(angle + turn)))
    head.closeSubpath()
    painter.fillPath(head, theme().color(color))


def _any_time(painter: QPainter, rect: QRectF) -> None:
    def z(t: float) -> float:
        return 0.5 + 0.42 * math.exp(-0.12 * t) * math.cos(1.1 * t)

    def place(t: float) -> Place:
        return t / 10, z(t)

    _curve(painter, rect, [place(0.05 * i) for i in range(201)], "v1")
    for t in (0.0, 0.5, 1.3, 2.3, 3.4, 4.7, 6.3, 8.0, 10.0):
        _dot(painter, rect, place(t), "v1")
    painter.setPen(line_pen(theme().color("accent_text"), 1.2, _DASH))
    painter.drawLine(_at(rect, (0.55, 0.0)), _at(rect, place(5.5)))
    _dot(painter, rect, place(5.5), "accent_text", 4.5, hollow=True)
    _words(painter, rect, (0.55, z(5.5) + 0.16), "z(5.5)", "accent_text")


_KINDS = (
    ("focus", ((-0.35, -1.6), (1.6, -0.35))),
    ("saddle", ((0.9, 0.0), (0.0, -0.9))),
    ("centre", ((0.0, -1.4), (1.4, 0.0))),
    ("node", ((0.5, 0.0), (0.0, 0.9))),
)
"""A linear field for each kind."""


def _kinds(painter: QPainter, rect: QRectF) -> None:
    side = min(rect.height() - 16, rect.width() / 4 - 6)
    for column, (word, matrix) in enumerate(_KINDS):
        box = QRectF(0, 0, side, side)
        box.moveCenter(QPointF(rect.left() + (column + 0.5) * rect.width() / 4, rect.top() + side / 2))
        painter.save()
        painter.setClipRect(box)
        for turn in range(8):
            radius = (0.25, 0.48)[turn % 2] if word == "centre" else 0.08 if word == "node" else 0.48
            angle = turn * math.pi / 4 + 0.2
            start = (radius * math.cos(angle), radius * math.sin(angle))
            if word == "saddle":
                start = ((0.05, -0.05, 0.16, -0.16)[turn % 4], 0.48 if turn < 4 else -0.48)
            path = _flow(matrix, start)
            _curve(painter, box, [(0.5 + x, 0.5 + y) for x, y in path], "v1" if turn % 4 == 0 else "bundle", 1.2)
        painter.restore()
        _dot(painter, box, (0.5, 0.5), "ink", 3.5, hollow=word != "focus")
        _words(painter, box, (0.5, -12 / max(1.0, side)), word)


def _flow(matrix: tuple[Place, Place], start: Place) -> list[Place]:
    """A trajectory of a linear field, by Runge and Kutta's method."""
    (a, b), (c, d) = matrix
    x, y = start
    step, path = 0.05, [start]

    def rate(x: float, y: float) -> Place:
        return a * x + b * y, c * x + d * y

    for _ in range(120):
        k1 = rate(x, y)
        k2 = rate(x + step / 2 * k1[0], y + step / 2 * k1[1])
        k3 = rate(x + step / 2 * k2[0], y + step / 2 * k2[1])
        k4 = rate(x + step * k3[0], y + step * k3[1])
        x += step / 6 * (k1[0] + 2 * k2[0] + 2 * k3[0] + k4[0])
        y += step / 6 * (k1[1] + 2 * k2[1] + 2 * k3[1] + k4[1])
        path.append((x, y))
        if math.hypot(x, y) > 1:
            break
    return path


def _halves(rect: QRectF) -> tuple[QRectF, QRectF]:
    left = QRectF(rect.left(), rect.top(), rect.width() / 2 - 12, rect.height() - 14)
    return left, left.translated(rect.width() / 2 + 12, 0)


def _fold(painter: QPainter, rect: QRectF) -> None:
    left, right = _halves(rect)
    roots = [i / 40 for i in range(41)]
    _curve(painter, left, [(0.75 * (1 - s * s), 0.5 - 0.45 * s) for s in roots], "ink")
    _curve(painter, left, [(0.75 * (1 - s * s), 0.5 + 0.45 * s) for s in roots], "ink", 1.4, _DASH)
    _dot(painter, left, (0.75, 0.5), "accent_text")
    _words(painter, left, (0.5, -0.08), "r")
    _curve(painter, right, [(0.0, 0.5), (0.35, 0.5)], "ink")
    _curve(painter, right, [(0.35, 0.5), (1.0, 0.5)], "ink", 1.4, _DASH)
    for sign in (1, -1):
        _curve(painter, right, [(0.35 + 0.65 * s * s, 0.5 + sign * 0.42 * s) for s in roots], "cycle")
    _dot(painter, right, (0.35, 0.5), "accent_text")
    _words(painter, right, (0.5, -0.08), "μ")


def _resnet(painter: QPainter, rect: QRectF) -> None:
    left, right = _halves(rect)

    def slope(x: float, y: float) -> float:
        return 2.6 * math.cos(3.2 * x) * (1.1 - y)

    for start in (0.1, 0.3, 0.5):
        for box, steps, color in ((left, 5, "v2"), (right, 200, "v1")):
            x, y, path = 0.0, start, [(0.0, start)]
            for _ in range(steps):
                x, y = x + 1 / steps, y + slope(x, y) / steps
                path.append((x, y))
            _curve(painter, box, path, color)
            if steps == 5:
                for place in path:
                    _dot(painter, box, place, color, 3.0)
    _words(painter, left, (0.5, -0.08), "five blocks")
    _words(painter, right, (0.5, -0.08), "continuous depth")


def _adjoint(painter: QPainter, rect: QRectF) -> None:
    upper = [(i / 100, 0.72 + 0.16 * math.sin(5 * i / 100)) for i in range(101)]
    lower = [(i / 100, 0.26 + 0.12 * math.cos(4 * i / 100)) for i in range(101)]
    _curve(painter, rect, upper, "v1")
    _curve(painter, rect, lower, "v2")
    _arrow(painter, rect, (0.42, 1.0), (0.58, 1.0), "v1")
    _arrow(painter, rect, (0.58, 0.0), (0.42, 0.0), "v2")
    _dot(painter, rect, upper[0], "v1")
    _dot(painter, rect, lower[-1], "v2")
    _words(painter, rect, (0.06, 0.92), "z(0)", "text2")
    _words(painter, rect, (0.92, 0.93), "loss", "text2")
    _words(painter, rect, (0.92, 0.38), "a(T)", "text2")
    painter.setPen(line_pen(theme().color("text3"), 1.2, _DASH))
    painter.drawLine(_at(rect, upper[-1]), _at(rect, lower[-1]))


def _stiff(painter: QPainter, rect: QRectF) -> None:
    k, step, steps = 20.0, 0.11, 14

    def place(t: float, y: float) -> Place:
        return t / (step * steps), 0.5 + 0.25 * y

    painter.save()
    painter.setClipRect(rect.adjusted(-6, -6, 6, 6))
    _curve(painter, rect, [place(t / 100, math.cos(t / 100)) for t in range(round(100 * step * steps) + 1)], "bundle")
    explicit = implicit = 1.25
    paths: tuple[list[Place], list[Place]] = ([place(0, explicit)], [place(0, implicit)])
    for i in range(steps):
        t = i * step
        explicit += step * -k * (explicit - math.cos(t))
        implicit = (implicit + step * k * math.cos(t + step)) / (1 + step * k)
        paths[0].append(place(t + step, explicit))
        paths[1].append(place(t + step, implicit))
    _curve(painter, rect, paths[0], "v2", 1.4, _DASH)
    _curve(painter, rect, paths[1], "v1")
    for one in paths[1]:
        _dot(painter, rect, one, "v1", 2.5)
    painter.restore()


def _losses(painter: QPainter, rect: QRectF) -> None:
    steps = [i / 100 for i in range(101)]
    _curve(painter, rect, [(s, 0.08 + 0.86 * math.exp(-4 * s)) for s in steps], "learned")
    _curve(painter, rect, [(s, 0.16 + 0.82 * math.exp(-4 * s) + 0.34 * max(0.0, s - 0.55)) for s in steps], "text2")
    best = 0.56
    _dot(painter, rect, (best, 0.16 + 0.82 * math.exp(-4 * best)), "accent_text", 5, hollow=True)
    _words(painter, rect, (best, 0.46), "best epoch", "accent_text")
    _words(painter, rect, (0.9, 0.5), "held out")
    _words(painter, rect, (0.88, 0.0), "training", "learned")


def _matched(painter: QPainter, rect: QRectF) -> None:
    for x, y, dx, dy, saddle in ((0.15, 0.5, 0.012, 0.05, True), (0.5, 0.5, -0.015, 0.03, False),
                                 (0.85, 0.5, 0.03, -0.09, True)):  # fmt: skip
        for color, place in (("learned", (x + dx, y + dy)), ("ink", (x, y))):
            if saddle:
                middle = _at(rect, place)
                painter.setPen(line_pen(theme().color(color), 2))
                for sign in (1, -1):
                    painter.drawLine(middle - QPointF(5, 5 * sign), middle + QPointF(5, 5 * sign))
            else:
                _dot(painter, rect, place, color, 5)
    for x, word in ((0.15, "saddle"), (0.5, "stable focus"), (0.85, "saddle")):
        _words(painter, rect, (x, 0.12), word)


FIGURES: dict[str, Callable[[QPainter, QRectF], None]] = {
    "adjoint": _adjoint,
    "any-time": _any_time,
    "fold": _fold,
    "kinds": _kinds,
    "losses": _losses,
    "matched": _matched,
    "resnet": _resnet,
    "stiff": _stiff,
}
