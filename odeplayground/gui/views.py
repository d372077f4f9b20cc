"""The portrait and the views beside it, in up to two columns."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QSplitter, QSplitterHandle

from odeplayground.gui.panels.portrait import PortraitPanel
from odeplayground.gui.theme import theme
from odeplayground.session import Session, UserError, view_edits, views
from odeplayground.spec import Experiment, FieldMode

NARROW = 620
"""Below this width all views stand one above the other."""
SHARING = (300, 180)
"""Smallest width and height of a view among others."""
_FAIR = 1000


class Handle(QSplitterHandle):
    """A hairline that is easy to take hold of."""

    def paintEvent(self, event: QPaintEvent) -> None:
        middle = self.rect()
        if self.orientation() is Qt.Orientation.Horizontal:
            middle.setLeft(self.width() // 2)
            middle.setWidth(1)
        else:
            middle.setTop(self.height() // 2)
            middle.setHeight(1)
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color("surface"))
        painter.fillRect(middle, theme().color("sep"))


class Split(QSplitter):
    """Shares its room with hairlines between."""

    def __init__(self, orientation: Qt.Orientation) -> None:
        super().__init__(orientation)
        self.setHandleWidth(5)
        self.setChildrenCollapsible(False)

    def createHandle(self) -> QSplitterHandle:
        return Handle(self.orientation(), self)

    def share(self) -> None:
        """The same room for all."""
        self.setSizes([_FAIR] * self.count())


class Views(Split):
    """Shows as many views as the document has. The first one is always the same panel."""

    def __init__(self, session: Session, portrait: PortraitPanel) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName("views")
        self._session = session
        self.panels = [portrait]
        self._columns = [Split(Qt.Orientation.Vertical) for _ in range(2)]
        for column in self._columns:
            self.addWidget(column)
        self._button = portrait.header.add_button("columns", "Add a view beside this one (Ctrl+Shift+B)")
        self._button.setObjectName("add-view")
        self._button.clicked.connect(self._clicked)
        self._arranged: tuple[int, bool] | None = None
        session.document.changed.connect(self._document_changed)
        self._show(session.document.experiment)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def add(self, *, learned: bool = False) -> None:
        """One more view, as an edit.

        Raises:
            UserError: there is no room for more.
        """
        document, scene = self._session.document, self._session.simulation.scene
        experiment = view_edits.add_view(document.experiment, learned=learned)
        last = len(experiment.beside)
        if scene is not None and scene.experiment.system.states == experiment.system.states and not learned:
            ranges = views.fitted(scene.true, view_edits.seen(experiment, last))
            if ranges is not None:
                experiment = view_edits.in_view(experiment, last, partial(view_edits.set_ranges, ends=ranges))
        document.apply(experiment, "Add a view")

    def close_view(self, number: int) -> None:
        """Close the view with this number, as an edit."""
        document = self._session.document
        document.apply(view_edits.close_view(document.experiment, number), "Close a view")

    def close_last(self) -> None:
        """Close the view that was opened last; the portrait itself stays."""
        if (last := view_edits.count(self._session.document.experiment) - 1) > 0:
            self.close_view(last)

    @property
    def shown(self) -> list[PortraitPanel]:
        """The panels that are there now."""
        return self.panels[: view_edits.count(self._session.document.experiment)]

    def _clicked(self, _checked: bool = False) -> None:
        if self._session.why_not_mode(FieldMode.LEARNED):
            self._add_told()
            return
        menu = QMenu(self._button)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Other axes").triggered.connect(partial(self._chosen, False))
        menu.addAction("True and learned side by side").triggered.connect(partial(self._chosen, True))
        menu.popup(self._button.mapToGlobal(self._button.rect().bottomLeft()))

    def _chosen(self, learned: bool, _checked: bool = False) -> None:
        self._add_told(learned)

    def _add_told(self, learned: bool = False) -> None:
        try:
            self.add(learned=learned)
        except UserError as error:
            self._session.problem.emit(str(error))

    def _document_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        if len(old.beside) != len(new.beside):
            self._show(new)

    def _show(self, experiment: Experiment) -> None:
        count = view_edits.count(experiment)
        while len(self.panels) < count:
            panel = PortraitPanel(self._session, len(self.panels))
            panel.setMinimumSize(*SHARING)
            panel.close_requested.connect(self.close_view)
            self.panels.append(panel)
        self._arrange()

    def _arrange(self) -> None:
        """Two columns where there is room for them; more views than columns stand below each other."""
        count, narrow = len(self.shown), self.width() < NARROW
        if (count, narrow) == self._arranged:
            return
        self._arranged = count, narrow
        for number, panel in enumerate(self.panels):
            column = self._columns[0 if narrow else number % 2]
            place = number if narrow else number // 2
            if column.indexOf(panel) != place:
                column.insertWidget(place, panel)
            panel.setVisible(number < count)
        self._columns[1].setVisible(count > 1 and not narrow)
        for split in (*self._columns, self):
            split.share()
