"""Which panel lies where, and the sizes the frame begins with (logical pixels, from the design's table)."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget

from odeplayground.gui.centre import Centre
from odeplayground.gui.dock import Dock, PlainDock, TabbedDock
from odeplayground.gui.panel import Panel
from odeplayground.gui.panels.animation import AnimationPanel
from odeplayground.gui.panels.equations import EquationsPanel
from odeplayground.gui.panels.parameters import ParametersPanel
from odeplayground.gui.panels.portrait import PortraitPanel
from odeplayground.gui.panels.starting_points import StartingPointsPanel
from odeplayground.gui.panels.time_series import TimeSeriesPanel
from odeplayground.gui.panels.training import TrainingPanel
from odeplayground.session import Session

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from odeplayground.gui.main_window import MainWindow

WIDE = 1700
LEFT, LEFT_WIDE = 304, 344
RIGHT, RIGHT_WIDE = 336, 440


class Docks(msgspec.Struct):
    """The panels and the docks that hold them."""

    equations: Dock
    parameters: Dock
    starting_points: Dock
    time_series: Dock
    inspector: TabbedDock
    training: PlainDock
    portrait: PortraitPanel
    centre: Centre
    training_panel: TrainingPanel

    @property
    def left(self) -> list[QDockWidget]:
        """The left column from top to bottom."""
        return [self.equations, self.parameters, self.starting_points]

    @property
    def right_width(self) -> int:
        """Width of the right column in a window of the present width."""
        return RIGHT_WIDE if self.time_series.window().width() >= WIDE else RIGHT

    @property
    def right(self) -> list[QDockWidget]:
        """The right column from top to bottom."""
        return [self.time_series, self.inspector]


def build(window: MainWindow, session: Session) -> Docks:
    """Make every panel and put it in its place."""
    training_panel = TrainingPanel(session)
    portrait = PortraitPanel(session)
    docks = Docks(
        equations=Dock(EquationsPanel(session)),
        parameters=Dock(ParametersPanel(session)),
        starting_points=Dock(StartingPointsPanel(session)),
        time_series=Dock(TimeSeriesPanel(session)),
        inspector=TabbedDock(
            "Inspector",
            {
                "Animation": partial(AnimationPanel, session),
                "Equilibria": partial(_equilibria, session),
                "Comparison": partial(_comparison, session, window),
            },
        ),
        training=PlainDock("Training", training_panel),
        portrait=portrait,
        centre=Centre(session, portrait),
        training_panel=training_panel,
    )
    for corner in (Qt.Corner.BottomLeftCorner, Qt.Corner.BottomRightCorner):
        window.setCorner(corner, Qt.DockWidgetArea.BottomDockWidgetArea)
    window.setCentralWidget(docks.centre)
    place(window, docks)
    return docks


def _equilibria(session: Session) -> Panel:
    from odeplayground.gui.panels.equilibria import EquilibriaPanel  # not needed for the first picture

    return EquilibriaPanel(session)


def _comparison(session: Session, window: MainWindow) -> Panel:
    from odeplayground.gui.panels.comparison import ComparisonPanel  # not needed for the first picture

    panel = ComparisonPanel(session)
    panel.command.connect(window.commands.run)
    return panel


def place(window: QMainWindow, docks: Docks) -> None:
    """The frame as it is at the first start."""
    for area, column in (
        (Qt.DockWidgetArea.LeftDockWidgetArea, docks.left),
        (Qt.DockWidgetArea.RightDockWidgetArea, docks.right),
    ):
        for dock in column:
            if dock.parent() is window:  # it has a place already, or floats
                dock.setFloating(False)
                window.removeDockWidget(dock)
            window.addDockWidget(area, dock)
            dock.show()
        for above, below in pairwise(column):
            window.splitDockWidget(above, below, Qt.Orientation.Vertical)
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, docks.training)
    docks.training.show()


def size(window: QMainWindow, docks: Docks) -> None:
    """Share out the room. Sizes must add up to what there is, or Qt squeezes every dock in proportion."""
    wide = window.width() >= WIDE
    left, right = (LEFT_WIDE, RIGHT_WIDE) if wide else (LEFT, RIGHT)
    window.resizeDocks([docks.equations, docks.time_series], [left, right], Qt.Orientation.Horizontal)
    room = sum(dock.height() for dock in docks.left)
    equations = min(docks.equations.sizeHint().height(), room * 11 // 20)
    parameters = min(docks.parameters.sizeHint().height(), (room - equations) * 3 // 5)
    window.resizeDocks(docks.left, [equations, parameters, room - equations - parameters], Qt.Orientation.Vertical)
    room = sum(dock.height() for dock in docks.right)
    window.resizeDocks(docks.right, [room * 55 // 100, room - room * 55 // 100], Qt.Orientation.Vertical)
