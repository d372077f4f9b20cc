"""What a hover card says about a place of a bifurcation diagram."""

from __future__ import annotations

import numpy as np

from odeplayground.gui.plots.bifurcation_curves import Spot
from odeplayground.gui.plots.explanations import eigenvalue_texts
from odeplayground.gui.plots.hover_card import Row
from odeplayground.gui.plots.stroke import variable_token
from odeplayground.gui.theme import symbols
from odeplayground.session.bifurcation_picture import Mark, Picture

_MOST = 6
"""States with a line each."""
_SPECTRUM = 4
"""Lines of eigenvalues."""


def of(picture: Picture, what: Mark | Spot) -> tuple[str, list[Row]]:
    """Title and lines for what is under the mouse."""
    return of_mark(picture, what) if isinstance(what, Mark) else of_spot(picture, what)


def of_mark(picture: Picture, mark: Mark) -> tuple[str, list[Row]]:
    """Title and lines for a bifurcation."""
    rows = [_parameter(picture, mark.parameter), *_states(picture, mark.high, mark.low, mark.on_cycles)]
    rows += _spectrum(mark.eigenvalues, mark.on_cycles)
    if mark.period is not None:
        rows.append(Row("Period", "text2", (symbols.significant(mark.period),), word=True))
    if mark.lyapunov is not None:
        rows.append(Row("Lyapunov coefficient", "text2", (symbols.significant(mark.lyapunov),), word=True))
    return mark.label[:1].upper() + mark.label[1:], rows


def of_spot(picture: Picture, spot: Spot) -> tuple[str, list[Row]]:
    """Title and lines for a place on a curve."""
    curve = spot.curve
    kind = "limit cycle" if curve.cycles else "equilibrium"
    word = "Stable" if spot.stable else "Unstable"
    rows = [_parameter(picture, float(spot.between(curve.parameter)))]
    rows += _states(picture, spot.between(curve.high), spot.between(curve.low), curve.cycles)
    if curve.period is not None:
        period = symbols.significant(float(spot.between(curve.period)))
        rows.append(Row("Period", "text2", (period,), word=True))
    if curve.eigenvalues is not None:
        values = tuple(complex(value) for value in curve.eigenvalues[:, spot.nearest])
        rows += _spectrum(values, multipliers=False)
    return f"{word} {kind}", rows


def _parameter(picture: Picture, value: float) -> Row:
    return Row(symbols.symbol(picture.parameter), "text", (symbols.significant(value, 4),))


def _states(picture: Picture, high: np.ndarray, low: np.ndarray, cycles: bool) -> list[Row]:
    rows = []
    for i, name in enumerate(picture.states[:_MOST]):
        text = symbols.significant(float(high[i]))
        if cycles:
            text = f"{symbols.significant(float(low[i]))} to {text}"
        rows.append(Row(symbols.symbol(name), variable_token(i), (text,)))
    return rows


def _spectrum(values: tuple[complex, ...], multipliers: bool) -> list[Row]:
    name = "Multipliers" if multipliers else symbols.symbol("lambda")
    texts = eigenvalue_texts(values)[:_SPECTRUM]
    return [Row(name if i == 0 else "", "text2", (text,), word=multipliers) for i, text in enumerate(texts)]
