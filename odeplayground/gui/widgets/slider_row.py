"""One parameter: its symbol, a slider, its number."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from odeplayground.gui.theme import fonts, symbols, theme
from odeplayground.gui.widgets.buttons import IconButton
from odeplayground.gui.widgets.number_field import NumberField
from odeplayground.gui.widgets.painted import Painted
from odeplayground.gui.widgets.scale import widened
from odeplayground.gui.widgets.slider import Slider

HEIGHT = 36
_SYMBOL_WIDTH = 20
_SYMBOL_ROOM = 64
_HELP = "Drag; with Shift ten times as finely. Arrow keys: fine steps. Double click: back to the model's value."
_LOCKED = "Locked: this value stays when all are reset, set or learned. Unlock it in the settings at the right."


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


class SettingsButton(IconButton):
    """Three dots that show under the mouse or with the focus; always where they stand for something."""

    def __init__(self, row: QWidget) -> None:
        super().__init__("dots-three-vertical", "", icon_size=14, color="text3", parent=row)
        self._row = row
        self.setFixedSize(16, 28)
        self.setStyleSheet("padding: 0; border-radius: 4px")
        self._lasting = False

    def show_state(self, icon: str) -> None:
        """Show this icon for good; without one, only the dots when somebody is near."""
        self._lasting = bool(icon)
        self.set_icon(icon or "dots-three-vertical", "accent_text" if icon else "text3")

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._lasting or self.hasFocus() or self._row.underMouse():
            super().paintEvent(event)


class ParameterRow(QWidget):
    """A parameter's row. Every signal carries the parameter's name, so that one slot serves all rows."""

    value_changed = Signal(str, float)
    released = Signal(str)
    reset_requested = Signal(str)
    range_requested = Signal(str, float, float)
    """A number outside the range was typed; comes before ``value_changed``."""
    menu_requested = Signal(str, QPoint)
    """Right click, menu key or the button, at this global position."""
    grabbed = Signal(str)
    """A person took the handle."""

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
        self.settings = SettingsButton(self)
        self._locked = False
        self.setFixedHeight(HEIGHT)
        self._lay_out()
        self._name_parts(unit)
        self.slider.value_changed.connect(self._slid)
        self.slider.released.connect(self._released)
        self.slider.reset_requested.connect(self._reset)
        self.slider.grabbed.connect(self._grabbed)
        self.settings.clicked.connect(self._open_settings)
        self.field.number_entered.connect(self._typed)
        self.field.stepped.connect(self.slider.nudge)

    @property
    def value(self) -> float:
        return self.slider.value

    def set_value(self, value: float) -> None:
        """Show a value without reporting it."""
        self.slider.set_value(value)
        self._show_text()

    def set_range(self, low: float, high: float, logarithmic: bool | None = None) -> None:
        """Change the ends of the track and its scale (``None``: as the range suggests)."""
        self.slider.set_range(low, high, logarithmic)
        self._show_text()

    def set_locked(self, locked: bool) -> None:
        """Whether the value cannot be moved."""
        self._locked = locked
        for part in (self.slider, self.field):
            part.setEnabled(not locked)
        self.slider.setToolTip(_LOCKED if locked else _HELP)
        self.set_moving(False)

    def set_moving(self, moving: bool) -> None:
        """Whether the value moves by itself."""
        self.settings.show_state("play-fill" if moving else "lock-simple" if self._locked else "")

    def set_default(self, value: float | None) -> None:
        """The model's own value, shown as a tick."""
        self.slider.set_default(value)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(self.name, event.globalPos())

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.settings.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.settings.update()

    def _open_settings(self, _checked: bool = False) -> None:
        corner = self.settings.mapToGlobal(QPoint(self.settings.width(), self.settings.height()))
        self.menu_requested.emit(self.name, corner)

    def _grabbed(self) -> None:
        self.grabbed.emit(self.name)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 0, 0)
        layout.setSpacing(0)
        for part in (self.symbol, self.slider, self.field, self.settings):  # the last one stands in the margin
            layout.addWidget(part)
            if part in (self.symbol, self.slider):
                layout.addSpacing(8)
        self.setFocusProxy(self.slider)

    def _name_parts(self, unit: str) -> None:
        named = f"{self.name} in {unit}" if unit else self.name
        self.symbol.setToolTip(named)
        self.slider.setAccessibleName(named)
        self.field.setAccessibleName(f"Value of {named}")
        self.slider.setToolTip(_HELP)
        self.settings.set_tooltip(f"Range, scale, animation and lock of {self.name}")

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
