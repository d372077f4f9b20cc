"""The bifurcation diagram: branches or orbits over a parameter, and a line at its present value."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from odeplayground.gui.plots import bifurcation_cards, bifurcation_curves
from odeplayground.gui.plots.axis import Scale
from odeplayground.gui.plots.bifurcation_curves import Spot
from odeplayground.gui.plots.bifurcation_line import ParameterLine, RubberBand
from odeplayground.gui.plots.bifurcation_marks import BifurcationMarks
from odeplayground.gui.plots.bifurcation_mouse import BifurcationMouse
from odeplayground.gui.plots.bifurcation_orbits import Orbits
from odeplayground.gui.plots.hover_card import HoverCard
from odeplayground.gui.plots.markers import Equilibria, Place
from odeplayground.gui.plots.names import axis_name
from odeplayground.gui.plots.plot import Plot
from odeplayground.gui.plots.polylines import Polylines
from odeplayground.gui.plots.stroke import Stroke, variable_token
from odeplayground.gui.theme import symbols
from odeplayground.session.bifurcation_picture import Mark, Picture

Range = tuple[float, float]

_REACH = 9.0
_DIM = 0.35
_DASH = (6.0, 4.0)
_KEY_STEP = 0.01
_UNIT_OF_ANGLES = "rad"


class Shown(msgspec.Struct, frozen=True, eq=False):
    """All that the view draws but the line."""

    picture: Picture | None
    dim: bool
    """Whether the picture is an old one."""
    parameter: str
    state: int
    names: tuple[str, str]
    """Of parameter and state."""
    units: tuple[str, str]
    bounds: Range
    """Of the parameter."""
    window: Range | None
    """Of the state; ``None``: what is drawn decides."""
    widest: Range | None = None
    """No more of the state is shown, however far branches go; ``None``: all."""
    growing: bool = False
    """Whether there is more to come: the scale may only widen then, or it would shake."""

    @property
    def frame(self) -> tuple[object, ...]:
        """Pictures with the same one are compared with each other."""
        return self.parameter, self.state, self.names, self.bounds, self.window


class BifurcationView(Plot):
    """A drag of the line asks for another value, a box for a closer look, a click for what is there."""

    parameter_dragged = Signal(float)
    parameter_released = Signal()
    box_chosen = Signal(object, object)
    """Ranges of parameter and state."""
    equilibrium_clicked = Signal(float, object)
    """Its parameter and its state, a tuple."""
    back_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName("Bifurcation diagram")
        self._shown: Shown | None = None
        self._value = 0.0
        self._mouse = BifurcationMouse(self)
        self._curves = {
            (cycles, stable): Polylines(Stroke("ink"), 4.0 + 2 * (not cycles) + stable)
            for cycles in (True, False)
            for stable in (True, False)
        }
        self._orbits = Orbits(2.0)
        self._marks = BifurcationMarks(12.0)
        self._now = Equilibria(14.0, learned=False)
        self._now.live = True
        for layer in (*self._curves.values(), self._orbits, self._marks, self._now):
            self.add(layer)
        self._line = ParameterLine(self.box, 20.0)
        self._band = RubberBand(self.box, 24.0)
        self._card = HoverCard(self.box, 60.0)
        self.layout_changed.connect(self._place_line)

    def set_shown(self, shown: Shown) -> None:
        """Draw this."""
        last, self._shown = self._shown, shown
        picture, state = shown.picture, shown.state
        alpha = _DIM if shown.dim else 1.0
        hue = variable_token(state)
        for (cycles, stable), layer in self._curves.items():
            width = 1.8 if stable else 1.2
            token = hue if cycles else "ink"
            layer.set_stroke(Stroke(token, alpha, width, None if stable else _DASH, over_surface=True))
            found = [] if picture is None else bifurcation_curves.lines(picture, state, cycles=cycles, stable=stable)
            layer.set_curves(found, (picture, state) if picture is not None else ())
        self._orbits.set_points(None if picture is None else picture.orbits, hue, shown.dim)
        self._marks.set_marks(() if picture is None else picture.marks, state, shown.dim)
        self.set_ranges(shown.bounds, self._heights(shown, last))
        names, units = shown.names, shown.units
        for side, unit in zip(("bottom", "left"), units, strict=True):
            self.axes[side].set_scale(Scale.ANGLE if unit == _UNIT_OF_ANGLES else Scale.PLAIN)
        self.set_names(
            axis_name(symbols.symbol(names[0]), units[0], "text"), axis_name(symbols.symbol(names[1]), units[1], hue)
        )
        self._place_line()
        self._card.hide()
        self.setAccessibleDescription(self._summary(shown))

    def set_value(self, value: float) -> None:
        """Move the line."""
        if value != self._value:
            self._value = value
            self._place_line()

    def set_now(self, places: Sequence[Place]) -> None:
        """The equilibria of the portrait, above the present value."""
        self._now.set_places(places)

    # What a test or a screen reader may ask

    @property
    def line_pixel(self) -> float | None:
        """Where the line stands in the widget; ``None`` if it is out of sight."""
        return None if self._line.x is None else self._line.x + self.area.left()

    @property
    def line_text(self) -> str:
        """What stands at the line."""
        return self._line.text

    @property
    def card_text(self) -> str:
        """What the hover card says; empty while it is closed."""
        return self._card.text if self._card.isVisible() else ""

    # For the mouse

    def drag_line(self, x: float) -> None:
        """Ask for the value at a horizontal pixel."""
        (low, high), _ = self.ranges
        self.parameter_dragged.emit(min(max(self.mapping.data(QPointF(x, 0))[0], low), high))

    def click(self, at: QPointF) -> None:
        """Go to the branch under the mouse, or only to that value of the parameter."""
        spot = self._spot(at)
        if spot is None:
            self.drag_line(at.x())
            self.parameter_released.emit()
            return
        value = float(spot.between(spot.curve.parameter))
        if spot.curve.cycles:
            self.parameter_dragged.emit(value)
            self.parameter_released.emit()
        else:
            self.equilibrium_clicked.emit(value, tuple(spot.between(spot.curve.high).tolist()))

    def choose_box(self, box: QRectF) -> None:
        """Ask for a closer look at a part, in pixels."""
        (x0, y1), (x1, y0) = self.mapping.data(box.topLeft()), self.mapping.data(box.bottomRight())
        self.box_chosen.emit((x0, x1), (y0, y1))

    def show_band(self, box: QRectF | None) -> None:
        """Draw the box that is being dragged."""
        self._band.set_box(None if box is None else (box & self.area).translated(-self.area.topLeft()))

    def show_card(self, at: QPointF) -> bool:
        """Tell what is under the mouse; whether there is anything."""
        found = self._target(at)
        if found is None or self._shown is None or self._shown.picture is None:
            self._card.hide()
            return False
        what, pixel = found
        picture = self._shown.picture
        title, rows = bifurcation_cards.of(picture, what)
        room = QRectF(0, 0, self.area.width(), self.area.height())
        self._card.show_rows(pixel - self.area.topLeft(), room, title, rows)
        return True

    def hide_card(self) -> None:
        """Close the hover card."""
        self._card.hide()

    def show_cursor(self, shape: Qt.CursorShape) -> None:
        """Change the cursor."""
        self.viewport().setCursor(shape)

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if event.button() == Qt.MouseButton.LeftButton:
            self._mouse.press(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse.move(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._mouse.release(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._mouse.leave()
        super().leaveEvent(event)

    def wheelEvent(self, event: object) -> None:
        """A closer look is a box, which is computed anew; turning a wheel would ask for too many."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        (low, high), _ = self.ranges
        if event.key() in steps:
            value = self._value + steps[Qt.Key(event.key())] * _KEY_STEP * (high - low)
            self.parameter_dragged.emit(min(max(value, low), high))
        elif event.key() == Qt.Key.Key_Backspace:
            self.back_requested.emit()
        else:
            event.ignore()

    # Inside

    def _target(self, at: QPointF) -> tuple[Mark | Spot, QPointF] | None:
        mark = self._marks.hit(self.mapping, at.x(), at.y(), _REACH)
        if mark is not None:
            return mark
        spot = self._spot(at)
        return None if spot is None else (spot, QPointF(spot.x, spot.y))

    def _spot(self, at: QPointF) -> Spot | None:
        shown = self._shown
        if shown is None or shown.picture is None:
            return None
        return bifurcation_curves.nearest(shown.picture, shown.state, self.mapping, at.x(), at.y(), _REACH)

    def _heights(self, shown: Shown, last: Shown | None) -> Range:
        if shown.window is not None:
            return shown.window
        now = self.ranges[1]
        if shown.picture is None:
            return now
        values = bifurcation_curves.value_range(shown.picture, shown.state)
        if values is None:
            return now
        if shown.widest is not None:
            low, high = max(values[0], shown.widest[0]), min(values[1], shown.widest[1])
            values = (low, high) if low < high else shown.widest
        if shown.growing and last is not None and last.picture is not None and last.frame == shown.frame:
            return min(values[0], now[0]), max(values[1], now[1])
        return values

    def _place_line(self) -> None:
        if self._shown is None:
            return
        mapping, area = self.mapping, self.area
        (low, high), _ = self.ranges
        inside = mapping.valid and low <= self._value <= high
        x = mapping.sx * self._value + mapping.tx - area.left() if inside else None
        self._line.stand(x, area.width(), area.height(), self._shown.parameter, self._value)

    def _summary(self, shown: Shown) -> str:
        picture = shown.picture
        text = f"{shown.names[1]} over {shown.names[0]}. Arrow keys change {shown.names[0]}."
        if picture is None or picture.empty:
            return text
        marks = ", ".join(f"{mark.label} at {mark.parameter:.3g}" for mark in picture.marks[:8])
        return f"{text} {picture.message}. {marks}".strip()
