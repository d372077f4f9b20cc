"""One parameter: its symbol, a slider, its number."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from odeplayground.gui.theme import fonts, symbols, theme
from odeplayground.gui.widgets.number_field import NumberField
from odeplayground.gui.widgets.painted import Painted
from odeplayground.gui.widgets.scale import widened
from odeplayground.gui.widgets.slider import Slider

HEIGHT = 36
_SYMBOL_WIDTH = 20
_SYMBOL_ROOM = 64


class SymbolLabel(Painted):
    """A state's or parameter's symbol, drawn at a baseline: the math font's own line height is huge."""

    def __init__(self, name: str, px: float = 17, color: str = "text", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = symbols.symbol(name)
        self._font = fonts.math(px)
        self._color = color
        self.setFont(self._font)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self._text)
        return QSize(min(_SYMBOL_ROOM, max(_SYMBOL_WIDTH, width + 2)), 24)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.setFont(self._font)
        painter.setPen(theme().color(self._color if self.isEnabled() else "text3"))
        text = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        baseline = self.height() / 2 + 0.3 * self._font.pixelSize()
        painter.drawText(QRectF(0, 0, self.width(), self.height()).topLeft() + QPoint(0, round(baseline)), text)


class ParameterRow(QWidget):
    """A parameter's row. Every signal carries the parameter's name, so that one slot serves all rows."""

    value_changed = Signal(str, float)
    released = Signal(str)
    reset_requested = Signal(str)
    range_requested = Signal(str, float, float)
    """A number outside the range was typed; comes before ``value_changed``."""
    menu_requested = Signal(str, QPoint)
    """Right click or menu key, at this global position."""

    def __init__(
        self,
        name: str,
        value: float,
        low: float,
        high: float,
        default: float | None = None,
        unit: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.name = name
        self.symbol = SymbolLabel(name)
        self.slider = Slider(low, high, value, default=default)
        self.field = NumberField(value, self.slider.scale.text(value))
        self.setFixedHeight(HEIGHT)
        self._lay_out()
        self._name_parts(unit)
        self.slider.value_changed.connect(self._slid)
        self.slider.released.connect(self._released)
        self.slider.reset_requested.connect(self._reset)
        self.field.number_entered.connect(self._typed)
        self.field.stepped.connect(self.slider.nudge)

    @property
    def value(self) -> float:
        return self.slider.value

    def set_value(self, value: float) -> None:
        """Show a value without reporting it."""
        self.slider.set_value(value)
        self._show_text()

    def set_range(self, low: float, high: float) -> None:
        """Change the ends of the track."""
        self.slider.set_range(low, high)
        self._show_text()

    def set_default(self, value: float | None) -> None:
        """The model's own value, shown as a tick."""
        self.slider.set_default(value)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(self.name, event.globalPos())

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 0)
        layout.setSpacing(8)
        for part in (self.symbol, self.slider, self.field):
            layout.addWidget(part)
        self.setFocusProxy(self.slider)

    def _name_parts(self, unit: str) -> None:
        named = f"{self.name} in {unit}" if unit else self.name
        self.symbol.setToolTip(named)
        self.slider.setAccessibleName(named)
        self.field.setAccessibleName(f"Value of {named}")
        self.slider.setToolTip("Double click: back to the model's value")

    def _show_text(self) -> None:
        self.field.set_number(self.slider.value, self.slider.scale.text(self.slider.value))

    def _slid(self, value: float) -> None:
        self._show_text()
        self.value_changed.emit(self.name, value)

    def _released(self) -> None:
        self.released.emit(self.name)

    def _reset(self) -> None:
        self.reset_requested.emit(self.name)

    def _typed(self, value: float) -> None:
        scale = self.slider.scale
        low, high = widened(scale.low, scale.high, value)
        if (low, high) != (scale.low, scale.high):
            self.slider.set_range(low, high)
            self.range_requested.emit(self.name, low, high)
        self.set_value(value)
        self.value_changed.emit(self.name, value)
        self.released.emit(self.name)
