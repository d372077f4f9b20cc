"""How the learned system compares with the true one: verdict first, table second, scores third."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from odeplayground.gui.panel import Panel
from odeplayground.gui.theme import icons, symbols, theme
from odeplayground.gui.widgets.labels import label
from odeplayground.gui.widgets.rows import ValueRow, ValueRows
from odeplayground.gui.widgets.signs import Sign, sign_of
from odeplayground.gui.widgets.table import Column, QuietTable, Row
from odeplayground.session import Session
from odeplayground.spec import MatchedEquilibrium, Report

NOTHING = "Train a network, and this page tells how well it learned the system."


class ComparisonPanel(Panel):
    """The report of the latest training."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Comparison")
        self.setObjectName("comparison")
        self._icon = QLabel()
        self._icon.setFixedSize(QSize(20, 20))
        self._verdict = label("", 13, 600)
        self._verdict.setWordWrap(True)
        self._table = QuietTable()
        self._table.setAccessibleName("Matched equilibria")
        self._scores = ValueRows()
        self._report: Report | None = None
        self._lay_out()
        session.training.state_changed.connect(self._update)
        theme().changed.connect(self._show)
        self._update()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 4, 16, 12)
        head.setSpacing(10)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._verdict, 1)
        inset = QHBoxLayout()
        inset.setContentsMargins(8, 0, 8, 12)
        inset.addWidget(self._table)
        scores = QHBoxLayout()
        scores.setContentsMargins(16, 0, 16, 12)
        scores.addWidget(self._scores)
        body = QWidget()
        rows = QVBoxLayout(body)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(head)
        rows.addLayout(inset)
        rows.addLayout(scores)
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

    def _show(self) -> None:
        report = self._report
        self._icon.setVisible(report is not None)
        self._table.setVisible(report is not None and bool(report.equilibria))
        self._scores.setVisible(report is not None)
        if report is None:
            self._verdict.setText(NOTHING)
            return
        name, color = ("check-circle-fill", "ok") if report.good else ("warning-circle-fill", "warn")
        self._icon.setPixmap(icons.pixmap(name, color, 20, self.devicePixelRatioF()))
        self._verdict.setText(report.verdict)
        state = self.session.document.experiment.system.states[0]
        self._table.set_columns(
            [
                Column("Kind", numeric=False),
                Column("true", state, 0, width=64),
                Column("learned", width=64),
                Column("Off by", width=56),
            ]
        )
        self._table.set_rows([_row(match) for match in report.equilibria])
        self._scores.set_rows(
            [ValueRow(score.name, _value(score.value, score.unit), score.help) for score in report.scores]
        )


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
