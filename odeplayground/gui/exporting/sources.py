"""Which plots of a window can be on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from odeplayground.gui.plots.plot import Plot
from odeplayground.gui.plots.portrait_view import PortraitView
from odeplayground.gui.plots.space import SpaceView

if TYPE_CHECKING:
    from odeplayground.gui.main_window import MainWindow

PORTRAIT, SERIES, DIAGRAM = "Portrait", "Time series", "Bifurcation diagram"


def sources(window: MainWindow) -> dict[str, list[Plot | SpaceView]]:
    """The plots that are on show, by the name of their view."""
    centre = window.docks.centre
    shown = window.session.document.experiment.diagram.shown
    diagram: list[Plot | SpaceView] = [centre.diagram.view] if shown and centre.diagram is not None else []
    return {
        PORTRAIT: _visible(centre.views, window, PortraitView, SpaceView),
        SERIES: _visible(window.docks.time_series, window, Plot),
        DIAGRAM: diagram,
    }


def _visible(place: QWidget, window: QWidget, *kinds: type[Plot | SpaceView]) -> list[Plot | SpaceView]:
    found = [plot for kind in kinds for plot in place.findChildren(kind) if plot.isVisibleTo(window)]
    return sorted(found, key=lambda plot: (plot.mapTo(window, plot.rect().topLeft()).y(), plot.x()))
