"""Arrows, signs and dots."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter

from odeplayground.gui.plots import SIGNS, Sign, paint_sign
from odeplayground.gui.plots.arrows import _segments, disagreement
from odeplayground.gui.plots.explanations import eigenvalue_texts
from odeplayground.gui.plots.markers import Dot, Handles
from odeplayground.gui.plots.screen import Mapping
from odeplayground.session.scene import ArrowField
from odeplayground.spec import EquilibriumKind

MAPPING = Mapping(50.0, -40.0, 100.0, 200.0)


def field(u, v):
    x, y = np.meshgrid(np.linspace(-1, 1, 4), np.linspace(-1, 1, 3))
    return ArrowField(x.ravel(), y.ravel(), np.broadcast_to(u, 12).astype(float), np.broadcast_to(v, 12).astype(float))


def test_arrows_are_centred_and_point_along_the_field_on_the_screen():
    arrows = field(1.0, np.linspace(0.5, 3, 12))
    lines = _segments(np.array([arrows.x, arrows.y, arrows.u, arrows.v]), MAPPING, 32.0)
    shaft = lines[:, 0]
    np.testing.assert_allclose((shaft[:, 0] + shaft[:, 2]) / 2, 50 * arrows.x + 100)
    np.testing.assert_allclose((shaft[:, 1] + shaft[:, 3]) / 2, -40 * arrows.y + 200)
    way = shaft[:, 2:] - shaft[:, :2]
    wanted = np.stack([50 * arrows.u, -40 * arrows.v], -1)
    np.testing.assert_allclose(way[:, 0] * wanted[:, 1], way[:, 1] * wanted[:, 0], atol=1e-9)
    assert ((way * wanted).sum(axis=1) > 0).all()
    assert (np.hypot(*way.T) <= 32 * 0.86 + 1e-9).all()


def test_faster_is_longer_and_the_head_begins_at_the_tip():
    arrows = field(np.linspace(0.1, 1, 12), 0.0)
    lines = _segments(np.array([arrows.x, arrows.y, arrows.u, arrows.v]), MAPPING, 32.0)
    lengths = np.hypot(*(lines[:, 0, 2:] - lines[:, 0, :2]).T)
    assert (np.diff(lengths[:11]) > 0).all()
    for half in (1, 2):
        np.testing.assert_allclose(lines[:, half, :2], lines[:, 0, 2:])


def test_equal_fields_agree_and_opposite_ones_do_not():
    one = field(1.0, 2.0)
    assert disagreement(one, one).max() == 0
    assert disagreement(one, field(-1.0, -2.0)).min() == 1
    small = disagreement(one, field(1.1, 2.0))
    assert (small > 0).all()
    assert (small < 0.2).all()


def test_undefined_arrows_disagree_and_other_grids_cannot_be_compared():
    one = field(1.0, 2.0)
    broken = field(np.where(np.arange(12) == 3, np.nan, 1.0), 2.0)
    assert disagreement(one, broken)[3] == 1
    assert disagreement(one, ArrowField(*(np.zeros(3) for _ in range(4)))) is None


@pytest.mark.parametrize("kind", list(EquilibriumKind))
def test_every_kind_has_a_sign(kind):
    assert isinstance(SIGNS[kind], Sign)


@pytest.mark.parametrize("learned", [False, True])
def test_signs_differ_from_each_other(either_theme, learned):
    pictures = set()
    for sign in Sign:
        image = QImage(40, 40, QImage.Format.Format_RGB32)
        image.fill(either_theme.color("surface"))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_sign(painter, QPointF(20, 20), sign, learned)
        painter.end()
        pictures.add(bytes(image.constBits()))
    assert len(pictures) == len(Sign)


def test_a_learned_sign_shows_around_the_true_one(theme):
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(theme.color("surface"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_sign(painter, QPointF(20, 20), Sign.FILLED, learned=True)
    paint_sign(painter, QPointF(20, 20), Sign.FILLED)
    painter.end()
    assert image.pixelColor(20, 20) == theme.color("ink")
    pixels = {image.pixelColor(20 + x, 20).name() for x in range(14)}
    assert any(abs(theme.color("learned").hue() - image.pixelColor(20 + x, 20).hue()) < 15 for x in range(5, 9)), pixels


def test_the_selected_handle_wins_where_two_meet():
    handles = Handles(0.0)
    handles.set_points([(1.0, 1.0), (1.0, 1.0), (5.0, 5.0)], selected=1)
    assert handles.hit(MAPPING, 150.0, 160.0, 9.0) == 1
    assert handles.hit(MAPPING, 153.0, 160.0, 9.0) == 1
    assert handles.hit(MAPPING, 300.0, 160.0, 9.0) is None


def test_dots_hide_where_there_is_no_place():
    dot = Dot(0.0, "ink", 5.0, glow=11.0)
    for place in ((np.nan, 0.0), (0.0, np.inf), (1e200, 0.0)):
        dot.place(*place)
        assert not dot.isVisible()
    dot.place(1.0, 2.0)
    assert dot.isVisible()
    assert dot.boundingRect().width() > 22


def test_eigenvalues_for_reading():
    assert eigenvalue_texts((2.114, -2.364)) == ["2.11, −2.36"]
    assert eigenvalue_texts((-0.1 + 2j, -0.1 - 2j)) == ["−0.10 ± 2.00 i"]
    assert eigenvalue_texts((-1.0, 0.5 + 1j, 0.5 - 1j)) == ["0.50 ± 1.00 i", "−1.00"]
    assert eigenvalue_texts((-3.0,)) == ["−3.00"]
    assert eigenvalue_texts(()) == []
