"""Sets of values by name, to go back to with a click."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from odeplayground.gui.theme import fonts, symbols
from odeplayground.gui.widgets.labels import label
from odeplayground.spec import Snapshot

HEIGHT = 32
_MOST_IN_HELP = 8


class SnapshotBar(QWidget):
    """A word for every set; hidden while there is none. The right button tells what else can be done."""

    use_requested = Signal(str)
    compare_requested = Signal(str)
    """Draw the trajectory of this set beside the present one; empty for none."""
    renew_requested = Signal(str)
    rename_requested = Signal(str)
    remove_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("snapshots")
        self.setAccessibleName("Sets of values")
        self.setFixedHeight(HEIGHT)
        self._chips: dict[str, QToolButton] = {}
        self._compared = ""
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 16, 4)
        self._row.setSpacing(4)
        self._row.addWidget(label("Values", 12, 400, "text3"))
        self._row.addSpacing(4)
        self._row.addStretch(1)
        self.hide()

    def show_snapshots(self, snapshots: Sequence[Snapshot], current: str, compared: str) -> None:
        """Take over all sets, which one has the present values, and which one is drawn beside."""
        names = [one.name for one in snapshots]
        if names != list(self._chips):
            self._make(names)
        self._compared = compared
        for one in snapshots:
            chip = self._chips[one.name]
            chip.setChecked(one.name == current)
            ghost = one.name == compared
            chip.setText(f"{one.name} ⋯" if ghost else one.name)
            said = ", ".join(
                f"{symbols.symbol(name)} = {symbols.shortest(value, 4)}"
                for name, value in list(one.values.items())[:_MOST_IN_HELP]
            )
            drawn = " Its trajectory is drawn dotted." if ghost else ""
            chip.setToolTip(f"{said}.{drawn} Click: take these values. Right click: compare, rename, remove.")
        self.setVisible(bool(names))

    def _make(self, names: Sequence[str]) -> None:
        for chip in self._chips.values():
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = {name: self._chip(name) for name in names}
        for place, chip in enumerate(self._chips.values()):
            self._row.insertWidget(2 + place, chip)

    def _chip(self, name: str) -> QToolButton:
        chip = QToolButton(self)
        chip.setObjectName(f"snapshot-{name}")
        chip.setText(name)
        chip.setFont(fonts.ui(12, 500))
        chip.setCheckable(True)
        chip.setFixedHeight(24)
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        chip.setAccessibleName(f"Values {name}")
        chip.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        chip.clicked.connect(partial(self._use, name))
        chip.customContextMenuRequested.connect(partial(self._open_menu, name))
        return chip

    def _use(self, name: str, _checked: bool = False) -> None:
        self._chips[name].setChecked(True)
        self.use_requested.emit(name)

    def _open_menu(self, name: str, place: QPoint) -> None:
        compared = self._compared == name
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        compare = "Do not draw its trajectory" if compared else "Compare: draw its trajectory"
        entries = (
            ("Take these values", self.use_requested, name),
            (compare, self.compare_requested, "" if compared else name),
            ("Keep the present values here", self.renew_requested, name),
            ("Rename…", self.rename_requested, name),
            ("Remove", self.remove_requested, name),
        )
        for text, signal, value in entries:
            menu.addAction(text).triggered.connect(partial(_emit, signal, value))
        menu.popup(self._chips[name].mapToGlobal(place))


def _emit(signal: SignalInstance, value: str, _checked: bool = False) -> None:
    signal.emit(value)
