"""Sliders for where the selected trajectory starts, for systems that have no parameters to move."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from odeplayground.gui.widgets.labels import label
from odeplayground.gui.widgets.slider_row import ParameterRow
from odeplayground.session import Session, edits, picking
from odeplayground.spec import Experiment

WORDS = "No parameters: write b = 0.25 to get one. These move the selected starting point."


class StartSliders(QWidget):
    """One row per state. Hidden, it does nothing."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._rows: dict[str, ParameterRow] = {}
        self._states: tuple[str, ...] = ()
        words = label(WORDS, 12, 400, "text3")
        words.setContentsMargins(16, 4, 16, 4)
        words.setWordWrap(True)
        self._list = QVBoxLayout(self)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._list.addWidget(words)

    def show_starts(self, experiment: Experiment) -> None:
        """Show where the selected trajectory starts."""
        states = experiment.system.states
        if states != self._states:
            self._rebuild(states)
        start = experiment.starts[experiment.selected]
        for (name, row), value, own in zip(self._rows.items(), start, experiment.system.initial, strict=True):
            row.set_range(*picking.start_range(experiment, name), logarithmic=False)
            row.set_default(own)
            if row.value != value:
                row.set_value(value)

    def _rebuild(self, states: tuple[str, ...]) -> None:
        self._states = states
        for row in self._rows.values():
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = {name: self._made(name) for name in states}

    def _made(self, name: str) -> ParameterRow:
        row = ParameterRow(name, 0.0, -1.0, 1.0)
        row.setObjectName(f"start-{name}")
        row.slider.setObjectName(f"start-slider-{name}")
        row.slider.setAccessibleName(f"Start of {name}")
        row.field.setAccessibleName(f"Value of the start of {name}")
        policy = row.settings.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the numbers stay below those of other panels
        row.settings.setSizePolicy(policy)
        row.settings.hide()
        row.value_changed.connect(self._slide)
        row.released.connect(self._released)
        row.reset_requested.connect(self._reset)
        self._list.addWidget(row)
        return row

    def _slide(self, name: str, value: float) -> None:
        self._move(name, value, f"start slider {name}")

    def _move(self, name: str, value: float, merge: str | None) -> None:
        document = self._session.document
        moved = _moved(document.experiment, self._states.index(name), value)
        document.apply(moved, "Move the starting point", merge)

    def _released(self, _name: str) -> None:
        self._session.document.seal()

    def _reset(self, name: str) -> None:
        self._move(name, self._session.document.experiment.system.initial[self._states.index(name)], None)


def _moved(experiment: Experiment, state: int, value: float) -> Experiment:
    point = list(experiment.starts[experiment.selected])
    point[state] = value
    return edits.set_start(experiment, experiment.selected, tuple(point))
