"""The states that are on no axis of the portrait: at which values its background holds them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QScrollArea, QSizePolicy, QWidget

from odeplayground.gui.theme import symbols
from odeplayground.gui.widgets.buttons import IconButton
from odeplayground.gui.widgets.labels import label
from odeplayground.gui.widgets.slider_row import ParameterRow
from odeplayground.session import request, view_edits, views
from odeplayground.session.scene import EquilibriumMark
from odeplayground.spec import Experiment, Point

HEIGHT = 38
_LEAST, _WIDTH = 180, 260
_MOST = 8
"""Equilibria in the menu."""


class HeldRow(QWidget):
    """One small slider per held state, and a menu with places to hold them at. Hidden where nothing is held."""

    value_changed = Signal(str, float)
    released = Signal()
    released_all = Signal()
    """Hold the states at the selected starting point again."""
    place_chosen = Signal(tuple)
    """A state whose values are to be held."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("held")
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.sliders: dict[str, ParameterRow] = {}
        self._key: object = None
        self._start: Point = ()
        self.now: Callable[[], Point | None] | None = None
        """Tells the state of the selected trajectory at this moment."""
        self._marks: tuple[EquilibriumMark, ...] = ()
        self._states: tuple[str, ...] = ()
        self._body = QWidget()
        self._line = QHBoxLayout(self._body)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(0)
        self._line.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._body)
        self.menu_button = IconButton("dots-three", "Where the other states are held")
        self.menu_button.clicked.connect(self._open_menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 8, 0)
        row.setSpacing(0)
        head = label("held at", 12, 400, "text2")
        head.setToolTip("Arrows and nullclines belong to one slice of the space of states; these say which")
        row.addWidget(head)
        row.addWidget(scroll, 1)
        row.addWidget(self.menu_button)
        self.hide()

    def show_experiment(self, experiment: Experiment, marks: tuple[EquilibriumMark, ...]) -> None:
        """Take over which states are held, and where."""
        view, states = experiment.view, experiment.system.states
        wanted = view_edits.held_names(experiment) if view.arrows or view.nullclines or view.basins else ()
        self._marks, self._states = marks, states
        self._start = experiment.starts[experiment.selected]
        key = (wanted, states)
        if key != self._key:
            self._key = key
            self._rebuild(experiment, wanted)
        for name, value, start in zip(states, request.held_of(experiment), self._start, strict=True):
            if name in self.sliders:
                self._set(self.sliders[name], value, start)
        self.setVisible(bool(wanted))

    @staticmethod
    def _set(row: ParameterRow, value: float, start: float) -> None:
        scale = row.slider.scale
        if not row.slider.dragging and not scale.low <= value <= scale.high:
            row.set_range(min(scale.low, value), max(scale.high, value))
        if value != row.value:
            row.set_value(value)
        row.set_default(start)

    def _rebuild(self, experiment: Experiment, wanted: tuple[str, ...]) -> None:
        for row in self.sliders.values():
            self._line.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.sliders = {}
        held = dict(zip(experiment.system.states, request.held_of(experiment), strict=True))
        for place, name in enumerate(wanted):
            reach = views.default_range(max(abs(held[name]), abs(self._start[experiment.system.states.index(name)])))[1]
            row = ParameterRow(name, held[name], -reach, reach, unit=experiment.units.get(name, ""))
            row.setMinimumWidth(_LEAST)
            row.setMaximumWidth(_WIDTH)
            row.slider.setToolTip(f"Hold {name} at another value. Double click: at the selected start")
            row.value_changed.connect(self.value_changed)
            row.released.connect(self._released)
            row.reset_requested.connect(self._reset)
            self._line.insertWidget(place, row)
            self.sliders[name] = row

    def _released(self, _name: str) -> None:
        self.released.emit()

    def _reset(self, _name: str) -> None:
        self.released_all.emit()

    def _open_menu(self, _checked: bool = False) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("At the selected starting point").triggered.connect(self._reset_by_menu)
        now = None if self.now is None else self.now()
        if now is not None:
            menu.addAction("Where the trajectory is now").triggered.connect(partial(self._chosen, now))
        for mark in self._marks[:_MOST]:
            place = ", ".join(symbols.significant(float(value)) for value in mark.state)
            state = tuple(map(float, mark.state))
            menu.addAction(f"At the {mark.label} ({place})").triggered.connect(partial(self._chosen, state))
        menu.popup(self.menu_button.mapToGlobal(self.menu_button.rect().bottomLeft()))

    def _reset_by_menu(self, _checked: bool = False) -> None:
        self.released_all.emit()

    def _chosen(self, state: Point, _checked: bool = False) -> None:
        self.place_chosen.emit(state)
