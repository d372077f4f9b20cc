"""What the tour asks for, where, and how it is known that it was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtWidgets import QWidget

from odeplayground.gui.plots.portrait_view import PortraitView
from odeplayground.gui.widgets.slider_row import ParameterRow
from odeplayground.spec import Experiment, FieldMode

if TYPE_CHECKING:
    from odeplayground.gui.main_window import MainWindow

Target = Callable[["MainWindow"], QWidget | None]


class Step(msgspec.Struct, frozen=True):
    """One step. ``edited`` looks at an edit, ``reached`` at the window as it is; either can end the step."""

    title: str
    sentence: str
    target: Target
    edited: Callable[[Experiment, Experiment], bool] | None = None
    reached: Callable[[MainWindow], bool] | None = None


def _slider(window: MainWindow) -> QWidget | None:
    rows = window.findChildren(ParameterRow)
    return next((row for row in rows if row.name == "b"), rows[0] if rows else None)


def _portrait(window: MainWindow) -> QWidget | None:
    return window.findChild(PortraitView, "portrait-view")


def _train(window: MainWindow) -> QWidget | None:
    return next((one for one in window.findChildren(QWidget, "train-button") if one.isVisible()), None)


def _training(window: MainWindow) -> QWidget | None:
    return window.training_panel


def _modes(window: MainWindow) -> QWidget | None:
    return window.portrait.modes


def _inspector(window: MainWindow) -> QWidget | None:
    return window.docks.inspector


def _moved_start(old: Experiment, new: Experiment) -> bool:
    return len(old.starts) == len(new.starts) and old.starts != new.starts


STEPS = (
    Step(
        "Drag a slider",
        "Pull b towards zero. The curves follow while you drag: without friction the spirals close.",
        _slider,
        edited=lambda old, new: old.values != new.values,
    ),
    Step(
        "Drag a starting point",
        "Take one of the points where the curves begin and pull it elsewhere. A click on empty ground adds another.",
        _portrait,
        edited=_moved_start,
    ),
    Step(
        "Press Train",
        "A few noisy samples are taken, and a network begins to learn the arrows from them.",
        _train,
        reached=lambda window: window.session.training.active,
    ),
    Step(
        "Watch it learn",
        "The loss falls, and the learned arrows bend into place. This takes some seconds.",
        _training,
        reached=lambda window: window.session.training.report is not None and not window.session.training.active,
    ),
    Step(
        "Compare",
        "Choose Both or Error above the portrait: the learned system over the true one, or how far they are apart.",
        _modes,
        edited=lambda old, new: new.view.mode in (FieldMode.BOTH, FieldMode.ERROR) and new.view.mode != old.view.mode,
    ),
    Step(
        "That is all",
        "The page Comparison tells in words how well it went. The help explains what is behind all this.",
        _inspector,
    ),
)
