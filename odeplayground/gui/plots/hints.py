"""What appears under the mouse in the portrait: coordinates, and the card of an equilibrium or a limit cycle."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from odeplayground.gui.plots import equilibrium_finder
from odeplayground.gui.plots.hover_card import HoverCard
from odeplayground.gui.plots.names import Tag
from odeplayground.gui.plots.plot import Plot
from odeplayground.gui.plots.portrait_mouse import GRAB
from odeplayground.gui.plots.projection import Projection
from odeplayground.gui.plots.readout import coordinates
from odeplayground.session.scene import CycleMark, EquilibriumMark, Scene
from odeplayground.spec import FieldMode

Marks = tuple[EquilibriumMark, ...]

_MARGIN = 4


class Hints:
    """Shown while the mouse rests or moves in a plot, hidden while something is dragged."""

    def __init__(self, plot: Plot) -> None:
        self._plot = plot
        self._readout = Tag(plot.box, 60.0)
        self._readout.hide()
        self._card = HoverCard(plot.box, 70.0)

    @property
    def readout_text(self) -> str:
        """The coordinates that are shown; empty if none are."""
        return self._readout.text if self._readout.isVisible() else ""

    @property
    def card_text(self) -> str:
        """What the card says; empty if there is none."""
        return self._card.text if self._card.isVisible() else ""

    def show(self, at: QPointF, scene: Scene, projection: Projection, cycle: tuple[CycleMark, bool] | None) -> None:
        """Tell the coordinates of a pixel and which equilibrium is there, or else which limit cycle.

        A cycle comes with whether it is one of the learned field.
        """
        mapping, room = self._plot.mapping, self._plot.box.rect()
        self._readout.set_pieces(coordinates(projection, mapping.data(at), self._plot.ranges))
        height = self._readout.boundingRect().height()
        self._readout.setPos(round(room.left()) + _MARGIN, round(room.bottom() - height) - _MARGIN)
        self._readout.show()
        true, learned = equilibrium_finder.at_pixel(mapping, at, *visible_marks(scene), GRAB) or (None, None)
        mark = true or learned
        if mark is None:
            if cycle is None:
                self.hide_card()
            else:
                self._card.show_cycle(self._plot.box.mapFromScene(at), room, *cycle)
            return
        place = self._plot.box.mapFromScene(mapping.point(mark.x, mark.y))
        self._card.show_marks(place, room, projection.states, true, learned)

    def hide(self) -> None:
        """Hide everything."""
        self._readout.hide()
        self.hide_card()

    def hide_card(self) -> None:
        """Hide the card; the coordinates stay."""
        self._card.hide()


def visible_marks(scene: Scene) -> tuple[Marks, Marks]:
    """The true and the learned equilibria that are drawn."""
    view = scene.experiment.view
    if not view.equilibria:
        return (), ()
    true = scene.true.equilibria if view.mode is not FieldMode.LEARNED else ()
    learned = scene.learned.equilibria if view.mode is not FieldMode.TRUE and scene.learned is not None else ()
    return true, learned
