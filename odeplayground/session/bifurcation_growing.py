"""Branches that grow, point by point, at either end."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from odeplayground.session.bifurcation_picture import Curve, Mark

if TYPE_CHECKING:
    from odeplayground.dynamics.continuation import Branch, CycleBranch, Grown, SpecialPoint


class Growing:
    """Collects the points of one branch."""

    def __init__(self, cycles: bool) -> None:
        self._cycles = cycles
        self._points: deque[Grown] = deque()
        self.marks: list[Mark] = []

    def add(self, point: Grown) -> None:
        """Take in one more point."""
        (self._points.append if point.forward else self._points.appendleft)(point)
        if point.special is not None:
            self.marks.append(mark(point.special, point.state, point.lowest))

    def curve(self) -> Curve | None:
        """What there is; ``None`` before the first point."""
        if not self._points:
            return None
        return Curve(
            self._cycles,
            np.array([point.parameter for point in self._points]),
            np.array([point.state for point in self._points]).T,
            np.array([point.lowest for point in self._points]).T,
            np.array([point.unstable for point in self._points], dtype=np.int64),
            np.array([point.special is not None for point in self._points]),
            np.array([point.period for point in self._points], dtype=float) if self._cycles else None,
        )


def of_equilibria(branch: Branch) -> Curve:
    """A complete branch of equilibria."""
    unstable = np.asarray(branch.unstable, dtype=np.int64)
    flags = _flags(branch.parameter.size, branch.places)
    return Curve(False, branch.parameter, branch.states, branch.states, unstable, flags, eigenvalues=branch.eigenvalues)


def of_cycles(branch: CycleBranch) -> Curve:
    """A complete branch of cycles."""
    unstable = np.asarray(branch.unstable, dtype=np.int64)
    flags = _flags(len(branch), branch.places)
    return Curve(True, branch.parameter, branch.highest, branch.lowest, unstable, flags, branch.period)


def mark(point: SpecialPoint, high: np.ndarray, low: np.ndarray) -> Mark:
    """A bifurcation for drawing."""
    eigenvalues = tuple(complex(value) for value in point.eigenvalues)
    return Mark(point.kind, point.label, point.parameter, high, low, eigenvalues, point.period, point.lyapunov)


def _flags(count: int, places: tuple[int, ...]) -> np.ndarray:
    flags = np.zeros(count, dtype=bool)
    flags[list(places)] = True
    return flags
