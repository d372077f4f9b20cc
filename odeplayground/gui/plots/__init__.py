"""Plots of scenes and trainings, on pyqtgraph's raster canvas."""

import odeplayground.gui.lean_pyqtgraph  # noqa: F401 (before any of these imports pyqtgraph)
from odeplayground.gui.plots.error_map import TRUSTED, ColourBar
from odeplayground.gui.plots.loss_view import LossView
from odeplayground.gui.plots.markers import SIGNS, Sign, paint_sign
from odeplayground.gui.plots.plot import Plot
from odeplayground.gui.plots.portrait_view import PortraitView
from odeplayground.gui.plots.series_view import SeriesView

__all__ = ["SIGNS", "TRUSTED", "ColourBar", "LossView", "Plot", "PortraitView", "SeriesView", "Sign", "paint_sign"]
