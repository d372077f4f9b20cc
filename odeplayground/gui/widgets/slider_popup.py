"""What can be set of one slider: its range, scale, animation, and whether it is locked."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from odeplayground.gui.theme import theme
from odeplayground.gui.widgets.buttons import FlatButton, PlainButton
from odeplayground.gui.widgets.check_box import CheckBox
from odeplayground.gui.widgets.labels import hairline, label
from odeplayground.gui.widgets.number_field import NumberField
from odeplayground.gui.widgets.segmented import Segment, Segmented
from odeplayground.spec import SliderSettings

AUTOMATIC, LINEAR, LOGARITHMIC = "automatic", "linear", "log"
SWING, LOOP = "swing", "loop"
_MARGIN = 12


class SliderPopup(QFrame):
    """Opens beside a slider's row. It reports what a person enters; Escape leaves."""

    range_entered = Signal(float, float)
    scale_chosen = Signal(object)
    """``True``: logarithmic, ``False``: linear, ``None``: as the range suggests."""
    motion_chosen = Signal(bool)
    """Whether it loops."""
    seconds_entered = Signal(float)
    play_requested = Signal()
    lock_requested = Signal(bool)
    reset_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("slider-settings")
        self.low, self.high, self.seconds = (NumberField() for _ in range(3))
        self.scale = Segmented(
            [
                Segment(AUTOMATIC, "Automatic", tooltip="Logarithmic where the range spans three decades."),
                Segment(LINEAR, "Linear", tooltip="Equal ways, equal differences."),
                Segment(LOGARITHMIC, "Log", tooltip="Equal ways, equal ratios. The range must be above 0."),
            ]
        )
        self.motion = Segmented(
            [
                Segment(SWING, "Swing", tooltip="Up and down through the range."),
                Segment(LOOP, "Loop", tooltip="Through the range, and again from its beginning."),
            ]
        )
        self.play = PlainButton("Animate", "play-fill")
        self.play.setToolTip("Let the value run through its range; the curves follow. Take the slider to stop it.")
        self.lock = CheckBox("Locked")
        self.lock.setToolTip("The value stays when all are reset, set or learned.")
        self.reset = FlatButton("Reset")
        self._title = label("", 12, 600)
        self._lay_out()
        self._name_parts()
        self._connect()

    def show_settings(
        self, name: str, ends: tuple[float, float], own: str, settings: SliderSettings, moving: bool
    ) -> None:
        """Take over what is set; ``own`` is the model's own value as text."""
        self.setAccessibleName(f"Slider of {name}")
        self._title.setText(f"Slider of {name}")
        self.low.set_number(ends[0])
        self.high.set_number(ends[1])
        self.seconds.set_number(settings.seconds)
        wanted = {None: AUTOMATIC, False: LINEAR, True: LOGARITHMIC}[settings.logarithmic]
        self.scale.set_current(wanted)
        above = ends[0] > 0
        self.scale.set_enabled(LOGARITHMIC, above, "Equal ways, equal ratios." if above else "Needs a range above 0.")
        self.motion.set_current(LOOP if settings.loops else SWING)
        self.play.setText("Stop" if moving else "Animate")
        self.play.set_icon("stop-fill" if moving else "play-fill")
        self.play.setEnabled(not settings.locked)
        self.lock.setChecked(settings.locked)
        self.reset.setText(f"Reset to {own}")
        self.adjustSize()

    def open_at(self, place: QPoint) -> None:
        """Open with the upper right corner at a place, inside the screen."""
        self.adjustSize()
        room = self.screen().availableGeometry()
        x = min(max(place.x() - self.width(), room.left() + 8), room.right() - self.width() - 8)
        y = min(place.y() + 4, room.bottom() - self.height() - 8)
        self.move(x, max(y, room.top() + 8))
        self.show()
        self.low.setFocus(Qt.FocusReason.PopupFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme().color("border"))
        painter.setBrush(theme().color("surface"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        lines: tuple[tuple[str, tuple[QWidget, ...]], ...] = (
            ("Range", (self.low, _word("to"), self.high)),
            ("Scale", (self.scale,)),
            ("Motion", (self.motion, self.seconds, _word("s"))),
        )
        for row, (name, parts) in enumerate(lines):
            grid.addWidget(label(name, 12, 400, "text2"), row, 0)
            line = QHBoxLayout()
            line.setSpacing(8)
            for part in parts:
                line.addWidget(part)
            line.addStretch(1)
            grid.addLayout(line, row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(10)
        column.addWidget(self._title)
        column.addLayout(grid)
        column.addWidget(self.play)
        column.addWidget(hairline())
        below = QHBoxLayout()
        below.addWidget(self.lock)
        below.addStretch(1)
        below.addWidget(self.reset)
        column.addLayout(below)

    def _name_parts(self) -> None:
        names = {
            self.low: "Lower end of the range",
            self.high: "Upper end of the range",
            self.seconds: "Seconds from one end to the other",
            self.scale: "Scale",
            self.motion: "Motion",
        }
        for part, name in names.items():
            part.setAccessibleName(name)
        self.seconds.setToolTip("Seconds from one end to the other")

    def _connect(self) -> None:
        for field in (self.low, self.high):
            field.number_entered.connect(self._range)
        self.seconds.number_entered.connect(self.seconds_entered)
        self.scale.current_changed.connect(self._scale)
        self.motion.current_changed.connect(self._motion)
        self.play.clicked.connect(self._play)
        self.lock.clicked.connect(self.lock_requested)
        self.reset.clicked.connect(self.reset_requested)

    def _range(self, _number: float) -> None:
        self.range_entered.emit(self.low.value, self.high.value)

    def _scale(self, key: str) -> None:
        self.scale_chosen.emit({AUTOMATIC: None, LINEAR: False, LOGARITHMIC: True}[key])

    def _motion(self, key: str) -> None:
        self.motion_chosen.emit(key == LOOP)

    def _play(self, _checked: bool = False) -> None:
        self.hide()
        self.play_requested.emit()


def _word(text: str) -> QLabel:
    return label(text, 12, 400, "text3")
