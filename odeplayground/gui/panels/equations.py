"""The editor, what is wrong in it, and the equations typeset."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from odeplayground.gui.panel import Panel
from odeplayground.gui.widgets.code_editor import CodeEditor
from odeplayground.gui.widgets.equation_view import EquationView
from odeplayground.gui.widgets.message_strip import MessageStrip
from odeplayground.session import Session, edits
from odeplayground.session.editor import Analysis, analyse
from odeplayground.session.learned_terms import note
from odeplayground.session.writing import summand_at
from odeplayground.spec import Experiment, Problem, Role

FORMULA, MARGINS, ENOUGH = 34, 14, 74
"""Pixels of a typeset equation, around all of them, and how many are worth showing in any case."""
AFTER_FIRST_PAINT = 100
"""Milliseconds."""
PAUSE = 800
"""Milliseconds without typing after which the next keystroke begins a new undo entry."""
TYPING = "text"
"""Key under which typing is merged: a pause of it ends no drag that has begun meanwhile."""


class EquationsPanel(Panel):
    """Typing changes the document at once; the last good system stays in the picture while a text is faulty."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Equations")
        self._analysis: Analysis | None = None
        self.editor = CodeEditor()
        self.editor.setObjectName("code-editor")
        self.editor.setAccessibleName("Equations")
        # The document's undo is the only one: it knows the sliders and starting points too.
        self.editor.setUndoRedoEnabled(False)
        self._strip = MessageStrip()
        self._strip.setObjectName("message-strip")
        self._typeset = EquationView()
        self._lay_out()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(partial(session.document.seal, TYPING))
        # Typesetting loads a library: it waits until the first picture is on the screen.
        self._first = QTimer(self)
        self._first.setSingleShot(True)
        self._first.setInterval(AFTER_FIRST_PAINT)
        self._first.timeout.connect(self._typeset_now)
        self._shown = False
        self.editor.text_edited.connect(self._edited)
        self.editor.cursor_moved.connect(self._cursor_moved)
        self._strip.repair_requested.connect(self._repair)
        session.document.changed.connect(self._document_changed)
        self._show(session.document.experiment)

    def _lay_out(self) -> None:
        below = QWidget()
        rows = QVBoxLayout(below)
        rows.setContentsMargins(0, 8, 0, 8)
        rows.addWidget(self._typeset)
        rows.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(below)
        self.rows.addWidget(self.editor)
        self.rows.addWidget(self._strip)
        self.rows.addWidget(self._scroll, 1)

    def _document_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        if old.text != new.text or old.system.terms != new.system.terms:
            self._show(new)

    def _show(self, experiment: Experiment) -> None:
        if self.editor.text != experiment.text:
            self.editor.set_text(experiment.text)
        analysis = analyse(experiment.text)
        self._analysis = analysis
        self.editor.set_analysis(analysis.problems, analysis.tokens)
        self.editor.set_names(analysis.names)
        if analysis.problems:
            self._tell(analysis.problems[0], len(analysis.problems))
        else:
            self._note(note(experiment.system))
            self._typeset_now()
        self._fold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """Typeset equations are shown where they have room: the editor comes first, and half a formula helps nobody."""
        strip = 0 if self._strip.isHidden() else self._strip.heightForWidth(self.width())
        left = self.height() - self.editor.sizeHint().height() - strip
        self._scroll.setVisible(left >= min(self._typeset_height(), ENOUGH))

    def _typeset_height(self) -> int:
        equations = len(self._analysis.equations) if self._analysis is not None else 0
        return FORMULA * equations + MARGINS if equations else 0

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.editor.sizeHint().height() + self._typeset_height())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._shown:
            self._shown = True
            self._first.start()

    def _typeset_now(self) -> None:
        if self._shown and not self._first.isActive() and self._analysis is not None:
            self._typeset.set_equations(self._analysis.equations)

    def _tell(self, problem: Problem, count: int) -> None:
        place = f"Line {problem.line}, column {problem.column}. The picture still shows the last valid system."
        if count > 1:
            place += f" And {count - 1} more."
        if problem.suggestion and not problem.replacement:
            place = f"{problem.suggestion} {place}"
        repair = f"Change to {problem.replacement}" if problem.replacement else ""
        self._strip.show_message(problem.message, place, repair)

    def _note(self, sentence: str) -> None:
        if sentence:
            self._strip.show_message(sentence, good=True)
        else:
            self._strip.clear()

    def _edited(self, text: str) -> None:
        document = self.session.document
        document.apply(edits.set_text(document.experiment, text), "Edit the equations", merge=TYPING)
        self._pause.start()

    def _repair(self) -> None:
        if self._analysis is not None and self._analysis.problems:
            self.editor.replace_problem(self._analysis.problems[0])

    def _cursor_moved(self, line: int, column: int) -> None:
        """Tint what the cursor is in: a summand of its typeset equation, or all of it."""
        names = [token for token in self._analysis.tokens if token.line == line] if self._analysis else []
        first = names[0] if names else None
        if self._analysis is None or self._analysis.system is None or first is None:
            self._typeset.set_current("")
        elif first.role is Role.STATE and 0 <= first.index < len(self._analysis.system.states):
            text, tokens = self.editor.text, self._analysis.tokens
            name = self._analysis.system.states[first.index]
            self._typeset.set_current(name, summand_at(text, tokens, line, column))
        else:
            self._typeset.set_current("")
