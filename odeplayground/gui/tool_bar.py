"""The bar at the top: which system, which moment, what is going on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolBar, QToolButton, QWidget

from odeplayground.gui.theme import fonts, symbols, theme
from odeplayground.gui.widgets.buttons import FieldButton, IconButton
from odeplayground.gui.widgets.labels import label
from odeplayground.gui.widgets.number_field import NumberField
from odeplayground.gui.widgets.slider import Slider
from odeplayground.gui.widgets.status_dot import StatusDot, StatusKind
from odeplayground.session import Session
from odeplayground.session.activity import Work, activity, stop
from odeplayground.session.scene import Scene
from odeplayground.spec import Experiment

HEIGHT = 44
PRESET_WIDTH, PRESET_WIDTH_WIDE, PRESET_WIDTH_NARROW = 272, 312, 176
WIDE = 1700
NARROW = 1200
"""Below this width the search field becomes an icon."""
NARROWEST = 1000
"""Below this width, which only small screens ask for, the time has its field alone."""
PATIENCE = 300
"""Milliseconds of solving before the status says so; shorter ones would only flicker."""
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0)


_KINDS = {
    Work.NOTHING: StatusKind.IDLE,
    Work.PROBLEM: StatusKind.ERROR,
    Work.PAUSED: StatusKind.WARNING,
    Work.NOTE: StatusKind.WARNING,
}
"""The dot of the status; whatever else goes on is busy."""


class ToolBar(QToolBar):
    """Preset, playback, time, undo, search, status, theme."""

    command = Signal(str)

    def __init__(self, session: Session, actions: dict[str, QAction]) -> None:
        super().__init__("Tool bar")
        self.setObjectName("tool-bar")
        self.setMovable(False)
        self.setFloatable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._session = session
        self._make_parts(actions)
        self._lay_out()
        self._percent = 0
        self._work = Work.NOTHING
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE)
        self._patience.timeout.connect(self._update_status)
        self._listen()

    def edit_time(self) -> None:
        """Put the text cursor into the time."""
        self.time.setFocus()
        self.time.selectAll()

    def fit(self, width: int) -> None:
        """Give way in a narrow window."""
        self.preset.setFixedWidth(PRESET_WIDTH_WIDE if width >= WIDE else PRESET_WIDTH)
        self.slider.setFixedWidth(320 if width >= WIDE else 180 if width >= NARROW else 96)
        if width < NARROWEST:
            self.preset.setFixedWidth(PRESET_WIDTH_NARROW)
        for part in (self.to_start, self.to_steady_state, self.slider):
            part.setVisible(width >= NARROWEST)
        self.search.setVisible(width >= NARROW)
        self.step_back.setVisible(width >= NARROW)
        self.step_forward.setVisible(width >= NARROW)
        self.search_icon.setVisible(width < NARROW)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), HEIGHT)

    # Parts

    def _make_parts(self, actions: dict[str, QAction]) -> None:
        self.preset = FieldButton("")
        self.preset.setObjectName("preset-button")
        self.preset.setToolTip("Choose a system (Ctrl+Shift+O)")
        self.play = IconButton("pause-fill", "Play or pause (Ctrl+Space)", size=32, color="accent_text")
        self.to_start = IconButton("skip-back", "Back to the start (Ctrl+Home)", size=32)
        self.to_steady_state = IconButton(
            "flag", "To steady state: follow the trajectory to where it settles (Ctrl+Alt+S)", size=32
        )
        self.step_back = IconButton("caret-left", "One frame back (Alt+Left)", icon_size=12)
        self.step_forward = IconButton("caret-right", "One frame on (Alt+Right)", icon_size=12)
        self.slider = Slider(0.0, 1.0, 0.0)
        self.slider.setObjectName("time-slider")
        self.slider.setAccessibleName("Time")
        self.slider.setToolTip("Drag through the time; all pictures follow")
        self.time = NumberField(0.0, "0.00")
        self.time.setObjectName("time-field")
        self.time.setAccessibleName("Time")
        self.time.setToolTip("Type a time, for example 5.5")
        self.span = label("", 13, 400, "text2")
        self.speed = _SpeedButton([actions[name] for name in ("to_end", "go_on", "start_from_last", "to_steady_state")])
        self.undo = IconButton("arrow-u-up-left", "Undo (Ctrl+Z)", size=32)
        self.redo = IconButton("arrow-u-up-right", "Redo (Ctrl+Shift+Z)", size=32)
        self._mirror = {"undo": (actions["undo"], self.undo), "redo": (actions["redo"], self.redo)}
        self.search = FieldButton("Search", icon="magnifying-glass", hint="Ctrl K", tone="text2", weight=400)
        self.search.setFixedWidth(208)
        self.search.setToolTip("Commands, systems, help pages; or type a value, b = 0.3 (Ctrl+K)")
        self.search_icon = IconButton("magnifying-glass", "Search commands (Ctrl+K)", size=32)
        self.status = StatusDot()
        self.theme = IconButton("moon", "Dark or light (Ctrl+D)", size=32)

    def _lay_out(self) -> None:
        body = QWidget()
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        body.setProperty("plane", "chrome")
        body.setFixedHeight(HEIGHT)
        row = QHBoxLayout(body)
        row.setContentsMargins(16, 0, 12, 6)
        row.setSpacing(4)
        for widget, gap in (
            (self.preset, 12), (self.play, 0), (self.to_start, 0), (self.to_steady_state, 4),
            (self.step_back, 0), (self.slider, 0), (self.step_forward, 0),
            (self.time, 0), (self.span, 4), (self.speed, 0),
        ):  # fmt: skip
            row.addWidget(widget)
            row.addSpacing(gap)
        row.addStretch(1)
        for part, gap in (
            (self.undo, 0), (self.redo, 8), (self.search, 0), (self.search_icon, 8), (self.status, 0), (self.theme, 0),
        ):  # fmt: skip
            row.addWidget(part)
            row.addSpacing(gap)
        self.addWidget(body)
        without_margins(self)
        self.fit(1280)

    def _listen(self) -> None:
        session = self._session
        for button, name in (
            (self.preset, "choose_system"), (self.play, "play_pause"), (self.to_start, "to_start"),
            (self.to_steady_state, "to_steady_state"), (self.step_back, "step_back"),
            (self.step_forward, "step_forward"), (self.undo, "undo"), (self.redo, "redo"),
            (self.search, "find_command"), (self.search_icon, "find_command"), (self.theme, "toggle_theme"),
        ):  # fmt: skip
            button.clicked.connect(partial(self._emit, name))
        self.status.stop_requested.connect(self._stop)
        for action, button in self._mirror.values():
            action.changed.connect(partial(_mirror, action, button))
            _mirror(action, button)
        self.slider.value_changed.connect(self._seek)
        self.time.number_entered.connect(self._typed_time)
        self.speed.chosen.connect(self._set_speed)
        session.playback.time_changed.connect(self._show_time)
        session.playback.span_changed.connect(self._show_span)
        session.playback.playing_changed.connect(self._show_playing)
        session.document.changed.connect(self._document_changed)
        session.simulation.scene_changed.connect(self._scene_changed)
        session.simulation.busy_changed.connect(self._busy_changed)
        session.training.state_changed.connect(self._update_status)
        session.training.event.connect(self._training_event)
        session.comparison.changed.connect(self._update_status)
        session.steady.changed.connect(self._update_status)
        session.diagram.changed.connect(self._update_status)
        theme().changed.connect(self._show_theme)
        self._document_changed(session.document.experiment, session.document.experiment, "")
        self._show_span()
        self._show_playing(session.playback.playing)
        self._show_theme()

    # What a person does

    def _emit(self, name: str, _checked: bool = False) -> None:
        self.command.emit(name)

    def _seek(self, time: float) -> None:
        self._session.playback.pause()
        self._session.playback.seek(time)

    def _typed_time(self, time: float) -> None:
        self._seek(time)
        self.time.clearFocus()
        self._show_time(self._session.playback.time)

    def _set_speed(self, speed: float) -> None:
        self._session.playback.speed = speed

    # What it shows

    def _show_time(self, time: float) -> None:
        self.slider.set_value(time)
        if not self.time.hasFocus():
            self.time.set_number(time, symbols.number(time, self._digits()))

    def _digits(self) -> int:
        start, end = self._session.playback.span
        return 2 if end - start < 1000 else 0

    def _show_span(self) -> None:
        start, end = self._session.playback.span
        self.slider.set_range(start, end)
        unit = self._session.document.experiment.units.get("t", "")
        self.span.setText(f"/ {symbols.number(end, 1 if end < 1000 else 0)} {unit}".rstrip())
        self._show_time(self._session.playback.time)

    def _show_playing(self, playing: bool) -> None:
        self.play.set_icon("pause-fill" if playing else "play-fill")

    def _show_theme(self) -> None:
        self.theme.set_icon("sun" if theme().tokens.dark else "moon")

    def _document_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        self.preset.set_label(new.name)
        if old.units != new.units:
            self._show_span()
        if old.text != new.text or old is new:
            self._update_status()

    def _scene_changed(self, scene: Scene) -> None:
        if not self._session.simulation.busy:
            self._update_status()
        elif not self._patience.isActive():  # during a drag the words would change back and forth with each move
            self._patience.start()

    def _training_event(self, event: object) -> None:
        """Follow the training, but only where the words change: epochs come faster than anybody reads."""
        percent = round(100 * self._session.training.progress)
        if percent != self._percent:
            self._percent = percent
            self._update_status()

    def _busy_changed(self, busy: bool) -> None:
        self._patience.start() if busy else self._patience.stop()
        if not busy:
            self._update_status()

    def _update_status(self) -> None:
        now = activity(self._session)
        self._work = now.work
        self.status.set_status(_KINDS.get(now.work, StatusKind.BUSY), now.words, stop=now.stop, details=now.details)

    def _stop(self) -> None:
        if self._work in (Work.TRAINING, Work.PAUSED):
            self.command.emit("stop_training")
        else:
            stop(self._session, self._work)


class _SpeedButton(QToolButton):
    """1× with a menu of speeds, and of what else can be done with the time."""

    chosen = Signal(float)

    def __init__(self, more: Sequence[QAction]) -> None:
        super().__init__()
        self.setFont(fonts.ui(13))
        self.setFixedHeight(32)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip("Speed of the playback, and going on in time")
        self.setAccessibleName("Speed of the playback, and going on in time")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        group = QActionGroup(self)
        for speed in SPEEDS:
            action = menu.addAction(f"{speed:g}×")
            action.setCheckable(True)
            action.setChecked(speed == 1)
            action.setData(speed)
            group.addAction(action)
        group.triggered.connect(self._choose)
        menu.addSeparator()
        menu.addActions(list(more))
        self.setMenu(menu)
        self.setText("1× ▾")

    def _choose(self, action: QAction) -> None:
        self.setText(f"{action.data():g}× ▾")
        self.chosen.emit(float(action.data()))


def _mirror(action: QAction, button: IconButton) -> None:
    """A button that does what a menu entry does looks as available as the entry."""
    button.setEnabled(action.isEnabled())
    button.set_tooltip(f"{action.text()} ({action.shortcut().toString()})")


def without_margins(bar: QToolBar) -> None:
    """A tool bar's contents up to its edges."""
    layout = bar.layout()
    assert layout is not None
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
