"""The equilibria in the window, with their kinds and eigenvalues."""

from __future__ import annotations

import cmath

from PySide6.QtWidgets import QHBoxLayout

from odeplayground.gui.panel import Panel
from odeplayground.gui.theme import symbols
from odeplayground.gui.widgets.labels import label
from odeplayground.gui.widgets.signs import sign_of
from odeplayground.gui.widgets.table import Column, QuietTable, Row
from odeplayground.session import Session
from odeplayground.session.scene import EquilibriumMark, Scene
from odeplayground.spec import FieldMode

SHOWN = 2
"""States with a column each."""
KIND, STATE = 98, 48
"""Widths: "unstable focus" is the longest; the eigenvalues take what is left."""


class EquilibriaPanel(Panel):
    """What the scene found in the window."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Equilibria")
        self._table = QuietTable()
        self._table.setAccessibleName("Equilibria")
        self._states: tuple[str, ...] = ()
        self._empty = label("No equilibria in this window.", 12, 400, "text3")
        self._empty.setContentsMargins(16, 4, 16, 4)
        self._doubts = label("", 12, 400, "text2")
        self._doubts.setWordWrap(True)
        self._doubts.setContentsMargins(16, 4, 16, 4)
        inset = QHBoxLayout()
        inset.setContentsMargins(8, 0, 8, 0)
        inset.addWidget(self._table)
        self.rows.addLayout(inset)
        self.rows.addWidget(self._empty)
        self.rows.addWidget(self._doubts)
        self.rows.addStretch(1)
        session.simulation.scene_changed.connect(self._show_scene)
        if session.simulation.scene is not None:
            self._show_scene(session.simulation.scene)

    def _show_scene(self, scene: Scene) -> None:
        learned = scene.experiment.view.mode is FieldMode.LEARNED and scene.learned is not None
        portrait = scene.learned if learned and scene.learned is not None else scene.true
        states = scene.experiment.system.states
        if states != self._states:
            self._states = states
            shown = [Column("", name, index, width=STATE) for index, name in enumerate(states[:SHOWN])]
            self._table.set_columns([Column("Kind", numeric=False, width=KIND), *shown, Column("Eigenvalues")])
        color = "learned" if learned else "ink"
        self._table.set_rows([_row(mark, color) for mark in portrait.equilibria])
        self._table.setVisible(bool(portrait.equilibria))
        self._empty.setVisible(not portrait.equilibria)
        self._doubts.setText(portrait.doubts)
        self._doubts.setVisible(bool(portrait.doubts))


def _row(mark: EquilibriumMark, color: str) -> Row:
    values = [symbols.number(float(value)) for value in mark.state[:SHOWN]]
    return Row((mark.label, *values, eigenvalues(mark.eigenvalues)), sign_of(mark.kind), color)


def eigenvalues(values: tuple[complex, ...]) -> str:
    """Eigenvalues in short: pairs as real ± imaginary part."""
    pieces = []
    for value in values:
        if cmath.isnan(value):
            return "not defined"
        if abs(value.imag) < 1e-12 * max(1.0, abs(value)):
            pieces.append(symbols.number(value.real))
        elif value.imag > 0:
            pieces.append(f"{symbols.number(value.real)} ± {symbols.number(value.imag)}i")
    return ", ".join(pieces)
