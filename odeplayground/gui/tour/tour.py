"""The tour: one step after the other, each when the one before was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, QSize, QTimer

from odeplayground.gui.tour.card import Card
from odeplayground.gui.tour.spotlight import Spotlight
from odeplayground.gui.tour.steps import STEPS, Step
from odeplayground.spec import Experiment

if TYPE_CHECKING:
    from odeplayground.gui.main_window import MainWindow

PAUSE = 700
"""Milliseconds between a step that was done and the next: one wants to see what one has done."""
FOLLOW = 250
"""Milliseconds between two looks at where the control is: docks and panels move by themselves."""


class Tour(QObject):
    """Begins where it was left. While it is on, everything in the window works as ever."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._number = 0
        self._placed: tuple[QRect, QSize] | None = None
        """What was last lit up, in a window of this size."""
        self._spotlight = Spotlight(window)
        self._card = Card(window)
        self._card.left.connect(self.leave)
        self._card.skipped.connect(self._next)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(PAUSE)
        self._later.timeout.connect(self._next)
        self._following = QTimer(self)
        self._following.setInterval(FOLLOW)
        self._following.timeout.connect(self._look)
        self._spotlight.hide()
        self._card.hide()
        window.session.document.changed.connect(self._edited)
        window.session.training.state_changed.connect(self._look)

    @property
    def step(self) -> Step | None:
        """What it waits for; ``None``: it is not on."""
        return STEPS[self._number] if self._card.isVisible() else None

    def start(self) -> None:
        """Begin, or go on where it was left."""
        session = self._window.session
        self._number = session.preferences.tour_step % len(STEPS)
        self._window.notices.hide_hint()
        self._window.installEventFilter(self)
        self._following.start()
        self._show()

    def leave(self) -> None:
        """End it; it is remembered how far one has come."""
        self._later.stop()
        self._following.stop()
        self._window.removeEventFilter(self)
        self._spotlight.hide()
        self._card.hide()
        self._window.session.remember(tour_step=self._number)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._place()
        return False

    def _next(self) -> None:
        self._later.stop()
        self._number += 1
        if self._number == len(STEPS):
            self._number = 0
            self.leave()
            self._window.session.remember(hint_dismissed=True)
        else:
            self._show()

    def _show(self) -> None:
        step = STEPS[self._number]
        self._card.show_step(self._number + 1, len(STEPS), step.title, step.sentence)
        self._spotlight.show()
        self._card.show()
        self._placed = None
        self._place()
        self._look()

    def _place(self) -> None:
        target = STEPS[self._number].target(self._window)
        lit = QRect()
        if target is not None and target.isVisible():
            lit = QRect(target.mapTo(self._window, target.rect().topLeft()), target.size())
        if (lit, self._window.size()) != self._placed:
            self._placed = lit, self._window.size()
            self._spotlight.light(lit)
            self._card.place_beside(lit, self._window.rect(), self._picture())
        if self._window.children()[-2:] != [self._spotlight, self._card]:  # raising repaints all that lies below
            self._spotlight.raise_()
            self._card.raise_()

    def _picture(self) -> QRect:
        """Where the portrait is: what a person does is seen there."""
        view = self._window.portrait.view
        return QRect(view.mapTo(self._window, view.rect().topLeft()), view.size())

    def _look(self) -> None:
        """Follow the control, and see whether the step is done."""
        step = self.step
        if step is None:
            return
        self._place()
        if step.reached is not None and step.reached(self._window):
            self._done()

    def _edited(self, old: Experiment, new: Experiment, label: str) -> None:
        step = self.step
        if step is not None and step.edited is not None and step.edited(old, new):
            self._done()

    def _done(self) -> None:
        if not self._later.isActive():
            self._later.start()
