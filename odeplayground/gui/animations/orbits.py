"""Bodies in the sky: the first two states are the place of the body that moves."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QRadialGradient
from PySide6.QtWidgets import QWidget

from odeplayground.gui.animations import drawing
from odeplayground.gui.animations.base import ThingAnimation
from odeplayground.gui.plots.stroke import mix
from odeplayground.gui.theme import fonts, theme
from odeplayground.session.scene import Trajectory

_TRAIL = 0.3
"""Share of the time span that the trail goes back."""
_STARS = 46
_FAR = 50.0
"""Units away, beyond which a body has left."""

Body = tuple[float, float, float, str, str]
"""Place, radius in pixels, colour and name."""


class Orbits(ThingAnimation):
    """The whole orbit in faint, a trail behind the body, and what it goes around."""

    def __init__(self, parent: QWidget | None = None, title: str = "Orbit") -> None:
        super().__init__(title, parent)
        self._sky = drawing.Backdrop()
        self._reach: tuple[list[float], list[float]] = ([], [])

    def bodies(self) -> list[Body]:
        """What stands still."""
        return [(0.0, 0.0, 12.0, "v2", "sun")]

    def set_trajectory(self, trajectory: Trajectory | None) -> None:
        """Take over how far it goes; what flies away for good is not followed."""
        super().set_trajectory(trajectory)
        self._reach = ([], [])
        if trajectory is not None and len(trajectory.y) > 1:
            places = trajectory.y[:2][:, np.isfinite(trajectory.y[:2]).all(axis=0)]
            self._reach = (_ends(places[0]), _ends(places[1]))

    def draw(self, painter: QPainter) -> None:
        room, column = drawing.stage(self, (420.0, 340.0))
        self._sky.draw(painter, room, _draw_sky)
        painter.save()
        painter.setClipRect(room)
        centre, scale = self._view(room)
        self._draw_orbit(painter, room, centre, scale)
        for x, y, radius, token, name in self.bodies():
            _draw_body(painter, _at(x, y, room, centre, scale), radius, token, name)
        for learned in (True, False):
            across, up = self.value(0, learned), self.value(1, learned)
            if across is not None and up is not None and max(abs(across), abs(up)) < 1e6:
                place = _at(across, up, room, centre, scale)
                if learned:
                    drawing.disc(painter, place, 5, "surface", "learned", 1.8)
                else:
                    drawing.disc(painter, place, 6, "accent" if self.learned is None else "ink")
        painter.restore()
        drawing.numbers(painter, self, column, bars=False)

    def _view(self, room: QRectF) -> tuple[QPointF, float]:
        """The middle of what is shown and pixels per unit: all bodies, and the orbit as far as it stays near."""
        x = [*(body[0] for body in self.bodies()), *self._reach[0]]
        y = [*(body[1] for body in self.bodies()), *self._reach[1]]
        wide, tall = max(max(x) - min(x), 1e-3), max(max(y) - min(y), 1e-3)
        scale = min((room.width() - 48) / wide, (room.height() - 48) / tall)
        return QPointF((max(x) + min(x)) / 2, (max(y) + min(y)) / 2), scale

    def _draw_orbit(self, painter: QPainter, room: QRectF, centre: QPointF, scale: float) -> None:
        run = self.trajectory
        if run is None or len(run.y) < 2 or run.t.size < 2:
            return
        span = float(run.t[-1] - run.t[0])
        for share, token, width, alpha in ((1.0, "text3", 1.0, 0.0), (_TRAIL, "accent", 2.4, 0.7)):
            places = self.past((0, 1), share * span, 400 if share == 1.0 else 160)
            if not places.size:
                continue
            x, y = _pixels(places, room, centre, scale)
            if alpha:
                drawing.trail(painter, x, y, "ink" if self.learned is not None else token, width, alpha)
            else:
                painter.setPen(drawing.pen(token, width, 0.35))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                drawing.polyline(painter, x, y)


class ThreeBody(Orbits):
    """Earth and Moon at rest in a frame that turns with them; mu is the Moon's share of the mass."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, "Earth, Moon and a third body")

    def bodies(self) -> list[Body]:
        """Earth and Moon, as large as their masses say, roughly."""
        mu = min(max(self.parameter("mu", 0.0122), 0.0), 1.0)
        return [
            (-mu, 0.0, 5 + 8 * (1 - mu) ** (1 / 3), "num", "Earth"),
            (1 - mu, 0.0, 3 + 8 * mu ** (1 / 3), "text2", "Moon"),
        ]


def _ends(row: np.ndarray) -> list[float]:
    if not row.size:
        return []
    ends = (row.min(), row.max()) if np.ptp(row) < _FAR else np.quantile(row, [0.02, 0.5])
    return [min(max(float(end), -_FAR), _FAR) for end in ends]


def _at(x: float, y: float, room: QRectF, centre: QPointF, scale: float) -> QPointF:
    middle = room.center()
    return QPointF(middle.x() + scale * (x - centre.x()), middle.y() - scale * (y - centre.y()))


def _pixels(places: np.ndarray, room: QRectF, centre: QPointF, scale: float) -> tuple[np.ndarray, np.ndarray]:
    middle = room.center()
    x = middle.x() + scale * (places[0] - centre.x())
    y = middle.y() - scale * (places[1] - centre.y())
    return np.clip(x, -1e5, 1e5), np.clip(y, -1e5, 1e5)


def _draw_sky(painter: QPainter, room: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color("sunken", 0.6))
    painter.drawRoundedRect(room, 12, 12)
    for k, (u, v) in enumerate(drawing.spread(_STARS)):
        painter.setBrush(theme().color("text3", 0.25 + 0.5 * ((k * 7) % 10) / 10))
        size = 0.6 + 0.7 * ((k * 3) % 5) / 5
        painter.drawEllipse(QPointF(room.left() + u * room.width(), room.top() + v * room.height()), size, size)


def _draw_body(painter: QPainter, at: QPointF, radius: float, token: str, name: str) -> None:
    glow = QRadialGradient(at, 2.2 * radius)
    glow.setColorAt(0.0, theme().color(token, 0.45))
    glow.setColorAt(1.0, theme().color(token, 0.0))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(glow)
    painter.drawEllipse(at, 2.2 * radius, 2.2 * radius)
    painter.setBrush(mix(theme().color(token), theme().color("surface"), 0.9))
    painter.drawEllipse(at, radius, radius)
    painter.setFont(fonts.ui(11))
    painter.setPen(theme().color("text2"))
    painter.drawText(QRectF(at.x() - 40, at.y() + radius + 1, 80, 15), Qt.AlignmentFlag.AlignCenter, name)
