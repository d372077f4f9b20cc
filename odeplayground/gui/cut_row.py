"""Where the Poincaré section lies: which state has which value there, or the times of the forcing."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from odeplayground.gui.theme import symbols
from odeplayground.gui.widgets.buttons import FieldButton
from odeplayground.gui.widgets.labels import ElidedLabel
from odeplayground.gui.widgets.number_field import NumberField
from odeplayground.session.section_job import SectionPoints
from odeplayground.spec import Experiment

_AUTO = "Automatic"


class CutRow(QWidget):
    """A menu of states and a number; below the layer's name in the list of layers."""

    chosen = Signal(str, object)
    """A state, or "" for the times of the forcing; and its value, or ``None`` for the middle of the trajectory."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cut")
        self._state = ""
        self._states: tuple[str, ...] = ()
        self.place = FieldButton(_AUTO)
        self.place.setToolTip("Which state has a value on the section; automatic: the period of the forcing, if any")
        self.place.setFixedWidth(124)
        self.value = NumberField(0.0, "")
        self.value.setFixedWidth(76)
        self.value.setAccessibleName("Value on the section")
        self.value.setToolTip("The section lies where the state rises through this value")
        self.value.number_entered.connect(self._entered)
        self._where = ElidedLabel("", 11, 400, "text3")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (self.place, self.value):
            row.addWidget(part)
        row.addWidget(self._where, 1)

    def show_experiment(self, experiment: Experiment) -> None:
        """Take over where the section lies."""
        cut, states = experiment.view.cut, experiment.system.states
        self._state = cut.state
        if states != self._states or self.place.menu() is None:
            self._states = states
            menu = QMenu(self.place)
            menu.addAction(_AUTO).triggered.connect(partial(self._choose, ""))
            for name in states:
                menu.addAction(_words(name)).triggered.connect(partial(self._choose, name))
            self.place.setMenu(menu)
        self.place.set_label(_words(cut.state) if cut.state else _AUTO)
        self.value.setVisible(bool(cut.state))
        if cut.value is not None:
            self.value.set_number(cut.value, symbols.shortest(cut.value))
        self.setVisible(experiment.view.section)

    def show_points(self, points: SectionPoints | None) -> None:
        """Tell where the points are that were found, and how many."""
        self._where.set_text("" if points is None else f"{points.t.size} points, {points.where}")

    def _choose(self, name: str, _checked: bool = False) -> None:
        self.chosen.emit(name, None)

    def _entered(self, value: float) -> None:
        self.chosen.emit(self._state, value)


def _words(name: str) -> str:
    return f"{symbols.symbol(name)} rises through"
