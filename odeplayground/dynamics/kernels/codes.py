"""How a trajectory ended, as the drivers write it: the codes of :class:`Ending`, and one more."""

from __future__ import annotations

from odeplayground.dynamics.endings import Ending

EVENT = 10
"""A stopping event was met."""

RUNNING = float(Ending.RUNNING)


def code(ending: Ending | int) -> float:
    """Endings wait in vectors of doubles."""
    return float(int(ending))
