"""Little figures as paths, about one unit high, standing at the origin. Made once, drawn often."""

from __future__ import annotations

import math
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QTransform


def _united(*paths: QPainterPath) -> QPainterPath:
    result = QPainterPath()
    result.setFillRule(Qt.FillRule.WindingFill)
    for path in paths:
        result.addPath(path)
    return result


def _oval(x: float, y: float, width: float, height: float) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QRectF(x - width / 2, y - height / 2, width, height))
    return path


def _turned(path: QPainterPath, x: float, y: float, degrees: float) -> QPainterPath:
    """A path turned clockwise around its origin, which is put at a place."""
    return QTransform().translate(x, y).rotate(degrees).map(path)


def _shape(*corners: tuple[float, float]) -> QPainterPath:
    path = QPainterPath(QPointF(*corners[0]))
    for corner in corners[1:]:
        path.lineTo(QPointF(*corner))
    path.closeSubpath()
    return path


@cache
def hare() -> QPainterPath:
    """A sitting hare with two long ears."""
    ears = (_turned(_oval(0.0, -0.22, 0.13, 0.46), x, -0.6, angle) for x, angle in ((0.24, -24.0), (0.34, 2.0)))
    paws = (_oval(x, -0.06, 0.3, 0.13) for x in (-0.2, 0.24))
    body = _turned(_oval(0.0, 0.0, 0.7, 0.5), -0.08, -0.3, -18.0)
    return _united(body, _oval(0.3, -0.56, 0.34, 0.3), *ears, *paws, _oval(-0.44, -0.22, 0.18, 0.18))


@cache
def lynx() -> QPainterPath:
    """A standing lynx: pointed ears with tufts, a short tail."""
    legs = (_shape((x, -0.3), (x + 0.12, -0.3), (x + 0.12, 0.0), (x, 0.0)) for x in (-0.48, -0.28, 0.14, 0.34))
    ears = (
        _shape((0.36, -0.86), (0.37, -1.18), (0.52, -0.9)),
        _shape((0.56, -0.9), (0.72, -1.16), (0.74, -0.82)),
    )
    tail = _shape((-0.5, -0.56), (-0.74, -0.72), (-0.7, -0.56), (-0.5, -0.44))
    return _united(_oval(-0.02, -0.46, 1.05, 0.42), _oval(0.54, -0.72, 0.44, 0.38), *legs, *ears, tail)


@cache
def hawk() -> QPainterPath:
    """A bird of prey from below."""
    path = QPainterPath(QPointF(0.0, -0.62))
    path.cubicTo(QPointF(0.25, -0.8), QPointF(0.6, -0.85), QPointF(0.9, -0.6))
    path.cubicTo(QPointF(0.6, -0.6), QPointF(0.35, -0.45), QPointF(0.12, -0.35))
    path.lineTo(QPointF(0.2, 0.0))
    path.lineTo(QPointF(-0.2, 0.0))
    path.lineTo(QPointF(-0.12, -0.35))
    path.cubicTo(QPointF(-0.35, -0.45), QPointF(-0.6, -0.6), QPointF(-0.9, -0.6))
    path.cubicTo(QPointF(-0.6, -0.85), QPointF(-0.25, -0.8), QPointF(0.0, -0.62))
    return _united(path, _oval(0.0, -0.68, 0.2, 0.24))


@cache
def sheep() -> QPainterPath:
    """A woolly body on thin legs."""
    legs = (_shape((x, -0.3), (x + 0.09, -0.3), (x + 0.09, 0.0), (x, 0.0)) for x in (-0.34, -0.16, 0.12, 0.28))
    edge = [(0.42 * math.cos(k * math.pi / 5), 0.24 * math.sin(k * math.pi / 5) - 0.5) for k in range(10)]
    wool = (_oval(x, y, 0.26, 0.26) for x, y in edge)
    head = _turned(_oval(0.0, 0.0, 0.34, 0.2), 0.62, -0.56, 35.0)
    return _united(_oval(0.0, -0.5, 0.86, 0.5), *wool, *legs, head)


@cache
def person() -> QPainterPath:
    """A head above shoulders."""
    body = QPainterPath(QPointF(-0.28, 0.0))
    body.cubicTo(QPointF(-0.3, -0.5), QPointF(-0.12, -0.56), QPointF(0.0, -0.56))
    body.cubicTo(QPointF(0.12, -0.56), QPointF(0.3, -0.5), QPointF(0.28, 0.0))
    body.closeSubpath()
    return _united(body, _oval(0.0, -0.8, 0.36, 0.4))
