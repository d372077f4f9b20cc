"""Geometry of bifurcation diagrams. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from odeplayground.gui.plots.screen import Floats, Mapping
from odeplayground.session.bifurcation_picture import Curve, Picture

Range = tuple[float, float]

_MARGIN = 0.08
_FLAT = 1e-9


@dataclass(frozen=True, eq=False)
class Spot:
    """A place on a curve, between two of its points."""

    curve: Curve
    index: int
    """Of the point before."""
    share: float
    """How far to the next one, 0 to 1."""
    x: float
    y: float

    def between(self, rows: Floats) -> Floats:
        """Values (..., k) along the curve, here."""
        after = min(self.index + 1, rows.shape[-1] - 1)
        found: Floats = (1 - self.share) * rows[..., self.index] + self.share * rows[..., after]
        return found

    @property
    def nearest(self) -> int:
        """The nearest point of the curve."""
        return min(self.index + (self.share > 0.5), self.curve.parameter.size - 1)

    @property
    def stable(self) -> bool:
        """Whether the curve attracts here."""
        segments = stable_segments(self.curve)
        return bool(segments[min(self.index, segments.size - 1)]) if segments.size else False


def stable_segments(curve: Curve) -> np.ndarray:
    """Whether each of the k - 1 pieces between points attracts. Bifurcations themselves do not decide."""
    attracts = curve.unstable == 0
    left = attracts[:-1] | curve.special[:-1]
    right = attracts[1:] | curve.special[1:]
    both_special = curve.special[:-1] & curve.special[1:]
    result: np.ndarray = np.where(both_special, attracts[:-1] & attracts[1:], left & right)
    return result


def runs(curve: Curve, values: Floats, stable: bool) -> list[Floats]:
    """The connected pieces (j, 2) of a curve that attract, or of those that do not."""
    points = np.stack([curve.parameter, values], axis=-1)
    wanted = stable_segments(curve) == stable
    edges = np.flatnonzero(np.diff(np.concatenate([[False], wanted, [False]])))
    return [points[begin : end + 1] for begin, end in edges.reshape(-1, 2).tolist()]


def lines(picture: Picture, state: int, *, cycles: bool, stable: bool) -> list[Floats]:
    """All pieces of one kind and stability, for a state. Cycles have their maxima and their minima."""
    found: list[Floats] = []
    for curve in picture.curves:
        if curve.cycles is cycles:
            found += runs(curve, curve.high[state], stable)
            if cycles:
                found += runs(curve, curve.low[state], stable)
    return found


def value_range(picture: Picture, state: int) -> Range | None:
    """Values of everything that is drawn, with some room; ``None`` if there is nothing."""
    rows = [row for curve in picture.curves for row in (curve.high[state], curve.low[state])]
    if picture.orbits is not None:
        rows.append(picture.orbits[:, 1])
    values = np.concatenate(rows) if rows else np.empty(0)
    values = values[np.isfinite(values)]
    if not values.size:
        return None
    low, high = float(values.min()), float(values.max())
    if high - low <= _FLAT * max(1.0, abs(low), abs(high)):
        return low - 1.0, high + 1.0
    room = _MARGIN * (high - low)
    return low - room, high + room


def nearest(picture: Picture, state: int, mapping: Mapping, x: float, y: float, reach: float) -> Spot | None:
    """The place on any curve that is nearest to a pixel, within some pixels."""
    best: Spot | None = None
    for curve in picture.curves:
        for values in (curve.high[state], curve.low[state])[: 1 + curve.cycles]:
            points = mapping.points(np.stack([curve.parameter, values], axis=-1))
            if len(points) < 2:
                continue
            index, share, away = _closest(points, x, y)
            if away < reach:
                reach = away
                at = (1 - share) * points[index] + share * points[index + 1]
                best = Spot(curve, index, share, float(at[0]), float(at[1]))
    return best


def _closest(points: Floats, x: float, y: float) -> tuple[int, float, float]:
    begin, way = points[:-1], np.diff(points, axis=0)
    off = np.array([x, y]) - begin
    length = np.maximum((way**2).sum(axis=1), 1e-12)
    shares = np.clip((off * way).sum(axis=1) / length, 0.0, 1.0)
    away = np.hypot(*(off - shares[:, None] * way).T)
    away = np.where(np.isfinite(away), away, np.inf)
    index = int(away.argmin())
    return index, float(shares[index]), float(away[index])
