"""The numbers of the three first steps, on the real things that they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QChildEvent, QEvent, QObject, QPoint, QPointF, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from odeplayground.gui.plots.portrait_view import PortraitView
from odeplayground.gui.widgets.badge import Badge
from odeplayground.gui.widgets.slider import Slider

if TYPE_CHECKING:
    from odeplayground.gui.main_window import MainWindow

PARAMETER = "b"
_SHEET = "Sheet"
"""The class of what covers the window; it is loaded when it is first opened."""
_COVERING = frozenset(
    {
        QEvent.Type.Resize,
        QEvent.Type.LayoutRequest,
        QEvent.Type.Show,
        QEvent.Type.Hide,
        QEvent.Type.WindowBlocked,
        QEvent.Type.WindowUnblocked,
    }
)
BESIDE = 28
"""Pixels between a target and its badge, so that the target stays visible."""


class HintBadges(QObject):
    """Three floating numbers; they follow their targets while the hint is shown, and let the mouse through."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._badges = [Badge(number, floating=True, parent=window) for number in (1, 2, 3)]
        self._shown = False
        self._done: set[int] = set()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(0)
        self._settle.timeout.connect(self._place)
        window.installEventFilter(self)
        window.session.simulation.scene_changed.connect(self._moved)
        window.session.document.changed.connect(self._moved)
        window.session.training.state_changed.connect(self._moved)
        window.session.playback.time_changed.connect(self._clean)

    def set_done(self, number: int) -> None:
        """The number of a step that was done is not needed any more."""
        self._done.add(number)
        self._moved()

    def show(self, shown: bool) -> None:
        """Show the numbers or hide them."""
        self._shown = shown
        self._moved()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QChildEvent) and event.type() == QEvent.Type.ChildPolished:
            if event.child().inherits(_SHEET):
                event.child().installEventFilter(self)
                self._moved()
        elif event.type() in _COVERING:
            self._moved()
        return False

    def _covered(self) -> bool:
        """Whether a sheet or a dialog is open, which is not what the steps are about."""
        sheets = (one for one in self._window.children() if isinstance(one, QWidget) and one.inherits(_SHEET))
        return QApplication.activeModalWidget() is not None or any(one.isVisible() for one in sheets)

    def _clean(self, time: float) -> None:
        """Qt paints the moving point's old place only in part while something floats above the view."""
        view = self._window.findChild(PortraitView, "portrait-view")
        if self._shown and view is not None:
            view.viewport().update()

    def _moved(self, *_: object) -> None:
        self._settle.start()

    def _place(self) -> None:
        if not self._shown and not any(badge.isVisible() for badge in self._badges):
            return
        wanted = self._shown and not self._covered()
        places = (self._slider(), self._start(), self._train())
        for number, (badge, place) in enumerate(zip(self._badges, places, strict=True), 1):
            badge.setVisible(wanted and place is not None and number not in self._done)
            if place is not None:
                badge.center_on(QPointF(place))
        if self._window.children()[-len(self._badges) :] != self._badges:  # raising repaints all that lies below
            for badge in self._badges:
                badge.raise_()

    def _slider(self) -> QPoint | None:
        slider = self._window.findChild(Slider, f"slider-{PARAMETER}")
        if slider is None or not slider.isVisible():
            return None
        x = slider.handle_x() + BESIDE
        return slider.mapTo(self._window, QPoint(round(min(x, slider.width() - 8)), slider.height() // 2))

    def _start(self) -> QPoint | None:
        view = self._window.findChild(PortraitView, "portrait-view")
        if view is None or view.handle_count == 0:
            return None
        at = view.handle_pixel(0).toPoint()
        if not view.area.contains(QPointF(at)):
            return None
        return view.viewport().mapTo(self._window, at + QPoint(0, BESIDE))

    def _train(self) -> QPoint | None:
        buttons = [one for one in self._window.findChildren(QWidget, "train-button") if one.isVisible()]
        return buttons[0].mapTo(self._window, QPoint(buttons[0].width() - 4, 0)) if buttons else None
