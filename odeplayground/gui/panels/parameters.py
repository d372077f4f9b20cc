"""The sliders."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QScrollArea, QVBoxLayout, QWidget

from odeplayground.gui.panel import Panel
from odeplayground.gui.widgets.labels import label
from odeplayground.gui.widgets.slider_row import HEIGHT, ParameterRow
from odeplayground.session import Session, edits, picking
from odeplayground.spec import Experiment, Parameter

SHOWN = 5
"""Rows without scrolling."""


class ParametersPanel(Panel):
    """One row per parameter of the system; dragging re-solves."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Parameters")
        reset = self.header.add_button("arrow-counter-clockwise", "Reset all parameters (Ctrl+0)")
        reset.setObjectName("reset-parameters")
        reset.clicked.connect(self._reset_all)
        self._rows: dict[str, ParameterRow] = {}
        self._body = QWidget()
        self._list = QVBoxLayout(self._body)
        self._list.setContentsMargins(0, 0, 0, 8)
        self._list.setSpacing(0)
        self._empty = label("No parameters. Write b = 0.25 to get a slider.", 12, 400, "text3")
        self._empty.setContentsMargins(16, 4, 16, 4)
        self._empty.setWordWrap(True)
        self._list.addWidget(self._empty)
        self._list.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self._body)
        self.rows.addWidget(self._scroll)
        session.document.changed.connect(self._document_changed)
        self._rebuild(session.document.experiment)

    def _document_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        if old.system.constants != new.system.constants or old.units != new.units:
            self._rebuild(new)
        elif old.values != new.values:
            self._show_values(new)

    def _rebuild(self, experiment: Experiment) -> None:
        """Rows that stay keep their widget, so that the one being dragged is not lost."""
        wanted = {parameter.name: parameter for parameter in experiment.system.constants}
        for name in [name for name in self._rows if name not in wanted]:
            row = self._rows.pop(name)
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        for position, parameter in enumerate(wanted.values()):
            row = self._rows.get(parameter.name) or self._make_row(parameter, experiment)
            row.set_range(*picking.slider_range(parameter, experiment.parameters[parameter.name]))
            row.set_default(parameter.value)
            self._list.insertWidget(1 + position, row)
        self._empty.setVisible(not wanted)
        self._show_values(experiment)
        height = 8 + HEIGHT * max(1, min(SHOWN, len(wanted)))
        self._scroll.setMinimumHeight(min(height, 8 + 2 * HEIGHT))

    def _make_row(self, parameter: Parameter, experiment: Experiment) -> ParameterRow:
        low, high = picking.slider_range(parameter, experiment.parameters[parameter.name])
        value = experiment.parameters[parameter.name]
        row = ParameterRow(parameter.name, value, low, high, parameter.value, experiment.units.get(parameter.name, ""))
        row.setObjectName(f"parameter-{parameter.name}")
        row.slider.setObjectName(f"slider-{parameter.name}")
        row.field.setObjectName(f"field-{parameter.name}")
        row.value_changed.connect(self._slide)
        row.released.connect(self._released)
        row.reset_requested.connect(self._reset)
        row.range_requested.connect(self._widen)
        row.menu_requested.connect(self._open_menu)
        self._rows[parameter.name] = row
        return row

    def _show_values(self, experiment: Experiment) -> None:
        for name, value in experiment.parameters.items():
            if self._rows[name].value != value:
                self._rows[name].set_value(value)

    def _slide(self, name: str, value: float) -> None:
        self.edit(partial(edits.set_parameter, name=name, value=value), f"Change {name}", merge=f"slider {name}")

    def _released(self, name: str) -> None:
        self.session.document.seal()

    def _reset(self, name: str) -> None:
        self.edit(partial(edits.reset_parameter, name=name), f"Reset {name}")

    def _reset_all(self) -> None:
        self.edit(edits.reset_parameters, "Reset parameters")

    def _widen(self, name: str, low: float, high: float) -> None:
        self.edit(partial(edits.set_range, name=name, low=low, high=high), f"Range of {name}")

    def _open_menu(self, name: str, place: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction("Reset to the model's value").triggered.connect(partial(self._reset_from_menu, name))
        menu.popup(place)

    def _reset_from_menu(self, name: str, _checked: bool = False) -> None:
        self._reset(name)
