"""Every panel and dialog that is looked at, declared once: how it is opened, on which preset, and how it is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from odeplayground.gui.actions import MENUS
from odeplayground.gui.main_window import MainWindow
from odeplayground.gui.plots.portrait_view import PortraitView
from odeplayground.session import edits

Act = Callable[[MainWindow], None]


def nothing(_window: MainWindow) -> None:
    """No act."""


def command(name: str) -> Act:
    """Run a command."""
    return lambda window: window.commands.run(name)


def panel(title: str) -> Act:
    """Bring a panel of the inspector to the front."""
    return lambda window: window.docks.inspector.show_panel(title)


def click(name: str) -> Act:
    """Click on the named widget."""
    return lambda window: _widget(window, name).click()


def escape(window: MainWindow) -> None:
    """Leave popups, sheets and menus."""
    top = QApplication.activePopupWidget() or QApplication.activeModalWidget()
    QTest.keyClick(top or QApplication.focusWidget() or window, Qt.Key.Key_Escape)


def menu(name: str) -> Act:
    """Open a menu of the menu bar."""

    def act(window: MainWindow) -> None:
        action = next(action for action in window.menuBar().actions() if action.text() == name)
        window.menuBar().setActiveAction(action)

    return act


def context_menu(window: MainWindow) -> None:
    """A right click into the portrait."""
    target = window.findChild(PortraitView, "portrait-view").viewport()
    QTest.mouseClick(target, Qt.MouseButton.RightButton, pos=target.rect().center() * 0.8)


def misspell(window: MainWindow) -> None:
    """An error in the equations."""
    document = window.session.document
    document.apply(edits.set_text(document.experiment, document.experiment.text.replace("sin(", "sinn(")), "Misspell")


def _widget(window: MainWindow, name: str) -> QWidget:
    found = window.findChild(QWidget, name)
    assert found is not None, f"There is no {name}."
    return found


@dataclass(frozen=True)
class Place:
    """Something to be seen in the window."""

    name: str
    open: Act = nothing
    close: Act = nothing
    preset: str = "pendulum"
    wait: float = 0.6
    """Seconds until it has opened."""


PLACES = (
    Place("main"),
    Place("first-steps", command("show_hint"), lambda window: window.notices.hide_hint()),
    Place("error-in-equations", misspell, command("undo")),
    Place("animation-cooling", panel("Animation"), preset="cooling"),
    Place("animation-reaction", panel("Animation"), preset="reaction-chain"),
    Place("animation-other", panel("Animation"), preset="lorenz"),
    Place("equilibria", panel("Equilibria"), panel("Animation"), preset="lorenz"),
    Place("comparison-empty", panel("Comparison"), panel("Animation")),
    Place("training-settings", command("toggle_training_panel"), command("toggle_training_panel")),
    Place("layers", command("show_layers"), escape),
    Place("horizontal-axis", command("choose_x_axis"), escape),
    Place("space", command("toggle_space"), command("toggle_space"), preset="lorenz", wait=1.5),
    Place("second-view", command("add_view"), command("close_view"), preset="lorenz", wait=1.5),
    Place("only-the-portrait", command("focus_portrait"), command("focus_portrait")),
    Place("series-options", click("series-options"), escape),
    Place("slider-settings", click("settings-b"), escape),
    Place("portrait-menu", context_menu, escape),
    Place("palette", command("find_command"), escape),
    Place("keys", command("show_keys"), escape, wait=1.0),
    Place("preferences", command("show_preferences"), escape, wait=1.0),
    Place("help", command("show_help"), command("show_help"), wait=1.0),
    Place("tour", command("start_tour"), lambda window: window.tour.leave(), wait=1.0),
    *(Place(f"menu-{name.lower()}", menu(name), escape) for name in MENUS),
    Place("system-without-parameters", preset="double-pendulum"),
)
