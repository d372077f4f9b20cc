"""Buttons: one primary per view, plain ones, quiet ones, icons, and fields that open a menu."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from odeplayground.gui.theme import fonts, icons, theme

HEIGHT = 32


class _Push(QPushButton):
    kind = ""
    icon_color = "text2"

    def __init__(self, text: str, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", self.kind)
        self.setFont(fonts.ui(13))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setIconSize(QSize(14, 14))
        if icon:
            self.set_icon(icon)

    def set_icon(self, name: str) -> None:
        """Change the icon to the Phosphor icon of this name."""
        self.setIcon(icons.icon(name, self.icon_color))


class PrimaryButton(_Push):
    """The one thing to do here."""

    kind = "primary"
    icon_color = "on_accent"

    def __init__(self, text: str, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, icon, parent)
        self.setFixedHeight(HEIGHT)


class PlainButton(_Push):
    """Something else that can be done."""

    def __init__(self, text: str, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, icon, parent)
        self.setFixedHeight(HEIGHT)


class FlatButton(_Push):
    """A quiet offer in a list or a strip."""

    kind = "flat"

    def __init__(self, text: str, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, icon, parent)
        self.setFont(fonts.ui(12))
        self.setFixedHeight(28)


class LinkButton(_Push):
    """A link inside a message."""

    kind = "link"

    def __init__(self, text: str, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, icon, parent)
        self.setFont(fonts.ui(12, 500))
        self.setFixedHeight(22)
        self.setCursor(Qt.CursorShape.PointingHandCursor)


class IconButton(QToolButton):
    """A square button with an icon; its tooltip is its name."""

    def __init__(
        self,
        icon: str,
        tooltip: str,
        *,
        size: int = 28,
        icon_size: int = icons.SIZE,
        color: str = "text2",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._color = color
        self.setFixedSize(size, size)
        self.setIconSize(QSize(icon_size, icon_size))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_icon(icon)
        self.set_tooltip(tooltip)

    def set_icon(self, name: str, color: str | None = None) -> None:
        """Change the icon, and its colour if one is given."""
        self._color = color or self._color
        active = "accent_text" if self.isCheckable() or self._color == "accent_text" else "text"
        self.setIcon(icons.icon(name, self._color, active))

    def set_tooltip(self, text: str) -> None:
        """Change the tooltip and the name that screen readers say."""
        self.setToolTip(text)
        self.setAccessibleName(text)


class FieldButton(QToolButton):
    """A button that looks like a field: text left, caret or key hint right. Style sheets cannot align its text."""

    def __init__(
        self,
        text: str,
        *,
        icon: str = "",
        hint: str = "",
        tone: str = "text",
        weight: int = 500,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text = text
        self._icon_name = icon
        self._hint = hint
        self._tone = tone
        self.setProperty("kind", "field")
        self.setFont(fonts.ui(13, weight))
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAccessibleName(text)

    @property
    def label(self) -> str:
        return self._text

    def set_label(self, text: str) -> None:
        """Change the text."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        width = 12 + self.fontMetrics().horizontalAdvance(self._text) + 12
        width += 24 if self._icon_name else 0
        width += self._hint_width() + 8 if self._hint else 22
        return QSize(width, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(64, HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self.menu() is not None:
            self.showMenu()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        left, right = 12, self.width() - 10
        middle = self.height() / 2
        if self._icon_name:
            icons.paint(painter, QRectF(left - 2, middle - 8, 16, 16), self._icon_name, "text3")
            left += 20
        if self._hint:
            right -= self._paint_hint(painter, right) + 8
        else:
            icons.paint(painter, QRectF(right - 14, middle - 7, 14, 14), "caret-down", "text2")
            right -= 20
        painter.setFont(self.font())
        painter.setPen(theme().color(self._tone if self.isEnabled() else "text3"))
        text = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, right - left)
        painter.drawText(QRect(left, 0, right - left, self.height()), Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_hint(self, painter: QPainter, right: int) -> int:
        width = self._hint_width()
        painter.setFont(fonts.ui(11, 500))
        painter.setPen(theme().color("text3"))
        painter.drawText(QRect(right - width, 0, width, self.height()), Qt.AlignmentFlag.AlignVCenter, self._hint)
        return width

    def _hint_width(self) -> int:
        return QFontMetrics(fonts.ui(11, 500)).horizontalAdvance(self._hint)


def set_available(button: QWidget, available: bool, why_not: str) -> None:
    """Enable a button, or disable it with a tooltip that says why."""
    usual = button.property("usual_tooltip")
    if usual is None:
        usual = button.toolTip()
        button.setProperty("usual_tooltip", usual)
    button.setEnabled(available)
    button.setToolTip(usual if available else why_not)
