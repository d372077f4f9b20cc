"""The phase portrait: fields, trajectories and equilibria, with which one can play."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QHideEvent, QKeyEvent, QMouseEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from odeplayground.gui.plots import under_mouse, view_range
from odeplayground.gui.plots.arrows import disagreement
from odeplayground.gui.plots.axis import Scale
from odeplayground.gui.plots.error_map import ErrorImage, contours
from odeplayground.gui.plots.explanations import Explanation
from odeplayground.gui.plots.field_layers import FieldLayers
from odeplayground.gui.plots.hints import Hints
from odeplayground.gui.plots.lasso import SPACING, Lasso
from odeplayground.gui.plots.markers import Dot, Handles, Samples
from odeplayground.gui.plots.names import axis_name, axis_text
from odeplayground.gui.plots.particles import FRAME
from odeplayground.gui.plots.playing_dots import PlayingDots
from odeplayground.gui.plots.plot import Plot
from odeplayground.gui.plots.polylines import Polylines
from odeplayground.gui.plots.portrait_menu import PortraitMenu
from odeplayground.gui.plots.portrait_mouse import GRAB, NEAR, Grip, PortraitMouse, Target
from odeplayground.gui.plots.projection import Projection
from odeplayground.gui.plots.sample_points import projected
from odeplayground.gui.plots.screen import Floats
from odeplayground.gui.plots.section_dots import SectionDots
from odeplayground.gui.plots.stroke import Stroke, variable_token
from odeplayground.session.scene import ErrorMap, Scene
from odeplayground.session.section_job import SectionPoints
from odeplayground.spec import FieldMode
from odeplayground.spec import Samples as SampleData

_CELL = 35.0
_FAINTEST = 0.25
_UNIT_OF_ANGLES = "rad"


class PortraitView(Plot):
    """Shows a scene and reports what a person wants, in data coordinates.

    It changes nothing by itself but the visible part of the plane and the handle under the mouse, and those only until
    the next scene arrives.
    """

    start_dragged = Signal(int, float, float)
    start_released = Signal(int)
    add_requested = Signal(float, float)
    select_requested = Signal(int)
    remove_requested = Signal(int)
    range_changed = Signal(tuple, tuple)
    exponents_requested = Signal(int, QPoint)
    """Of a trajectory, to be shown at a place on the screen."""
    region_drawn = Signal(object, tuple)
    """A polygon (k, 2) in data coordinates, and how far apart starting points in it should be along x and y."""
    group_dragged = Signal(tuple, float, float)
    """Some starting points went together by so much in data coordinates."""
    group_removed = Signal(tuple)
    hovered = Signal(float, float, int)
    """The mouse rests or moves at a pixel, over this trajectory or -1."""
    left = Signal()
    axis_requested = Signal(str, QPoint)
    """The name of an axis, ``"x"`` or ``"y"``, was clicked; and its corner on the screen."""
    grid_changed = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Phase portrait")
        self._scene: Scene | None = None
        self._projection = Projection("", "", ())
        self._samples: SampleData | None = None
        self._time = 0.0
        self._grid = (0, 0)
        self._section_points: tuple[SectionPoints | None, bool] = (None, False)
        self._echoes = view_range.Echoes()
        self._mouse = PortraitMouse(self)
        self._image = ErrorImage(-20.0)
        self._contour = Polylines(Stroke("ink", 0.8, dash=(4.0, 3.0)), -9.0)
        self._true = FieldLayers(self.add, learned=False)
        self._learned = FieldLayers(self.add, learned=True)
        self._sample_dots = Samples(12.0, diameter=5.5)
        self._handles = Handles(33.0)
        for item in (self._image, self._contour, self._sample_dots, self._handles):
            self.add(item)
        self._section = SectionDots(16.0)
        self.add(self._section)
        self._lasso = Lasso(34.0, self.handle_pixel)
        self.add(self._lasso)
        self._dots = PlayingDots(self.add_item)
        self._pointer = Dot(42.0, "surface", 4.0, rim="accent", rim_width=1.8)
        self.add_item(self._pointer)
        self._pointer.place(math.nan, math.nan)
        self._hints = Hints(self)
        self._frames = QTimer(self, interval=round(1000 * FRAME))
        self._frames.timeout.connect(self._drift)
        self.layout_changed.connect(self._update_grid)

    # What to show

    def set_scene(self, scene: Scene) -> None:
        """Show a scene; also takes over its ranges, unless they echo what a person is doing here right now."""
        self._scene = scene
        view = scene.experiment.view
        projection = Projection.of(scene.experiment)
        if projection != self._projection:  # otherwise the same object, so that unchanged curves are known again
            self._projection = projection
            self._show_section()
        self._name_axes()
        if self._echoes.is_news((view.x_range, view.y_range)):
            self.set_ranges(view.x_range, view.y_range)
        selected = scene.experiment.selected
        self._true.show(scene.true, self._projection, view, selected)
        self._learned.show(scene.learned, self._projection, view, selected, self._strength())
        self._show_error(scene.error if view.mode is FieldMode.ERROR else None)
        self._show_starts()
        self._show_samples()
        self._dots.place(self._scene, self._projection, self._time)
        self._hints.hide_card()
        self._run()
        self._describe()

    def set_samples(self, samples: SampleData | None) -> None:
        """Show measured points, or none."""
        self._samples = samples
        self._show_samples()

    def show_pointer(self, state: Floats | None) -> None:
        """Mark the state (n_states,) that is under the mouse in another view; ``None``: none is."""
        if state is None or self._scene is None or self.underMouse():
            self._pointer.place(math.nan, math.nan)
        else:
            self._pointer.place(*self._projection.pair(math.nan, state))

    def curve_pixels(self, t: Floats, y: Floats) -> Floats:
        """Where a solution is drawn, (k, 2) pixels."""
        return self.mapping.points(self._projection.scattered(t, y))

    def place_at(self, x: float, y: float) -> tuple[float, float]:
        """The place under a pixel, in data coordinates."""
        return self.mapping.data(QPointF(x, y))

    def set_section(self, points: SectionPoints | None, old: bool) -> None:
        """Show the points of a Poincaré section, or none; ``old`` ones are faint."""
        self._section_points = points, old
        self._show_section()

    def set_time(self, time: float) -> None:
        """Move the playing dots."""
        self._time = time
        self._dots.place(self._scene, self._projection, self._time)

    @property
    def projection(self) -> Projection:
        """What stands on the axes."""
        return self._projection

    @property
    def readout_text(self) -> str:
        """The coordinates that are shown under the mouse; empty if none are."""
        return self._hints.readout_text

    @property
    def card_text(self) -> str:
        """What the card of an equilibrium or a cycle says; empty if there is none."""
        return self._hints.card_text

    # What the mouse asks and does

    def target(self, at: QPointF) -> Target:
        """What lies under a pixel of the view."""
        if self._scene is None or not self.area.contains(at):
            return Target(Grip.NOTHING)
        for number, tag in enumerate((self.x_name, self.y_name)):
            if tag.sceneBoundingRect().contains(at):
                return Target(Grip.AXIS, number)
        mapping = self.mapping
        if (index := self._handles.hit(mapping, at.x(), at.y(), GRAB)) is not None:
            return Target(Grip.START, index)
        for layers in (self._true, self._learned):
            if (index := layers.hit(mapping, at.x(), at.y(), NEAR)) is not None:
                return Target(Grip.CURVE, index)
        return Target(Grip.PLACE)

    @property
    def handle_count(self) -> int:
        """How many starting points are drawn."""
        return self._handles.count

    def handle_pixel(self, index: int) -> QPointF:
        """Where a starting point is drawn."""
        return self.mapping.point(*self._handles.point(index))

    def drag_start(self, index: int, to: QPointF) -> None:
        """Move a starting point with the mouse."""
        old, states = self._handles.point(index), self._projection.states
        wanted = zip(self._projection.names, self.mapping.data(to), old, strict=True)
        x, y = (new if axis in states else former for axis, new, former in wanted)  # only states can be set
        self._handles.move(index, x, y)
        self.start_dragged.emit(index, x, y)

    @property
    def group(self) -> tuple[int, ...]:
        """The starting points that were caught by a region."""
        return self._lasso.group

    def set_group(self, numbers: tuple[int, ...]) -> None:
        """Select starting points, to be moved or removed together."""
        self._lasso.set_group(tuple(number for number in numbers if number < self.handle_count))

    def let_group_go(self) -> None:
        """Select none."""
        self._lasso.set_group(())

    def draw_region(self, at: QPointF) -> None:
        """Go on with the border of a region."""
        self._lasso.extend(at)

    def close_region(self) -> None:
        """The region is whole."""
        polygon, mapping = self._lasso.close(), self.mapping
        if polygon is not None:
            corners = np.array([mapping.data(QPointF(*pixel)) for pixel in polygon.tolist()])
            self.region_drawn.emit(corners, (SPACING / abs(mapping.sx), SPACING / abs(mapping.sy)))

    def drag_group(self, by: QPointF) -> None:
        """Move the group by some pixels."""
        mapping = self.mapping
        dx, dy = by.x() / mapping.sx, by.y() / mapping.sy
        for index in self.group:
            x, y = self._handles.point(index)
            self._handles.move(index, x + dx, y + dy)
        self.group_dragged.emit(self.group, dx, dy)

    def nudge(self, by: QPointF) -> None:
        """Move the selected starting point by some pixels."""
        if self._scene is None or not 0 <= self._scene.experiment.selected < len(self._scene.experiment.starts):
            return
        index = self._scene.experiment.selected
        self.drag_start(index, self.handle_pixel(index) + by)
        self.start_released.emit(index)

    def remove_selected(self) -> None:
        """Ask to remove the group, or else the selected starting point."""
        if self.group:
            self.group_removed.emit(self.group)
            self.let_group_go()
        elif self._scene is not None and self._scene.experiment.starts:
            self.remove_requested.emit(self._scene.experiment.selected)

    def open_menu(self, target: Target, at: QPointF) -> None:
        """Explain what is at a pixel, and offer what can be done there."""
        menu = PortraitMenu(self, self.explanation(target, at))
        if target.index >= 0:
            menu.offer(f"Select trajectory {target.index + 1}", self.select_requested, target.index)
            menu.offer(f"Remove trajectory {target.index + 1}", self.remove_requested, target.index)
            place = self.viewport().mapToGlobal(at.toPoint())
            menu.offer("Lyapunov exponents…", self.exponents_requested, target.index, place)
        menu.offer("Add a starting point here", self.add_requested, *self.mapping.data(at))
        self.hide_hints()
        menu.popup(self.viewport().mapToGlobal(at.toPoint()))

    def explanation(self, target: Target, at: QPointF) -> Explanation:
        """What is at a pixel, in words."""
        assert self._scene is not None
        layers = (self._true, self._learned)
        return under_mouse.explain(self._scene, self._projection, layers, self.mapping, target, at)

    def ask_axis(self, index: int) -> None:
        """Ask for the list of what can stand on an axis, 0 or 1."""
        tag = (self.x_name, self.y_name)[index]
        corner = tag.sceneBoundingRect().topLeft() if index == 0 else tag.sceneBoundingRect().bottomLeft()
        self.hide_hints()
        self.axis_requested.emit("xy"[index], self.viewport().mapToGlobal(corner.toPoint()))

    def light_axis(self, index: int) -> None:
        """Show which name would be clicked; -1 for none."""
        for number, tag in enumerate((self.x_name, self.y_name)):
            tag.set_hot(number == index)
        self.viewport().setToolTip("Choose what stands on this axis" if index >= 0 else "")

    def pan(self, by: QPointF) -> None:
        """Move the plane by some pixels."""
        mapping = self.mapping
        if mapping.valid:
            x, y = self.ranges
            self._go(view_range.shifted(x, -by.x() / mapping.sx), view_range.shifted(y, -by.y() / mapping.sy))

    def zoom(self, at: QPointF, x_factor: float, y_factor: float) -> None:
        """Zoom around a pixel; factors below 1 go closer."""
        if self.mapping.valid:
            (x, y), (at_x, at_y) = self.ranges, self.mapping.data(at)
            self._go(view_range.scaled(x, at_x, x_factor), view_range.scaled(y, at_y, y_factor))

    def show_cursor(self, shape: Qt.CursorShape) -> None:
        """Change the shape of the mouse."""
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)

    def light_handle(self, index: int) -> None:
        """Show which starting point would be grabbed; -1 for none."""
        self._handles.set_hot(index)

    def show_hints(self, at: QPointF) -> None:
        """Tell the coordinates of a pixel and what equilibrium is there."""
        if self._scene is not None:
            cycle = under_mouse.cycle_at((self._true, self._learned), self.mapping, at)
            self._hints.show(at, self._scene, self._projection, cycle)
            self.hovered.emit(at.x(), at.y(), self.target(at).index)

    def hide_hints(self) -> None:
        """Hide what only belongs under the mouse."""
        self._hints.hide()

    # Qt's events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._mouse.press(event.position(), event.button(), shift)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse.move(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._mouse.release(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()  # the second click of two must not add a second trajectory

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._mouse.wheel(event.position(), event.angleDelta().y() / 120.0)
        event.accept()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._run()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._run()

    def leaveEvent(self, event: QEvent) -> None:
        self._mouse.leave()
        self.left.emit()
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu key explains the selected starting point; the mouse has its menu when it is pressed."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard and self._scene is not None:
            index = self._scene.experiment.selected
            if 0 <= index < self.handle_count:
                self.open_menu(Target(Grip.START, index), self.handle_pixel(index))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        shift = modifiers == Qt.KeyboardModifier.ShiftModifier
        if not shift and modifiers != Qt.KeyboardModifier.NoModifier:
            event.ignore()
            return
        event.setAccepted(self._mouse.key(event.key(), shift))

    # Inside

    def _go(self, x: view_range.Range, y: view_range.Range) -> None:
        if (x, y) == self.ranges:
            return
        self._echoes.ask((x, y))
        self.set_ranges(x, y)
        self.range_changed.emit(x, y)

    def _run(self) -> None:
        """Let particles drift while there are any and somebody can see them."""
        running = self.isVisible() and bool(len(self._true.particles) or len(self._learned.particles))
        if running != self._frames.isActive():
            (self._frames.start if running else self._frames.stop)()

    def _drift(self) -> None:
        self._true.particles.step()
        self._learned.particles.step()

    def _strength(self) -> Floats | None:
        """Where the two fields agree, the learned arrows step back."""
        if self._scene is None or self._scene.learned is None or self._scene.experiment.view.mode is not FieldMode.BOTH:
            return None
        true, learned = self._scene.true.arrows, self._scene.learned.arrows
        apart = disagreement(true, learned) if true is not None and learned is not None else None
        return None if apart is None else np.clip(_FAINTEST + 1.2 * apart, _FAINTEST, 1.0)

    def _show_error(self, error: ErrorMap | None) -> None:
        if error is not self._image.map:
            self._image.set_map(error)
            self._contour.set_curves(contours(error) if error else ())
            self.rules.set_visible(error is None)

    def _show_starts(self) -> None:
        assert self._scene is not None
        experiment = self._scene.experiment
        points = [self._projection.pair(experiment.t_span[0], start) for start in experiment.starts]
        if len(points) != self.handle_count:
            self.let_group_go()  # the numbers mean others now
        self._handles.set_points(points if experiment.view.trajectories else [], experiment.selected)

    def _show_section(self) -> None:
        points, old = self._section_points
        fits = points is not None and len(points.y) == len(self._projection.states)
        shown = self._projection.scattered(points.t, points.y) if points is not None and fits else np.empty((0, 2))
        self._section.set_points(shown, old)

    def _show_samples(self) -> None:
        wanted = self._scene is not None and self._scene.experiment.view.samples
        self._sample_dots.set_points(projected(self._samples if wanted else None, self._projection))

    def _name_axes(self) -> None:
        assert self._scene is not None
        units = self._scene.experiment.units
        names = []
        for name, side in ((self._projection.x, "bottom"), (self._projection.y, "left")):
            unit = units.get(name, "")
            is_angle = unit == _UNIT_OF_ANGLES or name in self._projection.wrap
            self.axes[side].set_scale(Scale.ANGLE if is_angle else Scale.PLAIN)
            names.append(axis_name(axis_text(name), unit, variable_token(self._projection.index(name))))
        self.set_names(names[0], names[1])

    def _update_grid(self) -> None:
        area = self.area
        grid = (max(2, round(area.width() / _CELL)), max(2, round(area.height() / _CELL)))
        if grid != self._grid:
            self._grid = grid
            self.grid_changed.emit(*grid)

    def _describe(self) -> None:
        assert self._scene is not None
        count = len(self._scene.experiment.starts)
        mode = self._scene.experiment.view.mode.label.lower()
        trajectories = "1 trajectory" if count == 1 else f"{count} trajectories"
        self.setAccessibleDescription(
            f"{self._projection.y} over {self._projection.x}, {trajectories}, field shown: {mode}. "
            "Arrow keys move the view, with Shift the selected starting point; plus and minus zoom; Delete removes. "
            "Shift and drag draws a region: starting points in it are selected, or else it is filled with new ones."
        )

    def _dress(self) -> None:
        self._image.dress()
        self._true.dress()
        self._learned.dress()
        super()._dress()
