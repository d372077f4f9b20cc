"""How the learned system compares with the true one: verdict first, table second, scores third."""

from __future__ import annotations

import math
from functools import partial
from itertools import groupby

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from odeplayground.gui.panel import Panel
from odeplayground.gui.theme import icons, symbols, theme
from odeplayground.gui.widgets.buttons import FlatButton
from odeplayground.gui.widgets.labels import label
from odeplayground.gui.widgets.rows import ValueRow, ValueRows
from odeplayground.gui.widgets.signs import Sign, sign_of
from odeplayground.gui.widgets.table import Column, QuietTable, Row
from odeplayground.session import Session, UserError
from odeplayground.session.comparison import UNKNOWN, differences
from odeplayground.session.training_runs import NamedRun
from odeplayground.spec import Experiment, MatchedEquilibrium, Report, TermCurve

NOTHING = "Train a network, and this page tells how well it learned the system."
OFF_BY = (
    "Off by: how far the learned equilibrium is from the true one, all states together, each measured in standard\n"
    "deviations of the samples. 0.1 is a tenth of a typical swing. More in the help: Reading the comparison."
)
RUNS = (
    Column("Training", numeric=False),
    Column("Field", width=58),
    Column("Held out", width=72),
    Column("Time", width=46),
)
GOOD, DOUBTFUL = ("check-circle-fill", "ok"), ("warning-circle-fill", "warn")
"""Icon and its colour."""


class ComparisonPanel(Panel):
    """The report of the latest training."""

    command = Signal(str)
    """The name of an action that somebody wants."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Comparison")
        self.setObjectName("comparison")
        self._icon = QLabel()
        self._icon.setFixedSize(QSize(20, 20))
        self._verdict = label("", 13, 600)
        self._verdict.setWordWrap(True)
        self._note = label("", 12, 400, "text2")
        self._note.setObjectName("comparison-note")
        self._note.setWordWrap(True)
        self._note.setContentsMargins(16, 0, 16, 12)
        self._table = QuietTable()
        self._table.setAccessibleName("Matched equilibria")
        self._table.setToolTip(OFF_BY)
        self._scores = ValueRows()
        self._terms = QWidget()
        self._terms.setObjectName("learned-terms")
        self._term_rows = QVBoxLayout(self._terms)
        self._term_rows.setContentsMargins(8, 0, 8, 12)
        self._term_rows.setSpacing(4)
        self._open = FlatButton("Open as a system", "arrow-square-out")
        self._open.setToolTip("What was learned in a window of its own: with text, portrait and diagrams (Ctrl+Alt+L)")
        self._export = FlatButton("Export…", "export")
        self._export.setToolTip("Weights, a program for torch, and a card about the training")
        for button, name in ((self._open, "open_learned"), (self._export, "export_model")):
            button.setObjectName(name.replace("_", "-"))
            button.clicked.connect(partial(_wanted, self.command, name))
        self._report: Report | None = None
        self._shown_terms: tuple[TermCurve, ...] = ()
        self._runs = QuietTable(RUNS)
        self._runs.setObjectName("runs")
        self._runs.setAccessibleName("Trainings of this session")
        self._runs.setToolTip("The trainings of this session. Choose one to show it again; undo goes back.")
        self._runs.row_selected.connect(self._choose_run)
        self._lay_out()
        session.training.state_changed.connect(self._update)
        session.document.changed.connect(self._document_changed)
        theme().changed.connect(self._show)
        self._update()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 4, 16, 12)
        head.setSpacing(10)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._verdict, 1)
        uses = QHBoxLayout()
        uses.setContentsMargins(8, 0, 8, 8)
        for button in (self._open, self._export):
            uses.addWidget(button)
        uses.addStretch(1)
        inset = QHBoxLayout()
        inset.setContentsMargins(8, 0, 8, 12)
        inset.addWidget(self._table)
        runs = QHBoxLayout()
        runs.setContentsMargins(8, 0, 8, 12)
        runs.addWidget(self._runs)
        scores = QHBoxLayout()
        scores.setContentsMargins(16, 0, 16, 12)
        scores.addWidget(self._scores)
        body = QWidget()
        rows = QVBoxLayout(body)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(head)
        rows.addWidget(self._note)
        rows.addLayout(uses)
        rows.addWidget(self._terms)
        rows.addLayout(inset)
        rows.addLayout(scores)
        rows.addLayout(runs)
        rows.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        self.rows.addWidget(scroll)

    def _update(self) -> None:
        report = self.session.training.report
        if report is not self._report or report is None:
            self._report = report
            self._show()
        self._show_uses()
        self._show_runs()

    def _show_uses(self) -> None:
        """What was learned can be used wherever the document has it, with a report or without one."""
        there = self.session.document.experiment.run is not None
        for button in (self._open, self._export):
            button.setVisible(there)

    def _show_runs(self) -> None:
        """Two runs or more, side by side."""
        training = self.session.training
        self._runs.setVisible(len(training.runs) > 1)
        rows = [_run_row(one) for one in training.runs]
        if rows != list(self._runs.rows):
            self._runs.set_rows(rows)
        self._runs.set_selected(-1 if training.shown_run is None else training.shown_run)

    def _choose_run(self, row: int) -> None:
        try:
            self.session.training.show_run(row)
        except UserError as error:
            self.session.problem.emit(str(error))
            self._show_runs()

    def _show_terms(self, terms: tuple[TermCurve, ...]) -> None:
        """A small plot per learned term; none is made before there is one."""
        self._terms.setVisible(bool(terms))
        if terms == self._shown_terms:
            return
        self._shown_terms = terms
        while (item := self._term_rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for _, group in groupby(terms, key=lambda one: (one.name, one.argument)):
            from odeplayground.gui.plots.term_view import TermView

            view = TermView()
            view.set_term(tuple(group))
            self._term_rows.addWidget(view)

    def _document_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        if (old.run is None) != (new.run is None):
            self._show_uses()
        if (old.system, old.values) != (new.system, new.values):
            self._show_note()

    def _show_note(self) -> None:
        """Say what the report is about where that is not what the window shows; no tick then."""
        report = self._report
        basis = self.session.comparison.basis(report) if report is not None else None
        stale = differences(basis, self.session.document.experiment) if basis is not None else ""
        self._note.setText(stale if basis is not None or report is None else UNKNOWN)
        self._note.setVisible(bool(self._note.text()))
        if report is not None:
            name, color = GOOD if report.good and not stale else DOUBTFUL
            self._icon.setPixmap(icons.pixmap(name, color, 20, self.devicePixelRatioF()))

    def _show(self) -> None:
        report = self._report
        self._show_note()
        self._icon.setVisible(report is not None)
        self._table.setVisible(report is not None and bool(report.equilibria))
        self._scores.setVisible(report is not None)
        self._show_terms(report.terms if report is not None else ())
        if report is None:
            self._verdict.setText(NOTHING)
            return
        self._verdict.setText(report.verdict)
        state = self.session.document.experiment.system.states[0]
        self._table.set_columns(
            [
                Column("Kind", numeric=False),
                Column("true", state, 0, width=54),
                Column("learned", width=58),
                Column("Off by", width=48),
            ]
        )
        self._table.set_rows([_row(match) for match in report.equilibria])
        self._scores.set_rows(
            [ValueRow(score.name, _value(score.value, score.unit), score.help) for score in report.scores]
        )


def _wanted(command: SignalInstance, name: str, _checked: bool = False) -> None:
    command.emit(name)


def _run_row(named: NamedRun) -> Row:
    run = named.run
    best = next((one for one in run.history if one.epoch == run.best_epoch), None)
    error = "–" if run.report is None or math.isnan(run.report.field_error) else _percent(run.report.field_error)
    held_out = "–" if best is None else symbols.significant(best.held_out, 2)
    return Row((named.name, error, held_out, f"{symbols.number(run.seconds, 0)} s"), Sign.NONE, "ink")


def _percent(share: float) -> str:
    return f"{symbols.number(100 * share, 1)} %"


def _row(match: MatchedEquilibrium) -> Row:
    kind = match.true_kind or match.learned_kind
    if match.true_kind is None:
        words = f"spurious {kind.label}" if kind else "spurious"
    elif match.learned_kind is None:
        words = f"{match.true_kind.label}, missing"
    elif match.learned_kind is not match.true_kind:
        words = f"{match.true_kind.label} → {match.learned_kind.label}"
    else:
        words = match.true_kind.label
    true, learned = (symbols.number(state[0]) if state else "–" for state in (match.true_state, match.learned_state))
    distance = "–" if match.distance is None else symbols.number(match.distance)
    return Row((words, true, learned, distance), sign_of(kind) if kind else Sign.NONE, "ink")


def _value(value: float, unit: str) -> str:
    return f"{symbols.significant(value)} {unit}".rstrip() if unit != "%" else f"{symbols.number(value, 1)} %"
