"""What every panel has: the session it shows and the header of its dock."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from odeplayground.gui.widgets.header import DockHeader
from odeplayground.session import Session, UserError
from odeplayground.spec import Experiment


class Panel(QWidget):
    """The body of a dock. It listens to the session, shows what is there, and asks for edits; it holds no values."""

    def __init__(self, session: Session, title: str) -> None:
        super().__init__()
        self.session = session
        self.title = title
        self.header = DockHeader(title, parent=self)
        self.header.hide()  # whoever gives it a place shows it
        self.setAccessibleName(title)
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(0)

    def edit(self, change: Callable[[Experiment], Experiment], label: str, merge: str | None = None) -> None:
        """Change the document; what cannot be done is told in a sentence."""
        document = self.session.document
        try:
            document.apply(change(document.experiment), label, merge)
        except UserError as error:
            self.session.problem.emit(str(error))
