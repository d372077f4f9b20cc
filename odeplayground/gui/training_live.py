"""What can be changed while a training runs: three numbers, each showing what is in force."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from odeplayground.gui.theme import symbols
from odeplayground.gui.widgets.labels import label
from odeplayground.gui.widgets.number_field import NumberField
from odeplayground.session import Session, UserError, training_choices

FIELDS = (
    (
        "learning_rate",
        "Learning rate",
        "Of the beginning, from which it decays. Smaller where the loss jumps, larger where it creeps.",
    ),
    ("horizon", "Horizon, samples", "How long the windows are from now on; 0 for whole trajectories. Begins a stage."),
    (
        "tolerance",
        "Tolerance",
        "Largest error of the solver's steps, in standard deviations of the data. Smaller is slower and more exact.",
    ),
)


class LiveSettings(QWidget):
    """Shown while a training is under way; a number that was entered counts from the next epoch on."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("live-settings")
        self._training = session.training
        self._problem = session.problem
        self._fields: dict[str, NumberField] = {}
        form = QFormLayout()
        form.setContentsMargins(20, 0, 0, 0)
        form.setSpacing(4)
        for name, text, _ in FIELDS:
            field = NumberField()
            field.setObjectName(f"live-{name}")
            field.setAccessibleName(f"While it runs: {text}")
            field.setFixedWidth(72)
            field.number_entered.connect(partial(self._entered, name))
            self._fields[name] = field
            form.addRow(label(text, 12, 400, "text2"), field)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 8)
        rows.setSpacing(4)
        rows.addWidget(label("While it runs", 12, 600))
        rows.addLayout(form)
        rows.addWidget(label("The settings below are for the next training.", 12, 400, "text2"))

    def update_state(self) -> None:
        """Show what is in force."""
        training = self._training
        self.setVisible(training.active)
        if not training.active:
            return
        wishes, stage = training.wishes, training.stages[-1] if training.stages else None
        rate = wishes.learning_rate or training.spec.learning_rate
        self._show("learning_rate", symbols.shortest(rate), rate)
        samples = stage.samples if stage is not None else 0
        self._show("horizon", "–" if stage is None or not samples else str(samples), samples)
        tolerance = wishes.tolerance or (stage.tolerance if stage is not None else 0.0)
        self._show("tolerance", symbols.shortest(tolerance) if tolerance else "–", tolerance)

    def _show(self, name: str, text: str, value: float) -> None:
        field = self._fields[name]
        field.set_number(value, text)
        ignored = name in training_choices.ignored(self._training.spec)
        field.setEnabled(not ignored)
        optimiser = self._training.spec.optimiser.label
        field.setToolTip(f"{optimiser} finds the length of its steps by itself." if ignored else _help(name))

    def _entered(self, name: str, value: float) -> None:
        if name == "horizon" and value != round(value):
            self._problem.emit("Horizon: a whole number of samples, please.")
        else:
            try:
                self._training.adjust(**{name: int(value) if name == "horizon" else value})
            except UserError as error:
                self._problem.emit(str(error))
        self.update_state()


def _help(name: str) -> str:
    return next(sentence for field, _, sentence in FIELDS if field == name)
