"""A learned term beside the true one."""

from __future__ import annotations

import numpy as np

from odeplayground.gui.plots.term_view import TermView
from odeplayground.gui.theme import theme
from odeplayground.spec import Array, TermCurve


def curve(where: str, slope: float, known: bool) -> TermCurve:
    x = np.linspace(-1.0, 11.0, 50)
    true = slope * x if known else np.full(50, np.nan)
    return TermCurve("[?](x, y)", "x", where, Array.of(np.stack([x, slope * x + 1, true])), (0.0, 10.0))


def test_all_curves_fit_and_what_was_not_sampled_is_shaded(qtbot):
    view = TermView()
    qtbot.addWidget(view)
    view.resize(300, view.height())
    view.set_term((curve("y = 1", 1.0, True), curve("y = 2", 2.0, True)))
    (left, right), (low, high) = view.ranges
    assert (left, right) == (-1.0, 11.0)
    assert low < -2.0 < 23.0 < high
    assert "y = 1, y = 2" in view.accessibleDescription()
    assert "true term is not known" not in view.accessibleDescription()
    view.show()
    picture, area = view.grab().toImage(), view.area
    row = int(area.bottom()) - 20
    middle, edge = (picture.pixelColor(int(area.left() + share * area.width()), row) for share in (0.72, 0.99))
    assert middle == theme().color("surface")
    assert edge != middle


def test_an_unknown_truth_is_said_to_be_so(qtbot):
    view = TermView()
    qtbot.addWidget(view)
    view.set_term((curve("", 0.0, False),))
    assert "true term is not known" in view.accessibleDescription()
