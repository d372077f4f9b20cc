"""What the legend under the bifurcation diagram says."""

from __future__ import annotations

from odeplayground.gui.plots.bifurcation_curves import stable_segments
from odeplayground.gui.plots.stroke import variable_token
from odeplayground.gui.theme import symbols
from odeplayground.gui.widgets.legend import LegendEntry
from odeplayground.gui.widgets.signs import Sign
from odeplayground.session.bifurcation_picture import Picture


def entries(picture: Picture | None, state: int, name: str) -> list[LegendEntry]:
    """One entry per kind of line that is in the picture; none of them switches anything."""
    if picture is None:
        return []
    if picture.orbits is not None:
        return [_entry(f"maxima of {symbols.symbol(name)}", Sign.SAMPLE, variable_token(state))]
    found = []
    for cycles, noun, token in ((False, "equilibrium", "ink"), (True, "limit cycle", variable_token(state))):
        segments = [stable_segments(curve) for curve in picture.curves if curve.cycles is cycles]
        if any(one.any() for one in segments):
            found.append(_entry(f"stable {noun}", Sign.THICK, token))
        if any((~one).any() for one in segments):
            found.append(_entry(f"unstable {noun}", Sign.DASHED, token))
    return found


def _entry(text: str, sign: Sign, token: str) -> LegendEntry:
    return LegendEntry(text, text, sign, token, switchable=False)
