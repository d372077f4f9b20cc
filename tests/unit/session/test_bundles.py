"""Regions of starting points."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground.session import UserError, bundles, edits
from tests.unit.session.systems import LORENZ, experiment

L_SHAPE = np.array([(0.0, 0.0), (4.0, 0.0), (4.0, 1.0), (1.0, 1.0), (1.0, 4.0), (0.0, 4.0)])


def test_inside_is_what_winds_around() -> None:
    points = np.random.default_rng(0).uniform(-1, 5, (500, 2))
    x, y = points.T
    expected = ((x > 0) & (x < 4) & (y > 0) & (y < 1)) | ((x > 0) & (x < 1) & (y > 0) & (y < 4))
    assert (bundles.inside(L_SHAPE, points) == expected).all()
    assert (bundles.inside(L_SHAPE[::-1], points) == expected).all()


@pytest.mark.parametrize("spacing", [0.5, 0.2, 0.1])
def test_a_region_is_filled_by_density(spacing: float) -> None:
    places = bundles.filling(L_SHAPE, (spacing, spacing))
    assert bundles.inside(L_SHAPE, places).all()
    # Area 7 at one point per spacing squared times half the square root of three.
    expected = min(7 / (spacing**2 * np.sqrt(3) / 2), 0.9 * bundles.MOST)
    assert len(places) == pytest.approx(expected, rel=0.15)
    apart = np.hypot(*(places[:, None] - places).T) + 1e9 * np.eye(len(places))
    assert apart.min() >= spacing * (1 - 1e-9)


def test_a_tiny_region_still_gets_one_point() -> None:
    assert len(bundles.filling(L_SHAPE / 1000, (1.0, 1.0))) == 1
    assert len(bundles.filling(L_SHAPE, (1e-3, 1e-3))) <= bundles.MOST


def test_a_bundle_is_added_caught_moved_and_removed_together() -> None:
    start = experiment(LORENZ)
    full = bundles.add(start, [(10.0, 10.0), (11.0, 10.0), (10.0, 11.0), (1.0, 1.0)])
    assert full.starts[1:] == ((10.0, 10.0, 20.0), (11.0, 10.0, 20.0), (10.0, 11.0, 20.0))  # one was there already
    assert full.selected == start.selected
    square = np.array([(9.0, 9.0), (12.0, 9.0), (12.0, 12.0), (9.0, 12.0)])
    numbers = bundles.caught(full, square)
    assert numbers == (1, 2, 3)
    moved = bundles.move(full, numbers, 2.0, -1.0)
    assert moved.starts[0] == full.starts[0]
    assert moved.starts[2] == (13.0, 9.0, 20.0)
    left = bundles.remove(edits.select_start(full, 2), (0, 2))
    assert left.starts == (full.starts[1], full.starts[3])
    assert left.selected in (0, 1)
    with pytest.raises(UserError, match="last"):
        bundles.remove(full, range(4))
