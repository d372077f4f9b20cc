"""The middle of the window: the views of the portrait, and beside or below them the bifurcation diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent

from odeplayground.gui.panels.portrait import PortraitPanel
from odeplayground.gui.views import SHARING, Split, Views
from odeplayground.session import Session, bifurcation_edits
from odeplayground.spec import Experiment

if TYPE_CHECKING:
    from odeplayground.gui.panels.bifurcation import BifurcationPanel

WIDE = 960
"""From this width on they stand side by side; below, one above the other."""
ALONE = (420, 360)
"""Smallest width and height of the portrait without anything beside it."""


class Centre(Split):
    """Shares the room equally until somebody moves the line between the two."""

    def __init__(self, session: Session, portrait: PortraitPanel) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self.setObjectName("centre")
        self._session = session
        self._portrait = portrait
        self._diagram: BifurcationPanel | None = None
        self.views = Views(session, portrait)
        self.addWidget(self.views)
        self._button = portrait.header.add_button("git-fork", "Bifurcation diagram (Ctrl+B)", checkable=True)
        self._button.setObjectName("open-bifurcation")
        self._button.clicked.connect(self._clicked)
        session.document.changed.connect(self._document_changed)
        self._show(session.document.experiment.diagram.shown)

    @property
    def diagram(self) -> BifurcationPanel | None:
        """The diagram, once it has been opened."""
        return self._diagram

    def toggle_diagram(self) -> None:
        """Open or close the diagram, as an edit."""
        document = self._session.document
        shown = not document.experiment.diagram.shown
        label = f"{'Open' if shown else 'Close'} the bifurcation diagram"
        document.apply(bifurcation_edits.show(document.experiment, shown), label)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def _clicked(self, _checked: bool = False) -> None:
        self.toggle_diagram()

    def _document_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        if old.diagram.shown != new.diagram.shown:
            self._show(new.diagram.shown)
        elif len(old.beside) != len(new.beside):
            self._set_least()

    def _show(self, shown: bool) -> None:
        if shown and self._diagram is None:
            from odeplayground.gui.panels.bifurcation import BifurcationPanel  # not needed for the first picture

            self._diagram = BifurcationPanel(self._session)
            self._diagram.close_requested.connect(self.toggle_diagram)
            self.addWidget(self._diagram)
        if self._diagram is not None:
            self._diagram.setVisible(shown)
        self._button.setChecked(shown)
        self._set_least()
        self._turn()
        if shown:
            self.setSizes([1000, 1000])

    def _set_least(self) -> None:
        experiment = self._session.document.experiment
        shares = experiment.diagram.shown or bool(experiment.beside)
        self._portrait.setMinimumSize(*(SHARING if shares else ALONE))

    def _turn(self) -> None:
        wanted = Qt.Orientation.Horizontal if self.width() >= WIDE else Qt.Orientation.Vertical
        if self.orientation() is not wanted:
            self.setOrientation(wanted)
            self.setSizes([1000, 1000])
