"""The sheet of preferences: a row of words for each, and what it is good for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QMainWindow, QScrollArea, QVBoxLayout, QWidget

from odeplayground.gui.gallery.sheet import EDGE, RADIUS, Sheet
from odeplayground.gui.preferences.settings import SETTINGS, Setting
from odeplayground.gui.widgets.labels import label
from odeplayground.gui.widgets.segmented import Segment, Segmented
from odeplayground.session import Session

WIDTH, HEIGHT = 720, 520
LATER = "Counts from the next start on."


class PreferencesSheet(Sheet):
    """Every choice counts at once and is remembered; there is nothing to confirm."""

    def __init__(self, window: QMainWindow, session: Session, prefer: Callable[[str, Any], None]) -> None:
        super().__init__("preferences", "Preferences", window, session)
        self._prefer = prefer
        self.controls = {setting.name: self._control(setting) for setting in SETTINGS}
        self._lay_out()

    def open_on(self) -> None:
        """Open with what is in force."""
        for name, control in self.controls.items():
            control.set_current(str(getattr(self._session.preferences, name)))
        self.open_sheet()
        self.controls[SETTINGS[0].name].setFocus(Qt.FocusReason.TabFocusReason)

    def sheet_size(self, width: int, height: int) -> tuple[int, int]:
        return min(WIDTH, width - 2 * EDGE), min(HEIGHT, height - 2 * EDGE)

    def _control(self, setting: Setting) -> Segmented:
        control = Segmented([Segment(str(value), word, tooltip=setting.help) for value, word in setting.choices])
        control.setObjectName(f"preference-{setting.name}")
        control.setAccessibleName(setting.title)
        control.setToolTip(setting.help)
        control.current_changed.connect(partial(self._choose, setting))
        return control

    def _lay_out(self) -> None:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(24, 4, 24, 24)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(18)
        grid.setColumnStretch(0, 1)
        for row, setting in enumerate(SETTINGS):
            words = QVBoxLayout()
            words.setSpacing(2)
            words.addWidget(label(setting.title, 13, 600))
            note = label(f"{setting.help} {LATER}" if setting.later else setting.help, 12, 400, "text2")
            note.setWordWrap(True)
            words.addWidget(note)
            grid.addLayout(words, row, 0)
            grid.addWidget(self.controls[setting.name], row, 1, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        grid.setRowStretch(len(SETTINGS), 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(body)
        self.rows.addWidget(scroll, 1)
        self.rows.addSpacing(RADIUS)

    def _choose(self, setting: Setting, key: str) -> None:
        value = next(value for value, _ in setting.choices if str(value) == key)
        self._prefer(setting.name, value)
