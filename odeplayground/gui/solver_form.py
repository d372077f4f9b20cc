"""How trajectories are solved: one line, and a form that opens from it."""

from __future__ import annotations

import math
from functools import cached_property

import msgspec
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QComboBox, QFormLayout, QFrame, QHBoxLayout, QWidget

from odeplayground.gui.theme import symbols
from odeplayground.gui.widgets.buttons import IconButton
from odeplayground.gui.widgets.labels import ElidedLabel, label
from odeplayground.gui.widgets.number_field import NumberField
from odeplayground.session import Session, edits
from odeplayground.session.scene import Scene
from odeplayground.spec import Experiment, Method, SolverSettings

HEIGHT = 40


class SolverForm(QWidget):
    """Shows method and tolerance; a click opens the choice of both and of the time span."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setFixedHeight(HEIGHT)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._method = ""
        self._summary = ElidedLabel("", 12, 400, "text2")
        self._open = IconButton("caret-right", "Solver settings", icon_size=12, color="text3")
        self._open.setObjectName("solver-settings")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 8, 0)
        row.setSpacing(4)
        row.addWidget(label("Solver", 12, 600))
        row.addStretch(1)
        row.addWidget(self._summary)
        row.addWidget(self._open)
        self._open.clicked.connect(self._open_form)
        session.document.changed.connect(self._changed)
        session.simulation.scene_changed.connect(self._scene_changed)
        self._show(session.document.experiment)

    @cached_property
    def _form(self) -> _Form:
        """The card, made when it is first opened."""
        return _Form(self._session, self)

    def _changed(self, old: Experiment, new: Experiment, label: str) -> None:
        if old.solver != new.solver:
            self._show(new)

    def _scene_changed(self, scene: Scene) -> None:
        if scene.method != self._method:
            self._method = scene.method
            self._show(scene.experiment)

    def _show(self, experiment: Experiment) -> None:
        solver = experiment.solver
        exponent = math.log10(solver.rtol)
        tolerance = f"10{symbols.superscript(round(exponent))}" if exponent == round(exponent) else f"{solver.rtol:.2g}"
        automatic = solver.method is Method.AUTO and self._method
        self._summary.set_text(f"{self._method if automatic else solver.method.label}, {tolerance}")
        self._summary.setToolTip(f"Chosen automatically: {self._method}" if automatic else solver.method.help)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._open_form()

    def _open_form(self, _checked: bool = False) -> None:
        self._form.open_above(self.mapToGlobal(QPoint(self.width(), 0)))


class _Form(QFrame):
    """A card with the settings; each change is one undo entry."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("solver-form")
        self._session = session
        self._method = QComboBox()
        for method in Method:
            self._method.addItem(method.label, method.value)
            self._method.setItemData(self._method.count() - 1, method.help, Qt.ItemDataRole.ToolTipRole)
        self._rtol, self._atol = NumberField(), NumberField()
        self._start, self._end = NumberField(), NumberField()
        form = QFormLayout(self)
        form.setContentsMargins(16, 16, 16, 16)
        form.setSpacing(12)
        rows = (
            ("Method", self._method),
            ("Relative tolerance", self._rtol),
            ("Absolute tolerance", self._atol),
            ("Time from", self._start),
            ("to", self._end),
        )
        for text, widget in rows:
            widget.setAccessibleName(text)
            form.addRow(label(text, 12, 400, "text2"), widget)
        self._method.activated.connect(self._method_chosen)
        self._rtol.number_entered.connect(self._rtol_entered)
        self._atol.number_entered.connect(self._atol_entered)
        self._start.number_entered.connect(self._span_entered)
        self._end.number_entered.connect(self._span_entered)

    def open_above(self, corner: QPoint) -> None:
        """Show the form with its lower right corner at a place on the screen, but all of it on the screen."""
        experiment = self._session.document.experiment
        self._method.setCurrentIndex(self._method.findData(experiment.solver.method.value))
        for field, value in (
            (self._rtol, experiment.solver.rtol),
            (self._atol, experiment.solver.atol),
            (self._start, experiment.t_span[0]),
            (self._end, experiment.t_span[1]),
        ):
            field.set_number(value, symbols.shortest(value))
        self.ensurePolished()  # the style's fonts and margins make it wider
        self.adjustSize()
        screen = self.screen().availableGeometry()
        left = min(corner.x() - self.width(), screen.right() - self.width())
        self.move(max(left, screen.left()), max(corner.y() - self.height(), screen.top()))
        self.show()

    def _set(self, **changes: object) -> None:
        document = self._session.document
        solver: SolverSettings = msgspec.structs.replace(document.experiment.solver, **changes)
        document.apply(edits.set_solver(document.experiment, solver), "Solver settings")

    def _method_chosen(self, index: int) -> None:
        self._set(method=Method(self._method.itemData(index)))

    def _rtol_entered(self, value: float) -> None:
        if 1e-14 <= value <= 0.1:
            self._set(rtol=value)
        else:
            self._session.problem.emit("The relative tolerance must lie between 1e-14 and 0.1.")

    def _atol_entered(self, value: float) -> None:
        if 0 < value <= 0.1:
            self._set(atol=value)
        else:
            self._session.problem.emit("The absolute tolerance must be above 0 and at most 0.1.")

    def _span_entered(self, _value: float) -> None:
        start, end = self._start.value, self._end.value
        if end > start:
            document = self._session.document
            document.apply(edits.set_t_span(document.experiment, start, end), "Time span")
        else:
            self._session.problem.emit("The time span must end after it starts.")
