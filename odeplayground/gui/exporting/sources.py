"""Which plots of a window can be on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from odeplayground.gui.plots.plot import Plot
from odeplayground.gui.plots.portrait_view import PortraitView

if TYPE_CHECKING:
    from odeplayground.gui.main_window import MainWindow

PORTRAIT, SERIES, DIAGRAM = "Portrait", "Time series", "Bifurcation diagram"


def sources(window: MainWindow) -> dict[str, list[Plot]]:
    """The plots that are on show, by the name of their view."""
    centre = window.docks.centre
    shown = window.session.document.experiment.diagram.shown
    diagram = [centre.diagram.view] if shown and centre.diagram is not None else []
    return {
        PORTRAIT: [plot for plot in _visible(centre.views, window) if isinstance(plot, PortraitView)],
        SERIES: _visible(window.docks.time_series, window),
        DIAGRAM: diagram,
    }


def _visible(place: QWidget, window: QWidget) -> list[Plot]:
    found = [plot for plot in place.findChildren(Plot) if plot.isVisibleTo(window)]
    return sorted(found, key=lambda plot: (plot.mapTo(window, plot.rect().topLeft()).y(), plot.x()))
