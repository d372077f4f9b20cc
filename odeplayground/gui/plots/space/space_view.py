"""The view of space: turn it with the mouse or the arrow keys, come closer with the wheel."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from odeplayground.gui.plots import explanations
from odeplayground.gui.plots.explanations import Explanation
from odeplayground.gui.plots.names import axis_text
from odeplayground.gui.plots.playing_dots import selected_runs
from odeplayground.gui.plots.portrait_menu import PortraitMenu
from odeplayground.gui.plots.projection import Projection
from odeplayground.gui.plots.space.camera import Camera, Eye
from odeplayground.gui.plots.space.space_picture import SpacePicture
from odeplayground.gui.theme import theme
from odeplayground.session import axes, view_edits
from odeplayground.session.scene import EquilibriumMark, Floats, Scene
from odeplayground.session.section_job import SectionPoints
from odeplayground.spec import Samples, View

_TURN = 0.4
"""Degrees per pixel."""
_STEP = 5.0
"""Degrees per key."""
_ZOOM = 1.15
_NOTCH = 120.0
_CLICK = 4.0
"""Pixels up to which a press is no drag."""
_GRAB, _NEAR = 9.0, 6.0
_DOT, _GLOW = 5.5, 11.0


class SpaceView(QWidget):
    """Shows a scene in space. It changes nothing by itself but from where one looks, and that until the next scene."""

    turned = Signal(float, float, float)
    """Azimuth and elevation in degrees, and zoom, when the mouse or a key is let go."""
    select_requested = Signal(int)
    remove_requested = Signal(int)
    axis_requested = Signal(str, QPoint)
    exponents_requested = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("space-view")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Phase portrait in space")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._scene: Scene | None = None
        self._samples: Samples | None = None
        self._time = 0.0
        self._camera = Camera()
        self._picture = SpacePicture()
        self._image: QImage | None = None
        self._key: object = None
        self._pointed: Floats | None = None
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._turning = False
        self._dots: list[tuple[QPointF, str]] = []
        self._settle = QTimer(self, interval=300, singleShot=True)
        self._settle.timeout.connect(self._tell)
        theme().changed.connect(self._forget)

    # What to show

    def set_scene(self, scene: Scene) -> None:
        """Show a scene; also looks from where its view says, unless somebody is turning it right now."""
        if scene.experiment.view.space is None:
            return
        self._scene = scene
        self._picture.set_scene(scene, self._samples)
        space = scene.experiment.view.space
        if space is not None and not self._turning and not self._settle.isActive():
            self._camera = Camera(space.azimuth, space.elevation, space.zoom)
        self._describe(scene.experiment.view)
        self._forget()

    def set_samples(self, samples: Samples | None) -> None:
        """Show measured points, or none."""
        if samples is not self._samples:
            self._samples = samples
            if self._scene is not None:
                self._picture.set_scene(self._scene, samples)
            self._forget()

    def set_section(self, points: SectionPoints | None, old: bool) -> None:
        """Show the points of a Poincaré section, or none; ``old`` ones are faint."""
        self._picture.set_section(points, old)
        self._forget()

    def set_time(self, time: float) -> None:
        """Move the playing dots."""
        self._time = time
        for place, _ in (*self._dots, *self._now()):
            reach = _GLOW + 2
            self.update(QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach).toAlignedRect())

    def show_pointer(self, state: Floats | None) -> None:
        """Mark the state (n_states,) that is under the mouse in another view; ``None``: none is."""
        if state is not None or self._pointed is not None:
            self._pointed = state
            self.update()

    @property
    def camera(self) -> Camera:
        """From where one looks."""
        return self._camera

    @property
    def eye(self) -> Eye | None:
        """What turns data into pixels; ``None`` without a scene in space."""
        if self._scene is None or self._scene.experiment.view.space is None:
            return None
        return self._eye_on(QSizeF(self.size()))

    def draw(self, painter: QPainter, size: QSizeF | None = None) -> None:
        """Paint everything on anything, with vectors where it is no picture of pixels.

        ``size`` is that of the picture, from the painter's origin; by default that of the widget.
        """
        if self.eye is not None:
            self._picture.look(self._eye_on(size or QSizeF(self.size())))
            self._picture.draw(painter)

    def explanation(self, at: QPointF) -> Explanation | None:
        """What is at a pixel, in words."""
        if self._scene is None or self.eye is None:
            return None
        states = self._scene.experiment.system.states
        if (found := self._mark_at(at)) is not None:
            return explanations.equilibrium(found[0], states, found[1])
        number = self._picture.trajectory_at(at, _NEAR)
        if number is not None and number < len(self._scene.experiment.starts):
            return explanations.trajectory(number, states, self._scene.experiment.starts[number])
        return None

    def sizeHint(self) -> QSize:
        return QSize(480, 420)

    # Qt's events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        scale = self.devicePixelRatioF()
        if not isinstance(painter.device(), QWidget):  # somebody renders it elsewhere
            painter.fillRect(self.rect(), theme().color("surface"))
            self.draw(painter)
        else:
            key = (self.size(), scale, self.eye)
            if self._image is None or key != self._key:
                self._image, self._key = self._drawn(scale), key
            painter.drawImage(QPointF(0, 0), self._image)
        self._draw_dots(painter)
        self._draw_pointer(painter)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._last = event.position()
            self._turning = False
        elif event.button() == Qt.MouseButton.RightButton:
            self._open_menu(event.position())
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        at = event.position()
        way = at - self._pressed
        if not self._turning and math.hypot(way.x(), way.y()) < _CLICK:
            return
        self._turning = True
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        step = at - self._last
        self._last = at
        self._look(self._camera.turned(-_TURN * step.x(), _TURN * step.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        self._pressed = None
        self.unsetCursor()
        if self._turning:
            self._turning = False
            self._tell()
        elif (number := self._trajectory_at(event.position())) is not None:
            self.select_requested.emit(number)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._look(Camera())
        self._tell()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._look(self._camera.zoomed(_ZOOM ** (event.angleDelta().y() / _NOTCH)))
        self._settle.start()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        turns = {
            Qt.Key.Key_Left: (-_STEP, 0.0),
            Qt.Key.Key_Right: (_STEP, 0.0),
            Qt.Key.Key_Up: (0.0, _STEP),
            Qt.Key.Key_Down: (0.0, -_STEP),
        }
        key = Qt.Key(event.key())
        if key in turns:
            self._look(self._camera.turned(*turns[key]))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._look(self._camera.zoomed(_ZOOM))
        elif key == Qt.Key.Key_Minus:
            self._look(self._camera.zoomed(1 / _ZOOM))
        elif key == Qt.Key.Key_Home:
            self._look(Camera())
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._scene is not None:
            self.remove_requested.emit(self._scene.experiment.selected)
            return
        else:
            super().keyPressEvent(event)
            return
        self._settle.start()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()  # the mouse has its menu when it is pressed

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            explained = self.explanation(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), explained.text if explained else "", self)
            return True
        return super().event(event)

    # Inside

    def _eye_on(self, size: QSizeF) -> Eye:
        return Eye(self._camera, self._picture.ranges(), size.width(), size.height())

    def _look(self, camera: Camera) -> None:
        if camera != self._camera:
            self._camera = camera
            self.update()

    def _tell(self) -> None:
        self._settle.stop()
        self.turned.emit(self._camera.azimuth, self._camera.elevation, self._camera.zoom)

    def _forget(self) -> None:
        self._image = None
        self.update()

    def _drawn(self, scale: float) -> QImage:
        image = QImage(math.ceil(self.width() * scale), math.ceil(self.height() * scale), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        image.fill(theme().color("surface"))
        painter = QPainter(image)
        try:
            self.draw(painter)
        finally:  # a picture that dies under an active painter takes the process along
            painter.end()
        return image

    def _now(self) -> list[tuple[QPointF, str]]:
        """Where the selected trajectories are at this moment."""
        eye = self.eye
        if self._scene is None or eye is None:
            return []
        self._picture.look(eye)
        dots = []
        for run, token in selected_runs(self._scene):
            place = None if run.has_ended(self._time) else self._picture.place(self._time, run.at(self._time))
            if place is not None:
                dots.append((place, token))
        return dots

    def _draw_dots(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._dots = self._now()
        for place, token in self._dots:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color(token, 0.16))
            painter.drawEllipse(place, _GLOW, _GLOW)
            painter.setPen(QPen(theme().color("surface"), 2.0))
            painter.setBrush(theme().color(token))
            painter.drawEllipse(place, _DOT, _DOT)

    def _draw_pointer(self, painter: QPainter) -> None:
        place = None if self._pointed is None or self.eye is None else self._picture.place(math.nan, self._pointed)
        if place is not None:
            painter.setPen(QPen(theme().color("accent"), 1.8))
            painter.setBrush(theme().color("surface"))
            painter.drawEllipse(place, 4.0, 4.0)

    def _mark_at(self, at: QPointF) -> tuple[EquilibriumMark, bool] | None:
        for mark, learned in reversed(self._picture.marks()):
            place = self._picture.place(math.nan, mark.state)
            if place is not None and math.hypot(place.x() - at.x(), place.y() - at.y()) <= _GRAB:
                return mark, learned
        return None

    def _trajectory_at(self, at: QPointF) -> int | None:
        """The trajectory that is meant by a pixel: by its start, or by its curve."""
        if self._scene is None or self.eye is None:
            return None
        starts = self._picture.starts()
        away = np.nan_to_num(np.hypot(*(starts - (at.x(), at.y())).T), nan=np.inf)
        if away.size and away.min() <= _GRAB:
            return int(away.argmin())
        return self._picture.trajectory_at(at, _NEAR)

    def _open_menu(self, at: QPointF) -> None:
        number = self._trajectory_at(at)
        explained = self.explanation(at) or Explanation("Space", ("Drag to turn it. Double click: as it was.",))
        menu = PortraitMenu(self, explained)
        if number is not None:
            menu.offer(f"Select trajectory {number + 1}", self.select_requested, number)
            menu.offer(f"Remove trajectory {number + 1}", self.remove_requested, number)
            menu.offer("Lyapunov exponents…", self.exponents_requested, number, self.mapToGlobal(at.toPoint()))
        names = axes.names(self._scene.experiment.view) if self._scene is not None else ()
        for side, name in zip(view_edits.SIDES, names, strict=False):
            place = self.mapToGlobal(at.toPoint())
            menu.offer(f"Another axis in place of {axis_text(name)}…", self.axis_requested, side, place)
        menu.popup(self.mapToGlobal(at.toPoint()))

    @property
    def _projection(self) -> Projection:
        return self._picture.projection

    def _describe(self, view: View) -> None:
        names = ", ".join(self._projection.names)
        self.setAccessibleDescription(
            f"{names} in space, looked at from {self._camera.azimuth:.0f} degrees around and "
            f"{self._camera.elevation:.0f} above. Arrow keys turn it; plus and minus zoom; Home looks from the front."
        )
