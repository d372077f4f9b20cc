"""A view of the portrait: header with modes, the view, what its background holds, the legend."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QHBoxLayout, QWidget

from odeplayground.gui.layers_popup import LayersPopup
from odeplayground.gui.legend_entries import legend_entries
from odeplayground.gui.panel import Panel
from odeplayground.gui.plots.error_map import ColourBar
from odeplayground.gui.plots.portrait_view import PortraitView
from odeplayground.gui.widgets.legend import Legend
from odeplayground.gui.widgets.segmented import Segment, Segmented
from odeplayground.session import Session, edits, picking, view_edits, views
from odeplayground.session.scene import Scene
from odeplayground.spec import Experiment, FieldMode, FieldStyle, Layer, Point, Samples

if TYPE_CHECKING:
    from odeplayground.gui.axis_popup import AxisPopup
    from odeplayground.gui.held_row import HeldRow

LEGEND_INSET = 38
"""Left edge of the plot."""
BAR_WIDTH = 232


class PortraitPanel(Panel):
    """Shows the simulation's scene and turns the mouse into edits."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Phase portrait")
        self.setObjectName("portrait")
        self.modes = Segmented([Segment(mode.value, mode.label, tooltip=mode.help) for mode in FieldMode])
        self.modes.setObjectName("modes")
        self.modes.setAccessibleName("Which field is shown")
        self.view = PortraitView()
        self.view.setObjectName("portrait-view")
        self.legend = Legend()
        self.color_bar = ColourBar()
        self.header.add_widget(self.modes)
        self.layers = self.header.add_button("stack", "Layers (Ctrl+Shift+L)")
        self.layers.clicked.connect(self.open_layers)
        self._popup: LayersPopup | None = None
        self._axis_popup: AxisPopup | None = None
        self.held: HeldRow | None = None
        fit = self.header.add_button("corners-out", "Fit the trajectories (Ctrl+F)")
        fit.clicked.connect(self._fit_clicked)
        self.rows.addWidget(self.header)
        self.header.show()
        self.rows.addWidget(self.view, 1)
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        self._inset = QWidget()
        self._inset.setFixedWidth(LEGEND_INSET)
        self.color_bar.setFixedWidth(BAR_WIDTH)
        for widget in (self._inset, self.color_bar, self.legend):
            below.addWidget(widget)
        self.rows.addLayout(below)
        self.setMinimumSize(420, 360)
        self._connect()
        self._show_bar(False)
        self._document_changed(session.document.experiment, session.document.experiment, "")
        if session.simulation.scene is not None:
            self._show_scene(session.simulation.scene)

    def _connect(self) -> None:
        session, view = self.session, self.view
        session.document.changed.connect(self._document_changed)
        session.simulation.scene_changed.connect(self._show_scene)
        session.playback.time_changed.connect(view.set_time)
        session.training.state_changed.connect(self._training_changed)
        self.modes.current_changed.connect(self._choose_mode)
        self.legend.toggled.connect(self._toggle_layer)
        view.start_dragged.connect(self._drag_start)
        view.start_released.connect(self._released)
        view.add_requested.connect(self._add)
        view.select_requested.connect(self._select)
        view.remove_requested.connect(self._remove)
        view.range_changed.connect(self._go)
        view.axis_requested.connect(self._choose_axis)
        view.grid_changed.connect(session.simulation.set_grid)

    # What it shows

    @property
    def experiment(self) -> Experiment:
        """The document as this view shows it."""
        return self.session.document.experiment

    def _document_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        self.modes.set_current(new.view.mode.value)
        self._training_changed()
        self._show_held()
        if self._popup is not None and self._popup.isVisible():
            self._popup.show_experiment(new)

    def _training_changed(self) -> None:
        self.view.set_samples(self._samples())
        for mode in FieldMode:
            reason = self.session.why_not_mode(mode)
            self.modes.set_enabled(mode.value, not reason, reason or mode.help)

    def _samples(self) -> Samples | None:
        return self.session.training.samples

    def _show_scene(self, scene: Scene) -> None:
        self.view.set_scene(scene)
        self.legend.set_entries(legend_entries(scene, self._samples() is not None))
        self._show_bar(scene.experiment.view.mode is FieldMode.ERROR and scene.error is not None)
        self._show_held()

    def _show_bar(self, shown: bool) -> None:
        self.color_bar.setVisible(shown)
        self._inset.setVisible(shown)
        self.legend.set_inset(16 if shown else LEGEND_INSET)

    def _show_held(self) -> None:
        """The sliders of held states; most systems never have any."""
        experiment = self.experiment
        if self.held is None:
            if not view_edits.held_names(experiment):
                return
            self.held = self._make_held()
        scene = self._scene()
        self.held.show_experiment(experiment, scene.true.equilibria if scene is not None else ())
        self.held.now = self._now

    def _make_held(self) -> HeldRow:
        from odeplayground.gui.held_row import HeldRow  # not needed for the first picture

        held = HeldRow()
        held.value_changed.connect(self._hold)
        held.released.connect(self._seal)
        held.released_all.connect(self._release)
        held.place_chosen.connect(self._hold_at)
        self.rows.insertWidget(2, held)
        return held

    def _scene(self) -> Scene | None:
        """The picture, if it is one of the document's states."""
        scene = self.session.simulation.scene
        same = scene is not None and scene.experiment.system.states == self.experiment.system.states
        return scene if same else None

    def _now(self) -> Point | None:
        """Where the selected trajectory is at this moment."""
        scene, selected = self._scene(), self.experiment.selected
        if scene is None or selected >= len(scene.true.trajectories):
            return None
        return tuple(map(float, scene.true.trajectories[selected].at(self.session.playback.time)))

    # What a person does

    def change(self, change: Callable[[Experiment], Experiment], label: str, merge: str | None = None) -> None:
        """Change the document as this view sees it."""
        self.edit(change, label, merge)

    def open_layers(self, _checked: bool = False) -> None:
        """Open the list of layers below its button."""
        if self._popup is None:
            self._popup = LayersPopup(self)
            self._popup.toggled.connect(self._toggle_layer)
            self._popup.style_chosen.connect(self._choose_style)
        self._popup.show_experiment(self.experiment)
        self._popup.open_below(self.layers)

    def open_axis(self, side: str) -> None:
        """Open the list of what can stand on an axis, ``"x"`` or ``"y"``."""
        self.view.ask_axis("xy".index(side))

    def _choose_axis(self, side: str, corner: QPoint) -> None:
        if self._axis_popup is None:
            from odeplayground.gui.axis_popup import AxisPopup  # not needed for the first picture

            self._axis_popup = AxisPopup(self)
            self._axis_popup.chosen.connect(self._set_axis)
            self._axis_popup.wrap_toggled.connect(self._wrap)
        self._axis_popup.open_for(self.experiment, side, corner)

    def _set_axis(self, side: str, name: str) -> None:
        scene = self._scene()
        ends = None if scene is None else views.extent_of(scene.true, self.experiment, name)
        self.change(partial(view_edits.set_axis, side=side, text=name, ends=ends), f"Put {name} on an axis")

    def _wrap(self, axis: str, on: bool) -> None:
        label = f"Draw {axis} from −π to π" if on else f"Draw {axis} as it is"
        self.change(partial(view_edits.set_wrap, axis=axis, on=on), label)

    def _hold(self, name: str, value: float) -> None:
        self.change(partial(view_edits.set_held, values={name: value}), f"Hold {name}", merge=f"hold {name}")

    def _hold_at(self, state: Point) -> None:
        self.change(partial(view_edits.hold_at, state=state), "Hold the other states")

    def _release(self) -> None:
        self.change(view_edits.release, "Hold the other states at the start")

    def _choose_mode(self, key: str) -> None:
        mode = FieldMode(key)
        self.change(partial(edits.set_mode, mode=mode), f"Show {mode.label.lower()}")

    def _toggle_layer(self, name: str, on: bool) -> None:
        if getattr(self.experiment.view, name) is not on:
            verb = "Show" if on else "Hide"
            self.change(partial(edits.toggle_layer, name=name), f"{verb} {Layer(name).label.lower()}")

    def _choose_style(self, key: str) -> None:
        style = FieldStyle(key)
        self.change(partial(edits.set_field_style, style=style), f"Show the field as {style.label.lower()}")

    def _drag_start(self, index: int, x: float, y: float) -> None:
        def moved(experiment: Experiment) -> Experiment:
            point = picking.point_at(experiment, x, y, like=experiment.starts[index])
            return edits.set_start(edits.select_start(experiment, index), index, point)

        if self._exists(index):
            self.change(moved, "Move the starting point", merge=f"start {index}")

    def _released(self, index: int) -> None:
        self._seal()

    def _seal(self) -> None:
        self.session.document.seal()

    def _add(self, x: float, y: float) -> None:
        self.change(lambda old: edits.add_start(old, picking.point_at(old, x, y)), "Add a starting point")

    def _select(self, index: int) -> None:
        if self._exists(index):
            self.change(partial(edits.select_start, index=index), "Select a trajectory")

    def _remove(self, index: int) -> None:
        if self._exists(index):
            self.change(partial(edits.remove_start, index=index), "Remove a starting point")

    def _exists(self, index: int) -> bool:
        """Whether the starting point is still there: the picture may be older than the document."""
        return 0 <= index < len(self.experiment.starts)

    def _go(self, x_range: tuple[float, float], y_range: tuple[float, float]) -> None:
        self.change(partial(edits.set_view_range, x_range=x_range, y_range=y_range), "Move the view", merge="view")

    def _fit_clicked(self, _checked: bool = False) -> None:
        self.session.fit_view()
