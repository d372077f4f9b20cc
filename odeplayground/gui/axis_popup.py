"""What stands on an axis of the portrait: one of the states, the time, or something typed."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from odeplayground.gui.plots.names import axis_text
from odeplayground.gui.theme import theme
from odeplayground.gui.widgets.buttons import FlatButton
from odeplayground.gui.widgets.check_box import CheckBox
from odeplayground.gui.widgets.labels import label
from odeplayground.gui.widgets.message_strip import MessageStrip
from odeplayground.session import axes, view_edits
from odeplayground.spec import Experiment

WIDTH = 272
_TITLES = {"x": "Horizontal axis", "y": "Vertical axis", "z": "Third axis"}
_SHOWN = 7
"""Rows without scrolling."""
_ROW = 32
_EXAMPLE = "or type: {0}^2, sin({0})"


class AxisPopup(QFrame):
    """Opens at the name of an axis. Up, Down and Tab move, Enter chooses, Escape leaves."""

    chosen = Signal(str, str)
    """The axis, ``"x"``, ``"y"`` or ``"z"``, and what is to stand on it: good, and in canonical form."""
    wrap_toggled = Signal(str, bool)
    """What stands on the axis, and whether it is to be drawn between -pi and pi."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("axis-popup")
        self._side = "x"
        self._axis = ""
        self._experiment: Experiment | None = None
        self.buttons: dict[str, FlatButton] = {}
        self._title = label("", 12, 600)
        self._body = QWidget()
        self._list = QVBoxLayout(self._body)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(2)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self._body)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.field = QLineEdit()
        self.field.setAccessibleName("An expression for the axis")
        self.field.setToolTip("Any expression of states, parameters and t, such as an energy or a distance")
        self.field.returnPressed.connect(self._typed)
        self.field.textEdited.connect(self._edited)
        self.strip = MessageStrip()
        self.wrap = CheckBox("An angle: draw it from −π to π")
        self.wrap.setToolTip("Curves that leave at one side come in again at the other")
        self.wrap.clicked.connect(self._wrap_clicked)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(8)
        for part in (self._title, self._scroll, self.field, self.strip, self.wrap):
            column.addWidget(part)
        self.setFixedWidth(WIDTH)

    def open_for(self, experiment: Experiment, side: str, corner: QPoint) -> None:
        """Show what can stand on an axis, with the lower left corner at a place on the screen."""
        names = dict(zip(view_edits.SIDES, axes.names(experiment.view), strict=False))
        self._experiment, self._side, self._axis = experiment, side, names[side]
        self._title.setText(_TITLES[side])
        self.setAccessibleName(_TITLES[side])
        self._fill(experiment)
        typed = not axes.is_plain(self._axis, experiment.system.states)
        self.field.setText(self._axis if typed else "")
        self.field.setPlaceholderText(_EXAMPLE.format(experiment.system.states[0]))
        self.wrap.setVisible(self._axis != axes.TIME)
        self.wrap.setChecked(self._axis in experiment.view.wrap)
        self.strip.clear()
        self._fit()
        self.move(corner - QPoint(0, self.height()))
        self.show()
        (self.field if typed else self.buttons[self._axis]).setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                return self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(watched, FlatButton):
                watched.click()
                return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme().color("border"))
        painter.setBrush(theme().color("surface"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _fill(self, experiment: Experiment) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.buttons = {}
        for name in (*experiment.system.states, axes.TIME):
            button = FlatButton(f"{axis_text(name)}    time" if name == axes.TIME else axis_text(name))
            button.setAccessibleName("time" if name == axes.TIME else name)
            button.setCheckable(True)
            button.setChecked(name == self._axis)
            button.setFixedHeight(_ROW - 2)
            button.setStyleSheet("text-align: left;")
            if name == self._axis:
                button.set_icon("check-bold")
            button.setToolTip(f"Put {'the time' if name == axes.TIME else name} on this axis")
            button.clicked.connect(partial(self._choose, name))
            button.installEventFilter(self)
            self._list.addWidget(button)
            self.buttons[name] = button
        self._list.addStretch(1)
        self._scroll.setFixedHeight(_ROW * min(len(self.buttons), _SHOWN) + 2)

    def _fit(self) -> None:
        self._column.activate()
        self.adjustSize()

    def _choose(self, name: str, _checked: bool = False) -> None:
        self.hide()
        if name != self._axis:
            self.chosen.emit(self._side, name)

    def _typed(self) -> None:
        assert self._experiment is not None
        reading = axes.read(self._experiment.system, self.field.text())
        if reading.problem:
            bottom = self.geometry().bottom()
            self.strip.show_message(reading.problem, reading.suggestion)
            self._fit()
            self.move(self.x(), bottom - self.height() + 1)
        else:
            self._choose(reading.name)

    def _edited(self, _text: str) -> None:
        if self.strip.isVisible():
            self.strip.clear()
            self._fit()

    def _wrap_clicked(self, on: bool) -> None:
        self.hide()
        self.wrap_toggled.emit(self._axis, on)
