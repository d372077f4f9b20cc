"""Lines drawn by native code look as those that Qt draws."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPdfWriter

from odeplayground import raster
from odeplayground.gui.plots import native_lines
from odeplayground.gui.plots.polylines import Polylines
from odeplayground.gui.plots.screen import Mapping
from odeplayground.gui.plots.stroke import Stroke

MAPPING = Mapping(50.0, -50.0, 103.0, 91.0)
VIEW = QRectF(10.0, 5.0, 180.0, 160.0)


@pytest.fixture(autouse=True)
def _prepared():
    raster.prepare()


def spirals(n=12):
    turns = np.linspace(0, 12, 300)
    for phase in np.linspace(0, 6, n):
        yield (0.4 + 0.1 * turns)[:, None] * np.stack([np.cos(turns + phase), np.sin(turns + phase)], axis=-1)


def picture(scale, stroke, n=12):
    image = QImage(round(200 * scale), round(180 * scale), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(QColor("white"))
    layer = Polylines(stroke, 0.0)
    layer.set_curves(spirals(n))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(VIEW)
    layer.draw(painter, MAPPING, VIEW, VIEW)
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return rows[..., :3].astype(float)


def blurred(rows):
    """Means over squares of four by four pixels."""
    height, width = (size // 4 for size in rows.shape[:2])
    return rows[: 4 * height, : 4 * width].reshape(height, 4, width, 4, 3).mean(axis=(1, 3))


@pytest.mark.parametrize("scale", [1.0, 1.25, 2.0])
@pytest.mark.parametrize("alpha", [1.0, 0.5])
def test_the_lines_are_where_qt_draws_them(theme, monkeypatch, scale, alpha):
    stroke = Stroke("ink", alpha)
    ours = picture(scale, stroke)
    monkeypatch.setattr(raster, "ready", lambda: False)
    qt = picture(scale, stroke)
    assert (qt < 250).any()
    ground = 255.0
    # Lines of one pixel of the device are thinner in Qt the more they slope.
    assert (ground - ours).sum() == pytest.approx((ground - qt).sum(), rel=0.2)
    assert np.corrcoef(ours.ravel(), qt.ravel())[0, 1] > 0.9
    assert (ours[: round(5 * scale)] == ground).all(), "the clip of the view counts"


@pytest.mark.parametrize("scale", [1.0, 1.25, 2.0])
@pytest.mark.parametrize("dash", [None, (7.0, 4.0), (1.0, 3.0)])
def test_wide_and_dashed_lines_are_where_qt_draws_them(theme, monkeypatch, scale, dash):
    stroke = Stroke("ink", width=2.0 if dash is None else 1.0, dash=dash)
    ours = picture(scale, stroke, 1)
    monkeypatch.setattr(raster, "ready", lambda: False)
    qt = picture(scale, stroke, 1)
    assert (255.0 - ours).sum() == pytest.approx((255.0 - qt).sum(), rel=0.2)
    # Qt shares a thin dash out among other pixels, but not far from ours.
    assert np.corrcoef(blurred(ours).ravel(), blurred(qt).ravel())[0, 1] > 0.95


def test_vectors_and_unknown_pictures_are_left_to_qt():
    for kind, ours in ((QImage.Format.Format_RGB32, True), (QImage.Format.Format_RGB888, False)):
        image = QImage(10, 10, kind)
        painter = QPainter(image)
        assert native_lines.are_drawn_here(painter) is ours
        painter.end()
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    document = QPdfWriter(buffer)
    painter = QPainter(document)
    assert not native_lines.are_drawn_here(painter)
    painter.end()
