"""Endings as numbers in vectors of doubles, which is how they wait in the lanes."""

from __future__ import annotations

from odeplayground.dynamics.endings import Ending


def code(ending: Ending) -> float:
    """The number that stands for an ending."""
    return float(int(ending))
