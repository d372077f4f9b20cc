"""The views of an experiment, computed and laid out without a window."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from odeplayground.gui.exporting.page import View
from odeplayground.gui.plots import PortraitView, SeriesView
from odeplayground.jobs import InlineRunner, Mailbox
from odeplayground.session import Session, UserError
from odeplayground.spec import Experiment

SHARES = {"portrait": 1.6, "series": 1.0}
"""Heights of the views, relative to each other."""


@contextmanager
def drawn(experiment: Experiment, names: tuple[str, ...], size: tuple[int, int]) -> Iterator[tuple[View, ...]]:
    """The named views while this lasts.

    Raises:
        UserError: the picture could not be computed.
    """
    portrait, series = PortraitView(), SeriesView()
    try:
        session = Session(experiment, InlineRunner(Mailbox()))
        portrait.grid_changed.connect(session.simulation.set_grid)
        for widget in (portrait, series):
            _lay_out(widget, size)
        session.start()
        session.pump()
        while session.simulation.busy:  # what is drawn first makes requests for what comes after
            session.pump()
        scene = session.simulation.scene
        if scene is None:
            raise UserError(f"The picture of {experiment.name} could not be computed.")
        portrait.set_scene(scene)
        series.set_scene(scene)
        made = {"portrait": (portrait,), "series": tuple(series.lanes)}
        yield tuple(View(made[name], SHARES[name]) for name in names)
    finally:
        for widget in (portrait, series):
            widget.hide()
            widget.deleteLater()


def _lay_out(widget: QWidget, size: tuple[int, int]) -> None:
    """Give a widget its size and its layout without a place on any screen."""
    widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    widget.resize(*size)
    widget.show()
    QApplication.sendPostedEvents()
