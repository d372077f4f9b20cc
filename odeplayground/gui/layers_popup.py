"""What the portrait shows: a row with an eye for every layer, and how the field is drawn."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from odeplayground.gui.cut_row import CutRow
from odeplayground.gui.theme import theme
from odeplayground.gui.widgets.eye_row import EyeRow
from odeplayground.gui.widgets.segmented import Segment, Segmented
from odeplayground.session import layers
from odeplayground.spec import Experiment, FieldStyle, Layer

_MARGIN = 8
_INDENT = 34


class LayersPopup(QFrame):
    """Opens below a button. Up, Down and Tab move, Space switches, Escape leaves."""

    toggled = Signal(str, bool)
    """A layer, and whether it is to be shown."""
    style_chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("layers")
        self.setAccessibleName("Layers of the portrait")
        self.rows = {layer: EyeRow(layer.label, layer.help) for layer in Layer}
        self.styles = Segmented([Segment(style.value, style.label, tooltip=style.help) for style in FieldStyle])
        self.styles.setAccessibleName("How the field is drawn")
        self.styles.current_changed.connect(self.style_chosen)
        self.cut = CutRow()
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(0)
        for widget in (self.styles, *self.rows.values()):
            widget.installEventFilter(self)  # Up and Down move between the rows, also from the styles
        for layer, row in self.rows.items():
            row.setObjectName(f"layer-{layer.value}")
            row.clicked.connect(partial(self._clicked, layer))
            column.addWidget(row)
            if layer is Layer.FIELD:
                column.addLayout(self._indented(self.styles))
            if layer is Layer.SECTION:
                column.addLayout(self._indented(self.cut))

    def open_below(self, button: QWidget) -> None:
        """Open with the right edge at that of a widget."""
        self.adjustSize()
        corner = button.mapToGlobal(QPoint(button.width() - self.width(), button.height() + 4))
        self.move(corner)
        self.show()
        first = next((row for row in self.rows.values() if row.isEnabled()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_experiment(self, experiment: Experiment) -> None:
        """Take over what is shown and what cannot be."""
        for layer, row in self.rows.items():
            row.setChecked(getattr(experiment.view, layer.value))
            row.set_reason(layers.why_not(experiment, layer))
        self.cut.show_experiment(experiment)
        self.styles.set_current(experiment.view.field_style.value)
        for style in FieldStyle:
            reason = layers.why_not_style(experiment, style)
            self.styles.set_enabled(style.value, not reason, reason or style.help)
        self.adjustSize()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Down:
                return self.focusNextPrevChild(True)
            if event.key() == Qt.Key.Key_Up:
                return self.focusNextPrevChild(False)
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme().color("border"))
        painter.setBrush(theme().color("surface"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _clicked(self, layer: Layer, _checked: bool = False) -> None:
        self.toggled.emit(layer.value, self.rows[layer].isChecked())

    @staticmethod
    def _indented(widget: QWidget) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setContentsMargins(_INDENT, 0, 0, 6)
        line.addWidget(widget)
        line.addStretch(1)
        return line
