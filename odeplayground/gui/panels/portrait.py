"""A view of the portrait: header with modes, the view, what its background holds, the legend."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from odeplayground.gui.layers_popup import LayersPopup
from odeplayground.gui.legend_entries import legend_entries
from odeplayground.gui.panel import Panel
from odeplayground.gui.plots.error_map import ColourBar
from odeplayground.gui.plots.names import axis_text
from odeplayground.gui.plots.portrait_view import PortraitView
from odeplayground.gui.widgets.buttons import set_available
from odeplayground.gui.widgets.legend import Legend
from odeplayground.gui.widgets.segmented import Segment, Segmented
from odeplayground.session import Session, UserError, axes, bundles, edits, panes, picking, view_edits, views
from odeplayground.session.request import held_of
from odeplayground.session.scene import Floats, Scene
from odeplayground.spec import Experiment, FieldMode, FieldStyle, Layer, Point, Samples

if TYPE_CHECKING:
    from odeplayground.gui.axis_popup import AxisPopup
    from odeplayground.gui.held_row import HeldRow
    from odeplayground.gui.plots.space import SpaceView

LEGEND_INSET = 38
"""Left edge of the plot."""
BAR_WIDTH = 232
NARROW = 470
"""Below this width the fields are chosen in the menu alone."""
LOW = 270
"""Below this height there is but the plot."""


class PortraitPanel(Panel):
    """Shows the scenes of one view and turns the mouse into edits. View 0 is the portrait, others stand beside it."""

    close_requested = Signal(int)
    """The view with this number is to be closed."""

    def __init__(self, session: Session, number: int = 0) -> None:
        super().__init__(session, "Phase portrait" if number == 0 else f"View {number + 1}")
        self.number = number
        suffix = f"-{number}" if number else ""
        self.setObjectName(f"portrait{suffix}")
        self.modes = Segmented([Segment(mode.value, mode.label, tooltip=mode.help) for mode in FieldMode])
        self.modes.setObjectName(f"modes{suffix}")
        self.modes.setAccessibleName("Which field is shown")
        self.view = PortraitView()
        self.view.setObjectName(f"portrait-view{suffix}")
        self.space: SpaceView | None = None
        self.held: HeldRow | None = None
        self.legend = Legend()
        self.color_bar = ColourBar()
        self._popup: LayersPopup | None = None
        self._axis_popup: AxisPopup | None = None
        self._low = False
        self._make_header()
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
        if (scene := session.panes.scene(number)) is not None:
            self._take(number, scene)

    def _make_header(self) -> None:
        header = self.header
        header.add_widget(self.modes)
        self.layers = header.add_button("stack", _tip("Layers", "Ctrl+Shift+L", self.number))
        self.layers.clicked.connect(self.open_layers)
        self.space_button = header.add_button(
            "cube", _tip("In space: turn it with the mouse", "Ctrl+Shift+3", self.number), checkable=True
        )
        self.space_button.setObjectName("in-space")
        self.space_button.clicked.connect(self.toggle_space)
        fit = header.add_button("corners-out", _tip("Fit the trajectories", "Ctrl+F", self.number))
        fit.clicked.connect(self._fit_clicked)
        if self.number:
            header.add_button("x", "Close this view").clicked.connect(self._close_clicked)

    def _connect(self) -> None:
        session, view = self.session, self.view
        session.document.changed.connect(self._document_changed)
        if self.number == 0:
            session.simulation.scene_changed.connect(self._show_scene)
        else:
            session.panes.scene_changed.connect(self._take)
        session.panes.pointed.connect(self._show_pointer)
        session.playback.time_changed.connect(self._set_time)
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
        view.grid_changed.connect(self._set_grid)
        view.region_drawn.connect(self._fill)
        view.group_dragged.connect(self._move_group)
        view.group_removed.connect(self._remove_group)
        view.exponents_requested.connect(self._tell_exponents)
        session.sections.changed.connect(self._section_changed)
        view.hovered.connect(self._hovered)
        view.left.connect(self._left)

    # What it shows

    @property
    def experiment(self) -> Experiment:
        """The document as this view shows it; as the portrait does where the view is about to go."""
        document = self.session.document.experiment
        number = self.number if self.number < view_edits.count(document) else 0
        return view_edits.seen(document, number)

    @property
    def plot(self) -> QWidget:
        """What is in the middle: the plane or space."""
        return self.space if self.space is not None and self.space.isVisibleTo(self) else self.view

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.modes.setVisible(event.size().width() >= NARROW)
        self._low = event.size().height() < LOW
        self.legend.setVisible(not self._low)
        self._show_held()

    def _document_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        if self.number >= view_edits.count(new):
            return  # it is hidden
        experiment = self.experiment
        self.modes.set_current(experiment.view.mode.value)
        self._training_changed()
        self._show_held()
        self._show_space(experiment.view.space is not None)
        third = view_edits.third_axis(experiment)
        possible = third is not None or experiment.view.space is not None
        set_available(self.space_button, possible, "A third axis needs one more state.")
        if self.number:
            self.header.set_words([" · ".join(axis_text(name) for name in axes.names(experiment.view))])
        if self._popup is not None and self._popup.isVisible():
            self._popup.show_experiment(experiment)

    def _show_space(self, shown: bool) -> None:
        self.space_button.setChecked(shown)
        if shown and self.space is None:
            self.space = self._make_space()
        if self.space is not None and self.space.isHidden() == shown:
            focused = self.plot.hasFocus()
            self.space.setVisible(shown)
            self.view.setVisible(not shown)
            if focused:
                self.plot.setFocus()

    def _make_space(self) -> SpaceView:
        from odeplayground.gui.plots.space import SpaceView  # not needed for the first picture

        space = SpaceView()
        space.setObjectName(f"space-view-{self.number}")
        space.hide()
        self.rows.insertWidget(2, space, 1)
        space.set_samples(self._samples())
        space.set_time(self.session.playback.time)
        space.turned.connect(self._turn)
        space.select_requested.connect(self._select)
        space.remove_requested.connect(self._remove)
        space.axis_requested.connect(self._choose_axis)
        space.exponents_requested.connect(self._tell_exponents)
        space.set_section(self.session.sections.points(self.number), self.session.sections.is_old(self.number))
        if (scene := self._scene()) is not None:
            space.set_scene(scene)
        return space

    def _training_changed(self) -> None:
        self.view.set_samples(self._samples())
        if self.space is not None:
            self.space.set_samples(self._samples())
        for mode in FieldMode:
            reason = self.session.why_not_mode(mode)
            self.modes.set_enabled(mode.value, not reason, reason or mode.help)

    def _samples(self) -> Samples | None:
        return self.session.training.shown_samples

    def _take(self, number: int, scene: Scene) -> None:
        if number == self.number:
            self._show_scene(scene)

    def _show_scene(self, scene: Scene) -> None:
        if scene.experiment.view.space is None:
            self.view.set_scene(scene)
        elif self.space is not None:
            self.space.set_scene(scene)
        self.legend.set_entries(legend_entries(scene, self._samples() is not None))
        self._show_bar(scene.experiment.view.mode is FieldMode.ERROR and scene.error is not None)
        self._show_held()

    def _section_changed(self, number: int) -> None:
        if number == self.number:
            points, old = self.session.sections.points(number), self.session.sections.is_old(number)
            self.view.set_section(points, old)
            if self.space is not None:
                self.space.set_section(points, old)
            if self._popup is not None and self._popup.isVisible():
                self._popup.cut.show_points(points)

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
        if self._low:
            self.held.hide()

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
        scene = self.session.panes.scene(self.number)
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
        merge = f"{merge} in view {self.number}" if merge and self.number else merge
        self.edit(partial(view_edits.in_view, number=self.number, change=change), label, merge)

    def toggle_space(self, _checked: bool = False) -> None:
        """Show the view in space, or flat again."""
        experiment, scene = self.experiment, self._scene()
        z = view_edits.third_axis(experiment) if experiment.view.space is None else None
        ends = views.extent_of(scene.true, experiment, z) if scene is not None and z is not None else None
        label = "Show the portrait in space" if z is not None else "Show the portrait flat"
        self.change(partial(view_edits.set_space, z=z, ends=ends), label)

    def _turn(self, azimuth: float, elevation: float, zoom: float) -> None:
        turned = partial(view_edits.turn, azimuth=azimuth, elevation=elevation, zoom=zoom)
        self.change(turned, "Turn the view", merge="turn")

    def _close_clicked(self, _checked: bool = False) -> None:
        self.close_requested.emit(self.number)

    def _set_grid(self, nx: int, ny: int) -> None:
        self.session.panes.set_grid(self.number, nx, ny)

    # What is under the mouse, here or in another view

    def _set_time(self, time: float) -> None:
        self.view.set_time(time)
        if self.space is not None:
            self.space.set_time(time)

    def _hovered(self, x: float, y: float, index: int) -> None:
        """Tell the other views which state is meant."""
        experiment, scene = self.experiment, self._scene()
        if scene is None or view_edits.count(self.session.document.experiment) == 1:
            return
        state = panes.nearest(scene.true, index, self.view.curve_pixels, np.array([x, y]))
        if state is None:
            try:
                state = np.array(picking.point_at(experiment, *self.view.place_at(x, y), like=held_of(experiment)))
            except UserError:  # no state is on the axes
                return
        self.session.panes.pointed.emit(state)

    def _left(self) -> None:
        if view_edits.count(self.session.document.experiment) > 1:
            self.session.panes.pointed.emit(None)

    def _show_pointer(self, state: Floats | None) -> None:
        self.view.show_pointer(state)
        if self.space is not None:
            self.space.show_pointer(state)

    def open_layers(self, _checked: bool = False) -> None:
        """Open the list of layers below its button."""
        if self._popup is None:
            self._popup = LayersPopup(self)
            self._popup.toggled.connect(self._toggle_layer)
            self._popup.style_chosen.connect(self._choose_style)
            self._popup.cut.chosen.connect(self._cut)
        self._popup.show_experiment(self.experiment)
        self._popup.cut.show_points(self.session.sections.points(self.number))
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

    def _cut(self, state: str, value: float | None) -> None:
        self.change(partial(view_edits.set_cut, state=state, value=value), "Place the section", merge="section")

    def _tell_exponents(self, number: int, place: QPoint) -> None:
        if self._exists(number):
            from odeplayground.gui.exponents_card import ExponentsCard  # not needed for the first picture

            ExponentsCard(self, self.session, number).open_at(place)

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

    def add_bundle(self) -> None:
        """Fill what is visible with starting points."""
        (x0, x1), (y0, y1) = self.experiment.view.x_range, self.experiment.view.y_range
        corners = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
        self._add_places(bundles.filling(corners, ((x1 - x0) / 6.0, (y1 - y0) / 5.0)))

    def _fill(self, polygon: Floats, spacing: tuple[float, float]) -> None:
        """Select the starting points in a region, or begin new ones there."""
        if caught := bundles.caught(self.experiment, polygon):
            self.view.set_group(caught)
        else:
            self._add_places(bundles.filling(polygon, spacing))

    def _add_places(self, places: Floats) -> None:
        count = len(places)
        label = "Add a starting point" if count == 1 else f"Add a bundle of {count}"
        self.change(partial(bundles.add, places=[(x, y) for x, y in places.tolist()]), label)

    def _move_group(self, numbers: tuple[int, ...], dx: float, dy: float) -> None:
        if all(map(self._exists, numbers)):
            moved = partial(bundles.move, numbers=numbers, dx=dx, dy=dy)
            self.change(moved, f"Move {len(numbers)} starting points", merge="group")

    def _remove_group(self, numbers: tuple[int, ...]) -> None:
        if all(map(self._exists, numbers)):
            self.change(partial(bundles.remove, numbers=numbers), f"Remove {len(numbers)} starting points")

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
        scene = self._scene()
        ranges = views.fitted(scene.true, self.experiment) if scene is not None else None
        if ranges is not None:
            self.change(partial(view_edits.set_ranges, ends=ranges), "Fit the trajectories")


def _tip(text: str, keys: str, number: int) -> str:
    """Keys work on the first view."""
    return text if number else f"{text} ({keys})"
