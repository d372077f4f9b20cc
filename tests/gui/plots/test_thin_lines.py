"""Lines drawn by native code look as those that Qt draws."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPdfWriter

from odeplayground import raster
from odeplayground.gui.plots import thin_lines
from odeplayground.gui.plots.geometry import Bundle
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


def picture(scale, stroke):
    image = QImage(round(200 * scale), round(180 * scale), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(QColor("white"))
    layer = Polylines(stroke, 0.0)
    layer.set_curves(spirals())
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(VIEW)
    layer.draw(painter, MAPPING, VIEW, VIEW)
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return rows[..., :3].astype(float)


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


def test_wide_dashed_and_few_lines_and_vectors_are_left_to_qt():
    image = QImage(10, 10, QImage.Format.Format_RGB32)
    many, few = Bundle.of(spirals()), Bundle.of([np.zeros((2, 2))])
    painter = QPainter(image)
    assert thin_lines.are_drawn_here(painter, many, Stroke("ink"))
    assert not thin_lines.are_drawn_here(painter, few, Stroke("ink"))
    assert not thin_lines.are_drawn_here(painter, many, Stroke("ink", width=3.0))
    assert not thin_lines.are_drawn_here(painter, many, Stroke("ink", dash=(1.0, 2.0)))
    painter.end()
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    document = QPdfWriter(buffer)
    painter = QPainter(document)
    assert not thin_lines.are_drawn_here(painter, many, Stroke("ink"))
    painter.end()
