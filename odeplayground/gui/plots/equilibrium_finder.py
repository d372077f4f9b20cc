"""Which equilibrium is meant by a pixel, and which learned one belongs to a true one."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF

from odeplayground.gui.plots.screen import Mapping
from odeplayground.session.scene import EquilibriumMark

_PARTNERS = 48.0
"""A learned equilibrium farther than this many pixels is another one."""

Pair = tuple[EquilibriumMark | None, EquilibriumMark | None]


def at_pixel(
    mapping: Mapping,
    pixel: QPointF,
    true: Sequence[EquilibriumMark],
    learned: Sequence[EquilibriumMark],
    tolerance: float,
) -> Pair | None:
    """The equilibrium under a pixel with its partner, as (true, learned)."""
    if (mark := _nearest(mapping, pixel, true, tolerance)) is not None:
        return mark, _partner(mapping, mark, learned, true)
    if (mark := _nearest(mapping, pixel, learned, tolerance)) is not None:
        return _partner(mapping, mark, true, learned), mark
    return None


def _partner(
    mapping: Mapping, mark: EquilibriumMark, others: Sequence[EquilibriumMark], own: Sequence[EquilibriumMark]
) -> EquilibriumMark | None:
    other = _nearest(mapping, mapping.point(mark.x, mark.y), others, _PARTNERS)
    if other is None:
        return None
    back = _nearest(mapping, mapping.point(other.x, other.y), own, _PARTNERS)
    return other if back is mark else None


def _nearest(
    mapping: Mapping, pixel: QPointF, marks: Sequence[EquilibriumMark], tolerance: float
) -> EquilibriumMark | None:
    best, nearest = None, tolerance
    for mark in marks:
        way = math.hypot(mapping.sx * mark.x + mapping.tx - pixel.x(), mapping.sy * mark.y + mapping.ty - pixel.y())
        if way < nearest:
            best, nearest = mark, way
    return best
