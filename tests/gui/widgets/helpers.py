"""Small helpers for tests of painted widgets."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.MouseButton.NoButton
FREE = Qt.KeyboardModifier.NoModifier


def shown(qtbot, widget: QWidget, width: int = 0, height: int = 0) -> QWidget:
    """Show a widget in a window that qtbot closes."""
    qtbot.addWidget(widget)
    hint = widget.sizeHint()
    widget.resize(width or hint.width(), height or hint.height())
    widget.show()
    widget.activateWindow()
    qtbot.waitExposed(widget)
    QApplication.processEvents()
    return widget


def mouse(widget: QWidget, kind: QEvent.Type, x: float, y: float, button=LEFT, buttons=LEFT, keys=FREE) -> None:
    at = QPointF(x, y)
    QApplication.sendEvent(widget, QMouseEvent(kind, at, widget.mapToGlobal(at), button, buttons, keys))


def drag(widget: QWidget, start: tuple[float, float], end: tuple[float, float], steps: int = 5) -> None:
    """Press, move in steps as a hand does, let go."""
    mouse(widget, QEvent.Type.MouseButtonPress, *start)
    for step in range(1, steps + 1):
        x = start[0] + (end[0] - start[0]) * step / steps
        y = start[1] + (end[1] - start[1]) * step / steps
        mouse(widget, QEvent.Type.MouseMove, x, y, button=NONE)
    mouse(widget, QEvent.Type.MouseButtonRelease, *end, buttons=NONE)


def wheel(widget: QWidget, notches: int) -> bool:
    """Turn the wheel above the widget; tells whether the widget took the event."""
    center = QPointF(widget.rect().center())
    event = QWheelEvent(
        center,
        widget.mapToGlobal(center),
        QPoint(),
        QPoint(0, 120 * notches),
        NONE,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    event.setAccepted(False)
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def colors(image: QImage) -> dict[str, int]:
    """How many pixels have each colour."""
    found: dict[str, int] = {}
    for y in range(image.height()):
        for x in range(image.width()):
            name = QColor(image.pixel(x, y)).name().upper()
            found[name] = found.get(name, 0) + 1
    return found


def luminance(color: str) -> float:
    """Relative luminance of sRGB (WCAG 2.2)."""
    channels = [value / 255 for value in bytes.fromhex(color.lstrip("#"))]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Contrast ratio (WCAG 2.2)."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
