"""All that is drawn of one field: the true one or the learned one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from odeplayground.gui.plots.arrows import Arrows
from odeplayground.gui.plots.basin_image import BasinImage
from odeplayground.gui.plots.cycles import Cycles
from odeplayground.gui.plots.markers import SIGNS, Equilibria, Place
from odeplayground.gui.plots.particles import Particles
from odeplayground.gui.plots.polylines import Polylines
from odeplayground.gui.plots.projection import TIME, Projection
from odeplayground.gui.plots.screen import Floats, Layer, Mapping
from odeplayground.gui.plots.streamlines import Streamlines
from odeplayground.gui.plots.stroke import Stroke, variable_token
from odeplayground.session.scene import CycleMark, Portrait, Trajectory
from odeplayground.spec import FieldMode, FieldStyle, View

Part = Callable[[Projection, Trajectory], Floats]
"""A way to get a curve from a trajectory."""

_SEPARATRIX_DASH = (7.0, 4.0)
_NULLCLINE_DASH = (3.0, 3.0)
_LEARNED_NULLCLINE_DASH = (1.0, 3.0)


@dataclass(frozen=True)
class Look:
    """How the parts of a field are drawn in one mode; ``None``: not at all."""

    arrows: Stroke | None
    bundle: Stroke | None
    selected: Stroke | None
    before: Stroke | None
    """The selected trajectory before its start."""
    separatrices: Stroke | None
    nullclines: tuple[float, ...] | None
    """Dash pattern."""
    equilibria: bool
    cycles: bool = True
    basins: bool = True


_HIDDEN = Look(None, None, None, None, None, None, False, False, False)

_TRUE = {
    FieldMode.TRUE: Look(
        arrows=Stroke("field"),
        bundle=Stroke("bundle", 0.75, over_surface=True),
        selected=Stroke("ink", width=2.0),
        before=Stroke("ink", 0.5),
        separatrices=Stroke("ink", 0.8, dash=_SEPARATRIX_DASH),
        nullclines=_NULLCLINE_DASH,
        equilibria=True,
    ),
    FieldMode.BOTH: Look(
        arrows=Stroke("field"),
        bundle=Stroke("bundle", 0.5, over_surface=True),
        selected=Stroke("ink", 0.85, width=2.0, over_surface=True),
        before=Stroke("ink", 0.4),
        separatrices=Stroke("ink", 0.5, dash=_SEPARATRIX_DASH),
        nullclines=_NULLCLINE_DASH,
        equilibria=True,
    ),
    FieldMode.LEARNED: _HIDDEN,
    FieldMode.ERROR: Look(
        arrows=None,
        bundle=Stroke("ink", 0.3),
        selected=Stroke("ink", 0.75),
        before=None,
        separatrices=None,
        nullclines=None,
        equilibria=True,
        cycles=False,
        basins=False,
    ),
}

_LEARNED = {
    FieldMode.TRUE: _HIDDEN,
    FieldMode.LEARNED: Look(
        arrows=Stroke("learned", 0.5),
        bundle=Stroke("learned", 0.5),
        selected=Stroke("learned", width=2.0),
        before=Stroke("learned", 0.5),
        separatrices=Stroke("learned", 0.8, dash=_SEPARATRIX_DASH),
        nullclines=_NULLCLINE_DASH,
        equilibria=True,
    ),
    FieldMode.BOTH: Look(
        arrows=Stroke("learned", 0.9),
        bundle=Stroke("learned", 0.4),
        selected=Stroke("learned", width=2.0),
        before=Stroke("learned", 0.35),
        separatrices=None,
        nullclines=_LEARNED_NULLCLINE_DASH,
        equilibria=True,
        basins=False,
    ),
    FieldMode.ERROR: Look(
        arrows=None,
        bundle=None,
        selected=None,
        before=None,
        separatrices=None,
        nullclines=None,
        equilibria=True,
        cycles=False,
        basins=False,
    ),
}


class FieldLayers:
    """The layers of one field, from arrows at the bottom to equilibria at the top.

    ``add`` puts a layer into the plot. The learned field lies over the true one, except for its equilibria.
    """

    def __init__(self, add: Callable[[Layer], None], learned: bool) -> None:
        self._add = add
        self._learned = learned
        self._looks = _LEARNED if learned else _TRUE
        self._mode = FieldMode.TRUE
        over = 0.5 if learned else 0.0
        plain = Stroke("ink")
        self.basins = BasinImage(-15.0 + over)
        self.arrows = Arrows(plain, 0.0 + over)
        self.streamlines = Streamlines(add, 0.1 + over)
        self.particles = Particles(plain, 0.2 + over)
        self.bundle = Polylines(plain, 2.0 + over)
        self.separatrices = Polylines(plain, 3.0 + over)
        self._nullclines: dict[str, Polylines] = {}
        self._nullcline_z = 4.0 + over
        self.before = Polylines(plain, 13.0 + over)
        self.selected = Polylines(plain, 14.0 + over)
        self.equilibria = Equilibria(29.0 if learned else 30.0, learned)
        self.cycles = Cycles(add, learned)
        for layer in (
            self.basins,
            self.arrows,
            self.particles,
            self.bundle,
            self.separatrices,
            self.before,
            self.selected,
            self.equilibria,
        ):
            add(layer)
        self._bundle_numbers: list[int] = []
        self._selected_number = -1

    def show(
        self,
        portrait: Portrait | None,
        projection: Projection,
        view: View,
        selected: int,
        strength: Floats | None = None,
    ) -> None:
        """Draw a portrait as the view wants it; ``strength`` fades arrows (see :class:`Arrows`)."""
        look = self._looks[view.mode] if portrait is not None else _HIDDEN
        portrait = portrait or Portrait()
        basins = portrait.basins if look.basins and view.basins else None
        self.basins.set_map(basins, "basins" in portrait.outdated)
        self.cycles.show(portrait.cycles if look.cycles and view.cycles else (), "cycles" in portrait.outdated)
        self._show_field(portrait, look, view, strength)
        self._show_trajectories(portrait, projection, look if view.trajectories else _HIDDEN, selected)
        self._show(self.separatrices, portrait.separatrices, look.separatrices if view.separatrices else None)
        self._show_nullclines(portrait, projection, look.nullclines if view.nullclines else None)
        marks = portrait.equilibria if look.equilibria and view.equilibria else ()
        self.equilibria.set_places([Place(mark.x, mark.y, SIGNS[mark.kind]) for mark in marks])

    def hit(self, mapping: Mapping, x: float, y: float, tolerance: float) -> int | None:
        """The number of the trajectory nearest to a pixel, the selected one first."""
        for item in (self.selected, self.before):
            if item.hit(mapping, x, y, tolerance) is not None:
                return self._selected_number
        found = self.bundle.hit(mapping, x, y, tolerance)
        return None if found is None else self._bundle_numbers[found[0]]

    def _show_field(self, portrait: Portrait, look: Look, view: View, strength: Floats | None) -> None:
        stroke = look.arrows if view.arrows else None
        if stroke is not None and view.basins and stroke.token == "field":
            stroke = replace(stroke, token="bundle")  # on coloured ground
        style = view.field_style if view.x != TIME else FieldStyle.ARROWS
        self.streamlines.show(portrait.streamlines, stroke if style is FieldStyle.STREAMLINES else None)
        drifting = stroke if style is FieldStyle.PARTICLES else None
        self.particles.set_field(portrait.arrows if drifting else None)
        if drifting:
            plain = drifting.token in ("field", "bundle")
            self.particles.set_stroke(Stroke("ink", 0.7) if plain else drifting)  # wider lines take many times as long
        arrows = stroke if style is FieldStyle.ARROWS else None
        self.arrows.set_field(portrait.arrows if arrows else None, strength if arrows else None)
        if arrows:
            self.arrows.set_stroke(arrows)

    def cycle_at(self, mapping: Mapping, x: float, y: float, tolerance: float) -> CycleMark | None:
        """The limit cycle nearest to a pixel."""
        return self.cycles.hit(mapping, x, y, tolerance)

    def nullcline_at(self, mapping: Mapping, x: float, y: float, tolerance: float) -> str | None:
        """The state whose nullcline passes a pixel."""
        hits = {state: line.hit(mapping, x, y, tolerance) for state, line in self._nullclines.items()}
        found = {state: hit[1] for state, hit in hits.items() if hit is not None}
        return min(found, key=found.__getitem__, default=None)

    def dress(self) -> None:
        """Take over the colours of the theme."""
        self.basins.dress()

    def _show_trajectories(self, portrait: Portrait, projection: Projection, look: Look, selected: int) -> None:
        trajectories = portrait.trajectories
        self._selected_number = selected
        chosen = trajectories[selected : selected + 1] if selected >= 0 else ()
        others = [i for i in range(len(trajectories)) if i != selected]
        self._bundle_numbers = [i for i in others for _ in ("forward", "backward")]
        self._show_runs(self.selected, chosen, projection, (Projection.forward,), look.selected)
        self._show_runs(self.before, chosen, projection, (Projection.backward,), look.before)
        rest = [trajectories[i] for i in others]
        self._show_runs(self.bundle, rest, projection, (Projection.forward, Projection.backward), look.bundle)

    def _show_nullclines(self, portrait: Portrait, projection: Projection, dash: tuple[float, ...] | None) -> None:
        curves = portrait.nullclines if dash else {}
        for state in (name for name in curves if name not in self._nullclines):  # in their order, in every process
            self._nullclines[state] = Polylines(Stroke("ink"), self._nullcline_z)
            self._add(self._nullclines[state])
        for state, item in self._nullclines.items():
            token = variable_token(projection.index(state))
            self._show(item, curves.get(state, ()), Stroke(token, 0.95, dash=dash))

    @staticmethod
    def _show_runs(
        layer: Polylines,
        runs: Sequence[Trajectory],
        projection: Projection,
        parts: Sequence[Part],
        stroke: Stroke | None,
    ) -> None:
        if stroke is None:
            layer.set_curves(())
            return
        arrays = (array for one in runs for array in (one.t, one.y, one.back_t, one.back_y))
        layer.set_curves((part(projection, one) for one in runs for part in parts), (projection, *arrays))
        layer.set_stroke(stroke)

    @staticmethod
    def _show(item: Polylines, curves: Sequence[Floats], stroke: Stroke | None) -> None:
        item.set_curves(curves if stroke else (), curves if stroke else ())
        if stroke:
            item.set_stroke(stroke)
