"""The little signs of legends, tables and portraits: line samples, arrows, equilibria."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from odeplayground.gui.theme import theme
from odeplayground.gui.widgets.painted import line_pen
from odeplayground.spec import EquilibriumKind

SAMPLE_WIDTH = 16.0
_THIN = 1.5
_DASH = (3.0, 3.0)
_LONG_DASH = (6.0, 3.0)


class Sign(StrEnum):
    """What stands for a thing in a legend."""

    LINE = "line"
    THICK = "thick"
    DASHED = "dashed"
    LONG_DASHED = "long dashed"
    ARROW = "arrow"
    STABLE = "stable"
    UNSTABLE = "unstable"
    SADDLE = "saddle"
    CENTER = "center"
    DEGENERATE = "degenerate"
    SAMPLE = "sample"
    AREA = "area"
    BAND = "band"
    NONE = "none"


_LINES = {
    Sign.LINE: (1.2, None),
    Sign.THICK: (2.0, None),
    Sign.DASHED: (1.2, _DASH),
    Sign.LONG_DASHED: (1.2, _LONG_DASH),
    Sign.ARROW: (1.2, None),
}

_OF_KIND = {
    EquilibriumKind.STABLE_NODE: Sign.STABLE,
    EquilibriumKind.STABLE_FOCUS: Sign.STABLE,
    EquilibriumKind.UNSTABLE_NODE: Sign.UNSTABLE,
    EquilibriumKind.UNSTABLE_FOCUS: Sign.UNSTABLE,
    EquilibriumKind.CENTRE: Sign.CENTER,
    EquilibriumKind.SADDLE: Sign.SADDLE,
    EquilibriumKind.DEGENERATE: Sign.DEGENERATE,
}


def sign_of(kind: EquilibriumKind) -> Sign:
    """The sign of an equilibrium: filled stable, ring unstable, cross saddle, ring with a dot center."""
    return _OF_KIND[kind]


def draw_sample(painter: QPainter, sign: Sign, left: float, middle: float, color: QColor) -> None:
    """Draw a sign as a 16 wide sample whose left end and middle height are given."""
    if sign in _LINES:
        width, dash = _LINES[sign]
        painter.setPen(line_pen(color, width, dash))
        right = left + SAMPLE_WIDTH
        middle += 0.0 if width > _THIN else 0.5  # thin lines are sharp on the middle of a pixel
        painter.drawLine(QPointF(left, middle), QPointF(right, middle))
        if sign == Sign.ARROW:
            painter.drawLine(QPointF(right, middle), QPointF(right - 4, middle - 3))
            painter.drawLine(QPointF(right, middle), QPointF(right - 4, middle + 3))
    elif sign in (Sign.AREA, Sign.BAND):
        _area(painter, sign, left, middle, color)
    else:
        draw_point(painter, sign, QPointF(left + SAMPLE_WIDTH / 2, middle), color)


def _area(painter: QPainter, sign: Sign, left: float, middle: float, color: QColor) -> None:
    """A swatch of a plane's colour, or a line on a broad band."""
    band = sign is Sign.BAND
    fill = QColor(color)
    fill.setAlphaF(0.25 if band else 1.0)
    half = 4.0 if band else 5.0
    painter.setPen(Qt.PenStyle.NoPen if band else line_pen(theme().color("border")))
    painter.setBrush(fill)
    painter.drawRoundedRect(QRectF(left, middle - half, SAMPLE_WIDTH, 2 * half), 3, 3)
    if band:
        painter.setPen(line_pen(color, 1.6))
        painter.drawLine(QPointF(left + 1, middle), QPointF(left + SAMPLE_WIDTH - 1, middle))


def draw_point(
    painter: QPainter, sign: Sign, at: QPointF, color: QColor, size: float = 4.5, halo: QColor | None = None
) -> None:
    """Draw the sign of a point, ``size`` being its half width; the halo lifts it off the curves below."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if halo is not None:
        _stroke(painter, sign, at, halo, size, grow=1.8)
    _stroke(painter, sign, at, color, size)
    painter.restore()


def _stroke(painter: QPainter, sign: Sign, at: QPointF, color: QColor, size: float, grow: float = 0.0) -> None:
    hollow = theme().color("surface")
    pen = line_pen(color, 1.8 + 2 * grow)
    if sign == Sign.STABLE:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(at, size + grow, size + grow)
    elif sign == Sign.SADDLE:
        reach = 0.9 * size
        painter.setPen(pen)
        painter.drawLine(at + QPointF(-reach, -reach), at + QPointF(reach, reach))
        painter.drawLine(at + QPointF(-reach, reach), at + QPointF(reach, -reach))
    elif sign == Sign.SAMPLE:
        painter.setPen(line_pen(color, 1.0 + 2 * grow))
        painter.setBrush(hollow)
        painter.drawEllipse(at, 0.67 * size, 0.67 * size)
    elif sign in (Sign.UNSTABLE, Sign.CENTER):
        painter.setPen(pen)
        painter.setBrush(hollow)
        painter.drawEllipse(at, 0.9 * size, 0.9 * size)
        if sign == Sign.CENTER:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawEllipse(at, 0.3 * size, 0.3 * size)
    elif sign == Sign.DEGENERATE:
        painter.setPen(QPen(pen))
        painter.setBrush(hollow)
        painter.drawRect(QRectF(at.x() - 0.8 * size, at.y() - 0.8 * size, 1.6 * size, 1.6 * size))
