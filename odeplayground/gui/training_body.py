"""The open training panel: controls and settings, loss, numbers. Loaded when it is first opened."""

from __future__ import annotations

import math
from functools import partial

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from odeplayground.gui.plots.loss_view import LossView
from odeplayground.gui.theme import symbols
from odeplayground.gui.training_form import TrainingForm
from odeplayground.gui.training_live import LiveSettings
from odeplayground.gui.widgets.buttons import PlainButton, PrimaryButton, set_available
from odeplayground.gui.widgets.header import DockHeader
from odeplayground.gui.widgets.key import ColorKey, KeyEntry
from odeplayground.gui.widgets.labels import ElidedLabel, hairline, label
from odeplayground.gui.widgets.rows import ValueRow, ValueRows
from odeplayground.gui.widgets.slider import Slider
from odeplayground.session import Session
from odeplayground.spec import Epoch

LEFT, RIGHT = 304, 336
PAD = 8
"""Room of the slider beside its track."""
LOOK = "Drag through the training: field, curves and numbers are those after that epoch. At its end: as they are"
BACK = "Back to best: go on from the best weights so far"


class TrainingBody(QWidget):
    """Buttons and settings left, the loss in the middle, numbers right."""

    def __init__(self, session: Session, command: SignalInstance) -> None:
        super().__init__()
        self._session = session
        self._command = command
        self._loss = LossView()
        self._loss.setObjectName("loss-view")
        self._epochs = Slider(0.0, 1.0, 0.0, step=1.0)
        self._epochs.setObjectName("epoch-slider")
        self._epochs.setAccessibleName("Epoch")
        self._epochs.setToolTip(LOOK)
        self._loss.epoch_requested.connect(self._look)
        self._loss.layout_changed.connect(self._place_epochs)
        self._epochs.value_changed.connect(self._look)
        self._title = label("", 15, 600)
        self._of = label("", 13, 400, "text3")
        self._stage = ElidedLabel("", 12, 400, "text2")
        self._numbers = ValueRows()
        self._stages_seen = 0
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(self._left())
        columns.addWidget(hairline(vertical=True))
        columns.addWidget(self._middle(), 1)
        columns.addWidget(hairline(vertical=True))
        columns.addWidget(self._right())

    def _left(self) -> QWidget:
        self.train = PrimaryButton("Train", "play-fill")
        self.train.setObjectName("train-button")
        self.train.setToolTip("Take samples of this system and train a network on them (Ctrl+R)")
        self.pause = PrimaryButton("Pause", "pause-fill")
        self.pause.setObjectName("pause-button")
        self.step = PlainButton("Step", "skip-forward-fill")
        self.step.setObjectName("step-button")
        self.stop = PlainButton("Stop", "stop-fill")
        self.stop.setObjectName("stop-button")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button, name, stretch in (
            (self.train, "train", 3), (self.pause, "pause_training", 3),
            (self.step, "step_training", 2), (self.stop, "stop_training", 2),
        ):  # fmt: skip
            button.clicked.connect(partial(self._emit, name))
            buttons.addWidget(button, stretch)
        self._live = LiveSettings(self._session)
        settings = QWidget()
        inside = QVBoxLayout(settings)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self._live)
        inside.addWidget(TrainingForm(self._session, self._command))
        inside.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(settings)
        column = QWidget()
        column.setFixedWidth(LEFT)
        rows = QVBoxLayout(column)
        rows.setContentsMargins(16, 12, 16, 8)
        rows.setSpacing(12)
        rows.addLayout(buttons)
        rows.addWidget(scroll, 1)
        return column

    def _middle(self) -> QWidget:
        header = DockHeader("Loss", height=36)
        header.set_count("log scale")
        header.add_widget(ColorKey((KeyEntry("training", "learned"), KeyEntry("held out"))))
        self.back = header.add_button("arrow-counter-clockwise", BACK)
        self.back.setObjectName("back-button")
        self.back.clicked.connect(partial(self._emit, "back_to_best"))
        fold = header.add_button("caret-down", "Fold the training panel (Ctrl+L)")
        fold.clicked.connect(partial(self._emit, "toggle_training_panel"))
        column = QWidget()
        column.setMinimumWidth(320)
        rows = QVBoxLayout(column)
        rows.setContentsMargins(8, 0, 8, 8)
        rows.setSpacing(0)
        rows.addWidget(header)
        rows.addWidget(self._loss, 1)
        self._under = QHBoxLayout()
        self._under.addWidget(self._epochs)
        rows.addLayout(self._under)
        return column

    def _place_epochs(self) -> None:
        """Put the slider just under the epochs of the loss."""
        area = self._loss.area
        self._under.setContentsMargins(int(area.left()) - PAD, 0, self._loss.width() - int(area.right()) - PAD, 0)

    def _look(self, epoch: float) -> None:
        """Look at an epoch again; at the last one: at what is."""
        training = self._session.training
        last = training.history[-1].epoch if training.history else 0
        if not training.why_not_look:
            training.look_at(None if epoch >= last else max(0, round(epoch)))
            self.show_progress()

    def _right(self) -> QWidget:
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._title)
        head.addWidget(self._of)
        head.addStretch(1)
        column = QWidget()
        column.setFixedWidth(RIGHT)
        rows = QVBoxLayout(column)
        rows.setContentsMargins(16, 12, 16, 12)
        rows.setSpacing(2)
        rows.addLayout(head)
        rows.addWidget(self._stage)
        rows.addSpacing(10)
        rows.addWidget(self._numbers)
        rows.addStretch(1)
        return column

    def _emit(self, name: str, _checked: bool = False) -> None:
        self._command.emit(name)

    def update_state(self) -> None:
        training = self._session.training
        self.train.setVisible(not training.active)
        self.train.setText("Train again" if training.history else "Train")
        set_available(self.train, not training.why_not_start, training.why_not_start)
        for button in (self.pause, self.step, self.stop, self.back):
            button.setVisible(training.active)
        self.pause.setText("Resume" if training.paused else "Pause")
        self.pause.set_icon("play-fill" if training.paused else "pause-fill")
        reason = training.why_not_resume if training.paused else training.why_not_pause
        set_available(self.pause, not reason, reason)
        set_available(self.step, not training.why_not_step, training.why_not_step)
        set_available(self.stop, not training.why_not_stop, training.why_not_stop)
        set_available(self.back, not training.why_not_back, training.why_not_back)
        self._live.update_state()
        self.show_progress()

    def show_note(self, sentence: str) -> None:
        """Something a person should know about the training."""
        self._stage.set_text(sentence)

    def show_progress(self) -> None:
        """Draw the loss and write the numbers."""
        training = self._session.training
        if len(training.stages) != self._stages_seen:
            self._stages_seen = len(training.stages)
            self._live.update_state()
        history = training.history
        current = history[-1].epoch if history and training.active else training.best_epoch
        looking = training.looking
        if looking is not None:
            current = min((one.epoch for one in history), key=lambda epoch: abs(epoch - looking), default=None)
        self._loss.set_history(history, training.stages, training.spec.epochs, training.best_epoch, current)
        self._show_epochs(current)
        if not history:
            self._title.setText("Sampling data" if training.active else "No training yet")
            self._of.setText("")
            self._stage.set_text(training.message or "Press Train: a network learns this field from samples.")
            self._numbers.set_rows(())
            return
        if looking is not None:
            self._show_looked(current)
        elif training.active:
            self._show_running()
        else:
            self._show_result()

    def _show_epochs(self, current: int | None) -> None:
        training = self._session.training
        set_available(self._epochs, not training.why_not_look, training.why_not_look)
        (_, total), _ = self._loss.ranges
        if self._epochs.scale.high != total:
            self._epochs.set_range(0.0, total)
        if not self._epochs.dragging:
            self._epochs.set_value(float(current or 0))
        self._epochs.set_marks(() if training.best_epoch is None else (float(training.best_epoch),))

    def _show_looked(self, epoch: int | None) -> None:
        training = self._session.training
        one = next(one for one in training.history if one.epoch == epoch)
        stages = [stage.name for stage in training.stages if stage.epoch <= one.epoch]
        self._title.setText(f"Epoch {one.epoch}")
        self._of.setText(f"of {training.history[-1].epoch}, looked at again")
        self._stage.set_text(stages[-1] if stages else "")
        self._numbers.set_rows(
            (
                ValueRow("Loss, training", symbols.significant(one.loss, 2)),
                ValueRow("Loss, held out", symbols.significant(one.held_out, 2)),
                ValueRow("Gradient", symbols.significant(one.gradient_norm, 2), "Length of the gradient of the loss."),
                ValueRow("Evaluations", f"{one.evaluations_forward} forward, {one.evaluations_backward} back"),
                _steps(one),
                ValueRow("Best so far", f"epoch {one.best_epoch}"),
            )
        )

    def _show_running(self) -> None:
        training = self._session.training
        last = training.history[-1]
        self._title.setText(f"Epoch {last.epoch}")
        self._of.setText(f"of {training.spec.epochs}")
        self._stage.set_text(training.stages[-1].name if training.stages else "")
        forward, backward = training.evaluations
        left = training.seconds_left
        self._numbers.set_rows(
            (
                ValueRow("Loss, training", symbols.significant(last.loss, 2)),
                ValueRow("Loss, held out", symbols.significant(last.held_out, 2)),
                ValueRow("Gradient", symbols.significant(last.gradient_norm, 2), "Length of the gradient of the loss."),
                ValueRow("Evaluations", f"{forward} forward, {backward} back", "Of the network, over all epochs."),
                _steps(last),
                ValueRow("Time", f"{symbols.number(1000 * last.seconds, 0)} ms an epoch{_left(left)}"),
            )
        )

    def _show_result(self) -> None:
        training = self._session.training
        best = next((one for one in training.history if one.epoch == training.best_epoch), training.history[-1])
        self._title.setText(f"Epoch {best.epoch}")
        self._of.setText(f"the best of {training.history[-1].epoch}")
        self._stage.set_text(training.message or "The weights of this epoch are in use.")
        rows = [
            ValueRow("Loss, training", symbols.significant(best.loss, 2)),
            ValueRow("Loss, held out", symbols.significant(best.held_out, 2)),
        ]
        report = training.report
        if report is not None and not math.isnan(report.field_error):
            rows.append(
                ValueRow(
                    "Field error", f"{symbols.number(100 * report.field_error, 1)} %", "Relative, in the data tube."
                )
            )
            matched = sum(one.distance is not None for one in report.equilibria)
            rows.append(ValueRow("Equilibria", f"{matched} of {len(report.equilibria)} matched"))
        self._numbers.set_rows(rows)


def _steps(one: Epoch) -> ValueRow:
    counted = f"{one.accepted} accepted, {one.rejected} rejected"
    return ValueRow(
        "Solver's steps",
        counted if one.accepted else "of one size",
        "In this epoch, all windows together. A step whose error is too large is rejected and made smaller.",
    )


def _left(seconds: float | None) -> str:
    return "" if seconds is None else f", about {_duration(seconds)} left"


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{symbols.number(seconds, 0)} s"
    return f"{symbols.number(seconds / 60, 0)} min" if seconds < 7200 else f"{symbols.number(seconds / 3600, 0)} h"
