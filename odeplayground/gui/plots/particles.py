"""The field as specks that drift with it and leave short trails."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from odeplayground.gui.plots.screen import Floats, Layer, Mapping, draw_lines
from odeplayground.gui.plots.stroke import Stroke
from odeplayground.session.scene import ArrowField

FRAME = 0.04
"""Seconds between two steps."""
_PER_CELL = 1.0
"""Specks per cell of the grid of arrows."""
_MOST = 800
_TRAIL = 10
"""Steps that a trail is long."""
_LIFE = (30, 110)
"""Steps after which a speck begins anew somewhere else; otherwise all would gather where the field leads to."""
_PACE = 0.085
"""Cells that a fast speck moves in a step."""
_QUANTILE = 0.92
_FADE = 3


class Particles(Layer):
    """Specks in the window of an arrow field. Directions are those of the field, speeds are evened out by a root."""

    def __init__(self, stroke: Stroke, z: float, seed: int = 0) -> None:
        super().__init__(z, live=True)
        self._stroke = stroke
        self._random = np.random.default_rng(seed)
        self._source: ArrowField | None = None
        self._drift: Floats = np.empty((0, 0, 2))
        self._box = (0.0, 0.0, 1.0, 1.0)
        self._trails: Floats = np.empty((_TRAIL, 0, 2))
        self._left = np.empty(0, dtype=int)
        self.set_visible(False)

    def __len__(self) -> int:
        return self._trails.shape[1]

    @property
    def places(self) -> Floats:
        """Where the specks are, (n, 2) in data coordinates."""
        return self._data(self._trails[0])

    def set_field(self, field: ArrowField | None) -> None:
        """Drift with another field, or with none. Specks stay where they are."""
        if field is self._source:
            return
        self._source = field
        grid = None if field is None else _grid(field)
        if grid is None:
            self._trails, self._left = np.empty((_TRAIL, 0, 2)), np.empty(0, dtype=int)
            self.refresh(False)
            return
        self._drift, self._box = grid
        wanted = min(_MOST, round(_PER_CELL * self._drift.shape[0] * self._drift.shape[1]))
        if wanted != len(self):
            self._trails = np.repeat(self._random.random((1, wanted, 2)), _TRAIL, axis=0)
            self._left = self._random.integers(*_LIFE, wanted)
        self.refresh(True)

    def set_stroke(self, stroke: Stroke) -> None:
        """Change how all specks look."""
        if stroke != self._stroke:
            self._stroke = stroke
            self.update()

    def step(self) -> None:
        """Move on by one frame."""
        if not len(self):
            return
        now = self._trails[0]
        half = 0.5 * self._at(now)
        moved = now + self._at(np.where(np.isfinite(half), now + half, now))
        self._left -= 1
        gone = ~((moved >= 0) & (moved <= 1)).all(axis=1) | (self._left <= 0)  # true for what is not finite
        count = int(gone.sum())
        self._trails = np.concatenate([moved[None], self._trails[:-1]])
        self._trails[:, gone] = self._random.random((count, 2))
        self._left[gone] = self._random.integers(*_LIFE, count)
        self.update()

    def draw(self, painter: QPainter, mapping: Mapping, view: QRectF, exposed: QRectF) -> None:
        pixels = mapping.points(self._data(self._trails.reshape(-1, 2))).reshape(self._trails.shape)
        pen = self._stroke.pen()
        color = pen.color()
        full = color.alphaF()
        ends = np.linspace(0, _TRAIL - 1, _FADE + 1).round().astype(int)
        for i in reversed(range(_FADE)):
            color.setAlphaF(full * (1 - i / _FADE))
            pen.setColor(color)
            painter.setPen(pen)
            near, far = pixels[ends[i]], pixels[ends[i + 1]]
            draw_lines(painter, np.hstack([near, far]))

    def _at(self, places: Floats) -> Floats:
        """Bilinear interpolation of the drift at places (n, 2) of the unit square; ends are held constant."""
        rows, columns, _ = self._drift.shape
        x = np.clip(places[:, 0] * columns - 0.5, 0, columns - 1)
        y = np.clip(places[:, 1] * rows - 0.5, 0, rows - 1)
        i, j = np.minimum(x.astype(int), columns - 2), np.minimum(y.astype(int), rows - 2)
        s, t = (x - i)[:, None], (y - j)[:, None]
        drift = self._drift
        low = (1 - s) * drift[j, i] + s * drift[j, i + 1]
        high = (1 - s) * drift[j + 1, i] + s * drift[j + 1, i + 1]
        result: Floats = (1 - t) * low + t * high
        return result

    def _data(self, places: Floats) -> Floats:
        x0, y0, width, height = self._box
        return places * (width, height) + (x0, y0)


def _grid(field: ArrowField) -> tuple[Floats, tuple[float, float, float, float]] | None:
    """Steps in shares of the window, (ny, nx, 2), and the window by its corner and its size; ``None`` for no grid."""
    columns, rows = np.unique(field.x).size, np.unique(field.y).size
    if columns < 2 or rows < 2 or columns * rows != field.x.size:
        return None
    width = float(np.ptp(field.x)) * columns / (columns - 1)
    height = float(np.ptp(field.y)) * rows / (rows - 1)
    velocity = np.stack([field.u, field.v], axis=-1).reshape(rows, columns, 2)
    with np.errstate(all="ignore"):
        cells = velocity * (columns / width, rows / height)  # per time; cells look square on the screen
        speed = np.hypot(cells[..., 0], cells[..., 1])
        fast = float(np.quantile(speed[np.isfinite(speed)], _QUANTILE)) if np.isfinite(speed).any() else 0.0
        pace = _PACE * np.sqrt(np.minimum(speed / fast, 1.0)) if fast > 0 else np.zeros_like(speed)
        drift = cells * np.where(speed > 0, pace / speed, 0.0)[..., None] / (columns, rows)
    corner = float(field.x.min()) - width / columns / 2, float(field.y.min()) - height / rows / 2
    return drift, (*corner, width, height)
