"""A card that tells the Lyapunov exponents of a trajectory as soon as they are known."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from odeplayground.gui.theme import symbols, theme
from odeplayground.gui.widgets.labels import label
from odeplayground.session import Session
from odeplayground.session.exponents import Estimate

_WIDTH = 300
_DIGITS = 3


class ExponentsCard(QFrame):
    """Opens at a place and asks; closing it ends the work."""

    def __init__(self, parent: QWidget, session: Session, number: int) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("exponents")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self._number = number
        self._rows = label("They are being averaged along the trajectory…", 13)
        self._verdict = label("", 12, 400, "text2")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        title = f"Lyapunov exponents of trajectory {number + 1}"
        self.setAccessibleName(title)
        column.addWidget(label(title, 13, 600))
        for part in (self._rows, self._verdict):
            part.setWordWrap(True)
            part.setFixedWidth(_WIDTH)
            column.addWidget(part)
        self._verdict.hide()
        session.exponents.changed.connect(self.show_estimate)

    @property
    def text(self) -> str:
        """What it says."""
        return "\n".join(filter(None, (self._rows.text(), self._verdict.text())))

    def open_at(self, place: QPoint) -> None:
        """Show the card at a place on the screen, and ask."""
        self.adjustSize()
        self.move(place)
        self.show()
        self._session.exponents.ask(self._session.document.experiment, self._number)

    def show_estimate(self, estimate: Estimate) -> None:
        """Tell what is known now."""
        pairs = zip(estimate.exponents, estimate.errors, strict=True)
        lines = [f"λ{symbols.symbol('x' + str(k + 1))[-1]} = {_with_error(*pair)}" for k, pair in enumerate(pairs)]
        if estimate.message:
            lines = [estimate.message]
        self._rows.setText("\n".join(lines))
        verdict = estimate.verdict
        self._verdict.setText(verdict if estimate.final or not verdict else f"{verdict} More digits are on their way.")
        self._verdict.setVisible(bool(verdict))
        self.setAccessibleDescription(self.text)
        self.adjustSize()

    def hideEvent(self, event: QHideEvent) -> None:
        self._session.exponents.changed.disconnect(self.show_estimate)
        self._session.exponents.stop()
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme().color("border"))
        painter.setBrush(theme().color("surface"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


def _with_error(value: float, error: float) -> str:
    return f"{symbols.number(value, _DIGITS)} ± {symbols.significant(error, 1)}"
