"""What the time series show: a row for every state and expression, the axes, and a field for one more."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from odeplayground.gui.theme import theme
from odeplayground.gui.widgets.buttons import FlatButton, IconButton
from odeplayground.gui.widgets.check_box import CheckBox
from odeplayground.gui.widgets.labels import ElidedLabel, label
from odeplayground.gui.widgets.segmented import Segment, Segmented
from odeplayground.session import series
from odeplayground.session.series import Row
from odeplayground.spec import Experiment, SeriesAxes

_WIDTH = 320
_CROSS = 22


class SeriesPopup(QFrame):
    """Opens below a button. Tab moves, Space switches, Escape leaves."""

    show_requested = Signal(str, bool)
    log_requested = Signal(str, bool)
    remove_requested = Signal(str)
    add_requested = Signal(str)
    axes_requested = Signal(str)
    whole_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("series-popup")
        self.setAccessibleName("What the time series show")
        self.setFixedWidth(_WIDTH)
        self._rows: tuple[Row, ...] = ()
        self._editors: dict[str, _RowEditor] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 12, 12)
        column.setSpacing(8)
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        column.addLayout(self._list)
        self.expression = QLineEdit()
        self.expression.setObjectName("series-expression")
        self.expression.setPlaceholderText("Add an expression, for example x^2 + y^2")
        self.expression.setAccessibleName("Add an expression")
        self.expression.setToolTip("Any formula of the states, the parameters and t. Return adds it as a row.")
        self.expression.returnPressed.connect(self._typed)
        column.addWidget(self.expression)
        self._problem = label("", 12, 400, "error")
        self._problem.setWordWrap(True)
        self._problem.hide()
        column.addWidget(self._problem)
        column.addWidget(label("Axes", 12, 600))
        self.axes = Segmented([Segment(kind.value, kind.label, tooltip=kind.help) for kind in SeriesAxes])
        self.axes.setAccessibleName("Which rows share an axis")
        self.axes.current_changed.connect(self.axes_requested)
        column.addWidget(self.axes)
        self.whole = FlatButton("Show the whole time span")
        self.whole.setToolTip("Turn the mouse wheel over the series to look closer at a part of the time.")
        self.whole.clicked.connect(self._whole)
        column.addWidget(self.whole, 0, Qt.AlignmentFlag.AlignLeft)

    def open_below(self, button: QWidget) -> None:
        """Open with the right edge at that of a widget, but all of it on the screen."""
        self.tell("")
        self.ensurePolished()
        self.adjustSize()
        corner = button.mapToGlobal(QPoint(button.width() - self.width(), button.height() + 4))
        room = self.screen().availableGeometry()
        self.move(max(corner.x(), room.left()), max(room.top(), min(corner.y(), room.bottom() - self.height())))
        self.show()
        first = next(iter(self._editors.values()), None)
        if first is not None:
            first.eye.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_experiment(self, experiment: Experiment) -> None:
        """Take over what is shown."""
        rows = series.rows(experiment)
        if [(row.name, row.index) for row in rows] != [(row.name, row.index) for row in self._rows]:
            self._make_rows(rows)
        self._rows = rows
        hidden = experiment.series.hidden
        for row in rows:
            self._editors[row.name].take(row.name not in hidden, row.log)
        self.axes.set_current(experiment.series.axes.value)
        self.whole.setEnabled(experiment.series.t_range is not None)

    def tell(self, sentence: str) -> None:
        """What is wrong with the expression; empty for nothing."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        self.adjustSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme().color("border"))
        painter.setBrush(theme().color("surface"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _make_rows(self, rows: tuple[Row, ...]) -> None:
        for editor in self._editors.values():
            self._list.removeWidget(editor)
            editor.hide()
            editor.deleteLater()
        self._editors = {}
        for row in rows:
            editor = self._editors[row.name] = _RowEditor(row)
            editor.eye.clicked.connect(partial(self._shown, row.name))
            editor.log.clicked.connect(partial(self._logged, row.name))
            if editor.remove is not None:
                editor.remove.clicked.connect(partial(self._removed, row.name))
            self._list.addWidget(editor)
        self.adjustSize()

    # Qt tells a partial function nothing: the boxes themselves are asked.

    def _shown(self, name: str, _checked: bool = False) -> None:
        self.show_requested.emit(name, self._editors[name].eye.isChecked())

    def _logged(self, name: str, _checked: bool = False) -> None:
        self.log_requested.emit(name, self._editors[name].log.isChecked())

    def _removed(self, name: str, _checked: bool = False) -> None:
        self.remove_requested.emit(name)

    def _whole(self, _checked: bool = False) -> None:
        self.whole_requested.emit()

    def _typed(self) -> None:
        self.add_requested.emit(self.expression.text())


class _RowEditor(QWidget):
    """An eye, a name, whether its axis is logarithmic, and for an expression a cross."""

    def __init__(self, row: Row) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        self._name = row.name
        self.eye = IconButton("eye", f"Show or hide {row.name}")
        self.eye.setObjectName(f"series-eye-{row.index}")
        self.eye.setCheckable(True)
        line.addWidget(self.eye)
        line.addWidget(ElidedLabel(row.name, 13, 500), 1)
        line.addWidget(label(row.unit, 12, 400, "text3"))
        self.log = CheckBox("log")
        self.log.setAccessibleName(f"Logarithmic axis for {row.name}")
        self.log.setToolTip("A logarithmic axis: equal steps are equal factors. What is not above zero is left out.")
        line.addWidget(self.log)
        self.remove: IconButton | None = None
        if row.typed:
            self.remove = IconButton("x", f"Remove {row.name}", icon_size=12)
            line.addWidget(self.remove)
        else:
            line.addSpacing(_CROSS + line.spacing())  # the boxes stand below each other

    def take(self, shown: bool, log: bool) -> None:
        """Show what is."""
        self.eye.setChecked(shown)
        self.eye.set_icon("eye" if shown else "eye-slash")
        self.log.setChecked(log)
