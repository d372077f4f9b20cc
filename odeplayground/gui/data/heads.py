"""The heads of the columns of a table of measurements: title, unit, and what the column is used for."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QHeaderView, QLineEdit, QTableView, QVBoxLayout, QWidget

from odeplayground.gui.theme import fonts, icons, theme
from odeplayground.gui.widgets.labels import ElidedLabel
from odeplayground.spec import ColumnRole, ColumnUse

WIDTH, ROW = 148, 26
_TITLE, _FIELD, _EDGE = 18, 28, 6


class Head(msgspec.Struct, frozen=True):
    """A column as its head shows it."""

    title: str
    unit: str
    use: ColumnUse


class ColumnHeads(QHeaderView):
    """A choice per column, and a name where a new state gets one."""

    use_chosen = Signal(int, str, str)
    """Somebody wants this column used so: column, role, name of the state or nothing."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._heads: list[_HeadWidget] = []
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setDefaultSectionSize(WIDTH)
        self.setSectionsClickable(False)
        table.horizontalScrollBar().valueChanged.connect(self._place)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _TITLE + 2 * _FIELD + 3 * _EDGE)

    def show_heads(self, heads: Sequence[Head], states: Sequence[str]) -> None:
        """Show these columns. ``states``: those of a system to choose among; none: new states are named."""
        while len(self._heads) > len(heads):
            self._heads.pop().deleteLater()
        while len(self._heads) < len(heads):
            self._heads.append(_HeadWidget(self, len(self._heads)))
        for widget, head in zip(self._heads, heads, strict=True):
            widget.show_head(head, tuple(states))
        self._place()

    def head(self, column: int) -> _HeadWidget:
        """The widget above a column."""
        return self._heads[column]

    def updateGeometries(self) -> None:
        super().updateGeometries()
        self._place()

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.fillRect(rect, theme().color("surface"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme().color("sep"))

    def _place(self, _value: int = 0) -> None:
        for column, widget in enumerate(self._heads):
            left = self.sectionViewportPosition(column)
            widget.setGeometry(left, 0, self.sectionSize(column) if column < self.count() else WIDTH, self.height() - 1)
            widget.show()


class _Choice(QComboBox):
    """A box with the sign that it opens."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        icons.paint(painter, QRectF(self.width() - 22, self.height() / 2 - 7, 14, 14), "caret-down", "text2")
        painter.end()


class LineHeads(QHeaderView):
    """The numbers of the lines in the file."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Vertical, table)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setDefaultSectionSize(ROW)
        self.setMinimumWidth(56)
        self.setToolTip("Line of the file")

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.fillRect(rect, theme().color("surface"))
        painter.setFont(fonts.ui(11))
        painter.setPen(theme().color("text3"))
        text = str(self.model().headerData(section, Qt.Orientation.Vertical))
        painter.drawText(rect.adjusted(0, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)


class _HeadWidget(QWidget):
    """Title, choice and name of one column."""

    def __init__(self, heads: ColumnHeads, column: int) -> None:
        super().__init__(heads.viewport())
        self._heads, self._column = heads, column
        self._states: tuple[str, ...] | None = None
        self._title = ElidedLabel("", 12, 600)
        self.choice = _Choice()
        self.choice.setFont(fonts.ui(12))
        self.choice.activated.connect(self._chosen)
        self.name = QLineEdit()
        self.name.setFont(fonts.ui(12))
        self.name.setProperty("kind", "number")
        self.name.setToolTip("The name of the state in the equations")
        self.name.editingFinished.connect(self._named)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        rows.setSpacing(4)
        for part in (self._title, self.choice, self.name):
            rows.addWidget(part)
        rows.addStretch(1)

    def show_head(self, head: Head, states: tuple[str, ...]) -> None:
        title = head.title or f"Column {self._column + 1}"
        self._title.set_text(f"{title} [{head.unit}]" if head.unit else title)
        self.choice.setAccessibleName(f"Use of the column {title}")
        self.name.setAccessibleName(f"Name of the state in the column {title}")
        if states != self._states:
            self._fill(states)
        use = head.use
        key = f"{use.role.value} {use.name}" if states and use.role is ColumnRole.STATE else use.role.value
        self.choice.setCurrentIndex(max(0, self.choice.findData(key)))
        self.choice.setToolTip(use.role.help)
        self.name.setVisible(not states and use.role is ColumnRole.STATE)
        if not self.name.hasFocus() or self.name.text() != use.name:
            self.name.setText(use.name)

    def _fill(self, states: tuple[str, ...]) -> None:
        self._states = states
        self.choice.clear()
        for role in ColumnRole:
            if role is ColumnRole.STATE and states:
                for name in states:
                    self._offer(f"State {name}", f"{role.value} {name}", role.help)
            else:
                self._offer(role.label, role.value, role.help)

    def _offer(self, text: str, key: str, help: str) -> None:
        self.choice.addItem(text, key)
        self.choice.setItemData(self.choice.count() - 1, help, Qt.ItemDataRole.ToolTipRole)

    def _chosen(self, index: int) -> None:
        role, _, name = str(self.choice.itemData(index)).partition(" ")
        self._heads.use_chosen.emit(self._column, role, name)

    def _named(self) -> None:
        name = self.name.text().strip()
        if name:
            self._heads.use_chosen.emit(self._column, ColumnRole.STATE.value, name)
