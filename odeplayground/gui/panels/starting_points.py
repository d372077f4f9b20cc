"""Where trajectories start and where they are now; below it, how they are solved."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from odeplayground.gui.panel import Panel
from odeplayground.gui.plots.latest import same
from odeplayground.gui.solver_form import SolverForm
from odeplayground.gui.theme import symbols
from odeplayground.gui.widgets.buttons import FlatButton
from odeplayground.gui.widgets.labels import hairline
from odeplayground.gui.widgets.signs import Sign
from odeplayground.gui.widgets.table import Column, QuietTable, Row
from odeplayground.session import Session, edits
from odeplayground.session.scene import Scene, Trajectory
from odeplayground.spec import Experiment

READABLE = 150
"""Milliseconds between two sets of running numbers, but those of the selected row: they agree with the time series."""
FEW = 30
"""With more rows than this, only those in sight have running numbers."""
SHOWN = 2
"""States with a column each; more would not be readable in this column of the window."""


class StartingPointsPanel(Panel):
    """A table of the starting points: click selects, double click edits, Delete removes."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Starting points")
        self._table = QuietTable()
        self._table.setObjectName("starts")
        self._table.setAccessibleName("Starting points")
        self._add = FlatButton("Add a starting point", "plus")
        self._add.setObjectName("add-start")
        self._add.setToolTip("One more trajectory, where there is room; a click in the portrait adds one, too")
        self._solver = SolverForm(session)
        self._states: tuple[str, ...] = ()
        self._curves: tuple[Trajectory, ...] = ()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(READABLE)
        self._rest.timeout.connect(self._refresh)
        self._table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._lay_out()
        self._table.row_selected.connect(self._select)
        self._table.cell_edited.connect(self._move)
        self._table.delete_requested.connect(self._remove)
        self._table.menu_requested.connect(self._open_menu)
        self._add.clicked.connect(self._add_one)
        session.document.changed.connect(self._document_changed)
        session.simulation.scene_changed.connect(self._scene_changed)
        session.playback.time_changed.connect(self._time_changed)
        self._show()

    def _lay_out(self) -> None:
        inset = QHBoxLayout()
        inset.setContentsMargins(8, 0, 8, 0)
        inset.addWidget(self._table)
        add = QHBoxLayout()
        add.setContentsMargins(8, 4, 8, 4)
        add.addWidget(self._add)
        add.addStretch(1)
        body = QWidget()
        rows = QVBoxLayout(body)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(inset)
        rows.addLayout(add)
        rows.addStretch(1)
        self.rows.addWidget(body, 1)
        self.rows.addWidget(hairline())
        self.rows.addWidget(self._solver)

    # What it shows

    def _document_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        if (old.starts, old.selected, old.system.states) != (new.starts, new.selected, new.system.states):
            self._show()

    def _scene_changed(self, scene: Scene) -> None:
        old, self._curves = self._curves, scene.true.trajectories
        if not same(old, self._curves):  # the second scene of a move brings the background alone
            self._time_changed(self.session.playback.time)

    def _scrolled(self, _value: int) -> None:
        self._refresh()

    def _time_changed(self, time: float) -> None:
        experiment = self.session.document.experiment
        if self._is_laid_out(experiment):
            self._table.set_row(experiment.selected, self._row(experiment, experiment.selected))
        if not self._rest.isActive():
            self._rest.start()

    def _show(self) -> None:
        experiment = self.session.document.experiment
        states = experiment.system.states
        if states != self._states:
            self._states = states
            self._table.set_columns(_columns(states))
        count = len(experiment.starts)
        in_sight = self._in_sight(count)
        self._table.set_rows([self._row(experiment, index, index in in_sight) for index in range(count)])
        self._table.set_selected(experiment.selected)
        self.header.set_count(str(count))

    def _refresh(self) -> None:
        """Only the running numbers have changed."""
        experiment = self.session.document.experiment
        if not self._is_laid_out(experiment):
            self._show()
            return
        for index in self._in_sight(len(experiment.starts)):
            self._table.set_row(index, self._row(experiment, index))

    def _is_laid_out(self, experiment: Experiment) -> bool:
        return len(self._table.rows) == len(experiment.starts) and experiment.system.states == self._states

    def _in_sight(self, count: int) -> range:
        """The rows that can be seen, or all where they are few."""
        if count <= FEW:
            return range(count)
        room = self._table.viewport().visibleRegion().boundingRect()
        first, last = self._table.rowAt(room.top()), self._table.rowAt(room.bottom())
        return range(max(first, 0), last + 1 if last >= 0 else min(count, max(first, 0) + FEW))

    def _row(self, experiment: Experiment, index: int, running: bool = True) -> Row:
        shown = len(self._states[:SHOWN])
        start = [symbols.number(value) for value in experiment.starts[index][:shown]]
        selected = index == experiment.selected
        now = (self._now(index) if running else [])[:shown] or ["–"] * shown
        return Row((*start, *now), Sign.THICK if selected else Sign.LINE, "ink" if selected else "bundle")

    def _now(self, index: int) -> list[str]:
        scene, time = self.session.simulation.scene, self.session.playback.time
        if scene is None or scene.experiment.system.states != self._states or index >= len(scene.true.trajectories):
            return []  # the picture of another system, or of fewer starting points
        trajectory = scene.true.trajectories[index]
        if trajectory.has_ended(time):
            return []
        return [symbols.number(float(value)) for value in trajectory.at(time)]

    # What a person does

    def _select(self, index: int) -> None:
        self.edit(partial(edits.select_start, index=index), "Select a trajectory")

    def _move(self, row: int, column: int, value: float) -> None:
        point = list(self.session.document.experiment.starts[row])
        point[column] = value
        self.edit(partial(edits.set_start, index=row, point=tuple(point)), "Move the starting point")

    def _remove(self, index: int) -> None:
        self.edit(partial(edits.remove_start, index=index), "Remove a starting point")

    def _add_one(self, _checked: bool = False) -> None:
        known = self.session.equilibria
        self.edit(lambda old: edits.add_start(old, edits.open_place(old, known)), "Add a starting point")

    def _open_menu(self, row: int, place: QPoint) -> None:
        if row < 0:
            return
        menu = QMenu(self)
        remove = menu.addAction("Remove")
        remove.setData(row)
        menu.triggered.connect(self._removed_in_menu)
        menu.popup(place)

    def _removed_in_menu(self, action: QAction) -> None:
        self._remove(int(action.data()))


def _columns(states: tuple[str, ...]) -> list[Column]:
    shown = states[:SHOWN]
    starts = [Column("start", name, index, editable=True) for index, name in enumerate(shown)]
    return starts + [Column("now", name, index) for index, name in enumerate(shown)]
