"""Templates for a system of one's own, each with its text before it is chosen."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from odeplayground.gui.gallery.rows import Row, RowList
from odeplayground.gui.gallery.sheet import EDGE, FOOTER, Sheet
from odeplayground.gui.widgets.buttons import PlainButton, PrimaryButton
from odeplayground.gui.widgets.code_editor import CodeEditor
from odeplayground.gui.widgets.equation_view import EquationView
from odeplayground.gui.widgets.labels import hairline
from odeplayground.session import Session, analyse
from odeplayground.session.files import system_in, text_in
from odeplayground.session.templates import FIRST_TEMPLATE, TEMPLATES, template

LIST = 248
CLIPBOARD = "clipboard"


class NewSystemSheet(Sheet):
    """Says which template was chosen."""

    template_chosen = Signal(str)
    clipboard_chosen = Signal()
    """The system that was copied is wanted."""

    def __init__(self, window: QMainWindow, session: Session) -> None:
        super().__init__("new-system", "New system", window, session)
        self.templates = RowList("templates", "Templates")
        self.templates.setFixedWidth(LIST)
        self.preview = CodeEditor()
        self.preview.setObjectName("template-text")
        self.preview.setAccessibleName("Text of the template")
        self.preview.setReadOnly(True)
        self.preview.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._typeset = EquationView()
        self._lay_out()
        self.templates.picked.connect(self._picked)
        self.templates.entered.connect(self._create)
        self._copied = ""

    def open_on(self, key: str = FIRST_TEMPLATE) -> None:
        """Open with this template chosen, or with what was copied where that is a system."""
        text = QGuiApplication.clipboard().text()
        name = system_in(text)
        self._copied = text_in(text) if name else ""
        rows = [Row(each.key, each.title, note=each.summary) for each in TEMPLATES]
        if name:
            rows.insert(0, Row(CLIPBOARD, "From the clipboard", note=name))
        self.templates.set_rows(rows)
        self.templates.pick(CLIPBOARD if name else key)
        self.open_sheet()
        self.templates.setFocus()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setContentsMargins(EDGE, 0, 8, 0)
        left.addWidget(self.templates)
        right = QVBoxLayout()
        right.setContentsMargins(0, 4, EDGE, 0)
        right.addWidget(self.preview)
        right.addWidget(self._typeset)
        right.addStretch(1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addLayout(left)
        middle.addWidget(hairline(vertical=True))
        middle.addLayout(right, 1)
        self.rows.addLayout(middle, 1)
        self.rows.addWidget(hairline())
        self.rows.addWidget(self._footer())

    def _footer(self) -> QWidget:
        footer = QWidget()
        footer.setFixedHeight(FOOTER)
        row = QHBoxLayout(footer)
        row.setContentsMargins(EDGE, 0, 24, 0)
        row.setSpacing(8)
        row.addStretch(1)
        cancel = PlainButton("Cancel")
        cancel.clicked.connect(self.close_sheet)
        create = PrimaryButton("Create system")
        create.clicked.connect(self._create)
        row.addWidget(cancel)
        row.addWidget(create)
        return footer

    def _picked(self, key: str) -> None:
        text = self._copied if key == CLIPBOARD else template(key).text
        analysis = analyse(text)
        self.preview.reset_text(text)
        self.preview.set_analysis(analysis.problems, analysis.tokens)
        self._typeset.set_equations(analysis.equations)

    def _create(self) -> None:
        key = self.templates.key
        self.close_sheet()
        if key == CLIPBOARD:
            self.clipboard_chosen.emit()
        else:
            self.template_chosen.emit(key)
