"""The sliders."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QInputDialog, QScrollArea, QVBoxLayout, QWidget

from odeplayground.gui.panel import Panel
from odeplayground.gui.start_sliders import StartSliders
from odeplayground.gui.sweep import Sweep
from odeplayground.gui.widgets.slider_popup import SliderPopup
from odeplayground.gui.widgets.slider_row import HEIGHT, ParameterRow
from odeplayground.gui.widgets.snapshot_bar import SnapshotBar
from odeplayground.session import Session, edits, picking, slider_edits
from odeplayground.spec import Experiment, Parameter

SHOWN = 5
"""Rows without scrolling."""


class ParametersPanel(Panel):
    """One row per parameter of the system; dragging re-solves, and the text follows when the slider is let go."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Parameters")
        keep = self.header.add_button("bookmark-simple", "Keep these values as a set to come back to (Ctrl+Shift+K)")
        keep.setObjectName("keep-values")
        keep.clicked.connect(self._keep)
        reset = self.header.add_button("arrow-counter-clockwise", "Reset all parameters (Ctrl+0)")
        reset.setObjectName("reset-parameters")
        reset.clicked.connect(self._reset_all)
        self.snapshots = SnapshotBar()
        self._rows: dict[str, ParameterRow] = {}
        self._popup: SliderPopup | None = None
        self._asked = ""  # whose settings the popup shows
        self.sweep = Sweep(self)
        self._swept: float | None = None  # what the sweep has set last
        self._lay_out()
        self.snapshots.use_requested.connect(self._use)
        self.snapshots.compare_requested.connect(self._compare)
        self.snapshots.renew_requested.connect(self._renew)
        self.snapshots.rename_requested.connect(self._ask_for_name)
        self.snapshots.remove_requested.connect(self._remove)
        self.sweep.moved.connect(self._swept_to)
        session.document.changed.connect(self._document_changed)
        self._rebuild(session.document.experiment)

    def _lay_out(self) -> None:
        self._body = QWidget()
        self._list = QVBoxLayout(self._body)
        self._list.setContentsMargins(0, 0, 0, 8)
        self._list.setSpacing(0)
        self._starts = StartSliders(self.session)
        self._list.addWidget(self._starts)
        self._list.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self._body)
        self.rows.addWidget(self.snapshots)
        self.rows.addWidget(self._scroll)

    # What it shows

    def _document_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        if self.sweep.name and new.parameters.get(self.sweep.name) != self._swept:
            self._end_sweep()  # somebody else has the value now
        if old.system.constants != new.system.constants or old.units != new.units or old.controls != new.controls:
            self._rebuild(new)
        elif old.values != new.values:
            self._show_values(new)
        elif not new.system.constants and _starts(old) != _starts(new):
            self._starts.show_starts(new)
        if self._popup is not None and self._popup.isVisible():
            self._fill_popup()

    def _rebuild(self, experiment: Experiment) -> None:
        """Rows that stay keep their widget, so that the one being dragged is not lost."""
        wanted = {parameter.name: parameter for parameter in experiment.system.constants}
        own = experiment.own_values
        for name in [name for name in self._rows if name not in wanted]:
            row = self._rows.pop(name)
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        for position, parameter in enumerate(wanted.values()):
            row = self._rows.get(parameter.name) or self._make_row(parameter, experiment)
            settings = experiment.controls.of(parameter.name)
            row.set_range(*picking.slider_range(experiment, parameter), settings.logarithmic)
            row.set_default(own[parameter.name])
            row.set_locked(settings.locked)
            row.set_moving(parameter.name == self.sweep.name)
            self._list.insertWidget(1 + position, row)
        self._starts.setVisible(not wanted)
        self._show_values(experiment)
        count = len(wanted) or 1 + len(experiment.system.states)
        height = 8 + HEIGHT * max(1, min(SHOWN, count))
        least = 2 if wanted else 3
        self._scroll.setMinimumHeight(min(height, 8 + least * HEIGHT))

    def _make_row(self, parameter: Parameter, experiment: Experiment) -> ParameterRow:
        low, high = picking.slider_range(experiment, parameter)
        value = experiment.parameters[parameter.name]
        row = ParameterRow(parameter.name, value, low, high, None, experiment.units.get(parameter.name, ""))
        row.setObjectName(f"parameter-{parameter.name}")
        row.slider.setObjectName(f"slider-{parameter.name}")
        row.field.setObjectName(f"field-{parameter.name}")
        row.settings.setObjectName(f"settings-{parameter.name}")
        row.value_changed.connect(self._slide)
        row.released.connect(self._released)
        row.reset_requested.connect(self._reset)
        row.range_requested.connect(self._set_range)
        row.menu_requested.connect(self._open_settings)
        row.grabbed.connect(self._grabbed)
        self._rows[parameter.name] = row
        return row

    def _show_values(self, experiment: Experiment) -> None:
        if not experiment.system.constants:
            self._starts.show_starts(experiment)
        for name, value in experiment.parameters.items():
            if self._rows[name].value != value:
                self._rows[name].set_value(value)
        controls = experiment.controls
        self.snapshots.show_snapshots(controls.snapshots, slider_edits.current(experiment), controls.compared)

    # Values

    def _slide(self, name: str, value: float) -> None:
        self._end_sweep(name)
        self.edit(partial(edits.set_parameter, name=name, value=value), f"Set {name}", merge=f"slider {name}")

    def _released(self, name: str) -> None:
        self._settle(name, f"slider {name}")

    def _settle(self, name: str, merge: str) -> None:
        """The text follows, in the same undo step."""
        self.edit(partial(edits.follow_values, names=(name,)), f"Set {name}", merge=merge)
        self.session.document.seal()

    def _reset(self, name: str) -> None:
        self._end_sweep(name)
        self.edit(partial(edits.reset_parameter, name=name), f"Reset {name}")

    def _reset_all(self) -> None:
        self._end_sweep()
        self.edit(edits.reset_parameters, "Reset parameters")

    def _set_range(self, name: str, low: float, high: float) -> None:
        self.edit(partial(edits.set_range, name=name, low=low, high=high), f"Range of {name}")

    # Settings of one slider

    def _open_settings(self, name: str, place: QPoint) -> None:
        if self._popup is None:
            self._popup = self._make_popup()
        self._asked = name
        self._fill_popup()
        self._popup.open_at(place)

    def _make_popup(self) -> SliderPopup:
        popup = SliderPopup(self)
        popup.range_entered.connect(self._range_entered)
        popup.scale_chosen.connect(self._scale_chosen)
        popup.motion_chosen.connect(self._motion_chosen)
        popup.seconds_entered.connect(self._seconds_entered)
        popup.lock_requested.connect(self._lock)
        popup.reset_requested.connect(self._reset_asked)
        popup.play_requested.connect(self._play_asked)
        return popup

    def _fill_popup(self) -> None:
        experiment, name = self.session.document.experiment, self._asked
        assert self._popup is not None
        if name not in self._rows:
            self._popup.hide()
            return
        scale = self._rows[name].slider.scale
        own = scale.text(experiment.own_values[name])
        moving = self.sweep.name == name
        self._popup.show_settings(name, (scale.low, scale.high), own, experiment.controls.of(name), moving)

    def _change(self, label: str, **changes: Any) -> None:
        name = self._asked
        self.edit(partial(slider_edits.set_slider, name=name, **changes), f"{label} {name}")
        if self.sweep.name == name:
            settings = self.session.document.experiment.controls.of(name)
            self.sweep.change(self._rows[name].slider.scale, settings.seconds, settings.loops)
        self._fill_popup()  # what was refused is shown as it is

    def _range_entered(self, low: float, high: float) -> None:
        self._set_range(self._asked, low, high)
        self._fill_popup()

    def _scale_chosen(self, logarithmic: bool | None) -> None:
        self._change("Scale of", logarithmic=logarithmic)

    def _motion_chosen(self, loops: bool) -> None:
        self._change("Motion of", loops=loops)

    def _seconds_entered(self, seconds: float) -> None:
        self._change("Pace of", seconds=seconds)

    def _lock(self, locked: bool) -> None:
        self._end_sweep(self._asked)
        self._change("Lock" if locked else "Unlock", locked=locked)

    def _reset_asked(self) -> None:
        self._reset(self._asked)

    # Motion

    def _play_asked(self) -> None:
        name = self._asked
        if self.sweep.name == name:
            self._end_sweep()
            return
        self._end_sweep()
        self.session.document.seal()
        experiment, row = self.session.document.experiment, self._rows[name]
        settings = experiment.controls.of(name)
        self._swept = experiment.parameters[name]
        self.sweep.start(name, row.slider.scale, self._swept, settings.seconds, settings.loops)
        row.set_moving(True)

    def _swept_to(self, name: str, value: float) -> None:
        self._swept = value
        self.edit(partial(edits.set_parameter, name=name, value=value), f"Animate {name}", merge=f"sweep {name}")

    def _grabbed(self, name: str) -> None:
        self._end_sweep(name)

    def _end_sweep(self, name: str = "") -> None:
        """Stop the motion (``name``: if it is of this parameter); what it has set is one undo step."""
        moving = self.sweep.name
        if not moving or (name and name != moving):
            return
        mine = self.session.document.experiment.parameters.get(moving) == self._swept
        self.sweep.stop()
        if moving in self._rows:
            self._rows[moving].set_moving(False)
        if mine:
            follow = partial(edits.follow_values, names=(moving,))
            self.edit(follow, f"Animate {moving}", merge=f"sweep {moving}")
            self.session.document.seal()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._end_sweep()

    # Sets of values

    def _keep(self, _checked: bool = False) -> None:
        self.edit(slider_edits.keep, "Keep the values")

    def _use(self, name: str) -> None:
        self._end_sweep()
        self.edit(partial(slider_edits.use, name=name), f"Take the values {name}")

    def _compare(self, name: str) -> None:
        self.edit(partial(slider_edits.compare, name=name), f"Compare with {name}" if name else "Do not compare")

    def _renew(self, name: str) -> None:
        self.edit(partial(slider_edits.renew, name=name), f"Keep the values as {name}")

    def _remove(self, name: str) -> None:
        self.edit(partial(slider_edits.remove, name=name), f"Remove the values {name}")

    def _ask_for_name(self, name: str) -> None:
        dialog = QInputDialog(self)
        dialog.setWindowTitle("Rename")
        dialog.setLabelText(f"A name for the values {name}:")
        dialog.setTextValue(name)
        if dialog.exec():
            self._rename(name, dialog.textValue())

    def _rename(self, name: str, new: str) -> None:
        self.edit(partial(slider_edits.rename, name=name, new=new), f"Rename the values {name}")


def _starts(experiment: Experiment) -> tuple[object, ...]:
    """What the sliders of the starting point depend on."""
    return experiment.starts, experiment.selected, experiment.view, experiment.system.initial, experiment.system.states
