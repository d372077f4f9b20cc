"""What can be set before a training: four groups that fold, each saying in a few words what is inside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtGui import QResizeEvent, QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from odeplayground.gui.data.source import DataSource
from odeplayground.gui.theme import fonts, symbols
from odeplayground.gui.training_summary import summary
from odeplayground.gui.widgets.fold import Fold
from odeplayground.gui.widgets.labels import label
from odeplayground.gui.widgets.number_field import NumberField
from odeplayground.session import Session, edits, training_choices
from odeplayground.spec import Activation, Choice, Engine, Experiment, Gradient, Model, Optimiser


@dataclass(frozen=True)
class NumberSetting:
    """A number of the sampling plan or of the training settings: what it is called and what it may be."""

    field: str
    text: str
    help: str
    low: float
    high: float
    whole: bool = True


DATA = (
    NumberSetting("n_trajectories", "Trajectories", "How many starting points are sampled.", 1, 200),
    NumberSetting("n_points", "Samples each", "How many samples each trajectory has.", 8, 5000),
    NumberSetting("noise", "Noise", "Relative to each state's own standard deviation.", 0, 1, whole=False),
    NumberSetting("seed", "Seed", "The same seed gives the same data.", 0, 1e9),
)
NETWORK = (
    NumberSetting("width", "Units per layer", "Width of both hidden layers.", 2, 256),
    NumberSetting("depth", "Hidden layers", "How many hidden layers.", 1, 4),
)
TRAINING = (
    NumberSetting("epochs", "Epochs", "How often the optimiser goes over the data.", 1, 100_000),
    NumberSetting("learning_rate", "Learning rate", "Step of the Adam optimiser.", 1e-6, 1, whole=False),
    NumberSetting("held_out", "Held out", "Share of the data that the optimiser never sees.", 0, 0.8, whole=False),
    NumberSetting("seed", "Seed", "The same seed gives the same weights.", 0, 1e9),
)


class TrainingForm(QWidget):
    """The settings of the next training; every change is one undo entry."""

    def __init__(self, session: Session, command: SignalInstance) -> None:
        super().__init__()
        self._session = session
        self._source = DataSource(session, command)
        self._fields: dict[tuple[str, str], NumberField] = {}
        self.data = self._group("Data", "plan", DATA)
        self.network = self._group("Model", "network", NETWORK)
        self.training = self._group("Training", "training", TRAINING)
        self.gradient = Fold("Gradient")
        self._model = _choices(Model, "Model", self._model_chosen)
        self._activation = _choices(Activation, "Activation", self._activation_chosen)
        self._optimiser = _choices(Optimiser, "Optimiser", self._optimiser_chosen)
        self._method = _choices(Gradient, "Gradient", self._gradient_chosen)
        self._engine = _choices(Engine, "Engine", self._engine_chosen)
        self._about_model, self._about_optimiser, self._sentence = _Sentence(), _Sentence(), _Sentence()
        self._collocation = QCheckBox("Start from smoothed slopes")
        self._collocation.setToolTip(
            "First fit the field to the slopes of the smoothed data: nothing is solved for that."
        )
        self._collocation.setFont(fonts.ui(12))
        self._collocation.clicked.connect(self._collocation_clicked)
        self._add_choices()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for fold in (self.data, self.network, self.training, self.gradient):
            rows.addWidget(fold)
        rows.addStretch(1)
        session.document.changed.connect(self._changed)
        self._show(session.document.experiment)

    def _group(self, name: str, part: str, settings: tuple[NumberSetting, ...]) -> Fold:
        fold, body = Fold(name), QWidget()
        form = QFormLayout(body)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(4)
        for setting in settings:
            field = NumberField()
            field.setAccessibleName(f"{name}: {setting.text}")
            field.setToolTip(setting.help)
            field.setFixedWidth(72)
            field.number_entered.connect(_Entered(self, part, setting))
            self._fields[part, setting.field] = field
            form.addRow(label(setting.text, 12, 400, "text2"), field)
        fold.set_body(body)
        return fold

    def _add_choices(self) -> None:
        model, training = _form(self.network), _form(self.training)
        _form(self.data).insertRow(0, self._source)
        model.insertRow(0, self._model)
        model.insertRow(1, self._about_model)
        model.addRow(self._activation)
        training.insertRow(0, self._optimiser)
        training.insertRow(1, self._about_optimiser)
        training.addRow(self._collocation)
        body = QWidget()
        rows = QVBoxLayout(body)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self._method)
        rows.addWidget(self._sentence)
        rows.addSpacing(6)
        engine = QHBoxLayout()
        engine.addWidget(label("Engine", 12, 400, "text2"))
        engine.addWidget(self._engine, 1)
        rows.addLayout(engine)
        self.gradient.set_body(body)

    # What it shows

    def _changed(self, old: Experiment, new: Experiment, label: str) -> None:
        fields = ("plan", "training", "system", "data")
        if any(getattr(old, name) != getattr(new, name) for name in fields):
            self._show(new)

    def _show(self, experiment: Experiment) -> None:
        summaries = summary(experiment)
        for fold, name in (
            (self.data, "Data"), (self.network, "Model"), (self.training, "Training"), (self.gradient, "Gradient"),
        ):  # fmt: skip
            fold.set_summary(summaries[name])
        for (part, name), field in self._fields.items():
            value = _value(experiment, part, name)
            field.set_number(value, symbols.shortest(value))
        self._source.show_experiment(experiment)
        self._show_choices(experiment)
        self._hide_ignored(experiment)

    def _show_choices(self, experiment: Experiment) -> None:
        training = training_choices.settings(experiment)
        for box, choice in (
            (self._model, training.model), (self._activation, training.activation),
            (self._optimiser, training.optimiser), (self._method, training.gradient),
            (self._engine, training.engine),
        ):  # fmt: skip
            box.setCurrentIndex(box.findData(choice.value))
            box.setToolTip(choice.help)
        for model in Model:
            _offer(self._model, model, training_choices.why_not_model(experiment.system, model))
        for engine in Engine:
            _offer(self._engine, engine, training_choices.why_not_engine(training, engine))
        self._about_model.setText(_about_model(experiment, training.model))
        self._about_optimiser.setText(training.optimiser.help)
        self._sentence.setText(training.gradient.help)
        self._collocation.setChecked(training.collocation)

    def _hide_ignored(self, experiment: Experiment) -> None:
        """Fold away the settings that make no difference."""
        ignored = training_choices.ignored(experiment.training)
        network, training = _form(self.network), _form(self.training)
        sized = training_choices.has_network(experiment)
        for setting in NETWORK:
            network.setRowVisible(self._fields["network", setting.field], sized)
        network.setRowVisible(self._activation, sized)
        from_file = experiment.plan.from_file and experiment.data is not None
        for setting in DATA:
            _form(self.data).setRowVisible(self._fields["plan", setting.field], not from_file)
        for setting in TRAINING:
            training.setRowVisible(self._fields["training", setting.field], setting.field not in ignored)
        self.gradient.setVisible("gradient" not in ignored)

    # What a person does

    def entered(self, part: str, setting: NumberSetting, value: float) -> None:
        """Take a number over into the document, or say why not."""
        if not setting.low <= value <= setting.high or (setting.whole and value != round(value)):
            kind = "a whole number" if setting.whole else "a number"
            self._session.problem.emit(f"{setting.text}: {kind} from {setting.low:g} to {setting.high:g}, please.")
            self._show(self._session.document.experiment)
            return
        number = int(value) if setting.whole else value
        experiment = self._session.document.experiment
        if part == "plan":
            new = edits.set_plan(experiment, msgspec.structs.replace(experiment.plan, **{setting.field: number}))
        elif part == "network":
            new = self._with_network(experiment, setting.field, int(value))
        else:
            settings = msgspec.structs.replace(experiment.training, **{setting.field: number})
            new = edits.set_training(experiment, settings)
        self._session.document.apply(new, setting.text)

    @staticmethod
    def _with_network(experiment: Experiment, name: str, value: int) -> Experiment:
        width, depth = experiment.training.hidden[0], len(experiment.training.hidden)
        hidden = (value,) * depth if name == "width" else (width,) * value
        return edits.set_training(experiment, msgspec.structs.replace(experiment.training, hidden=hidden))

    def _set_training(self, **changes: object) -> None:
        experiment = self._session.document.experiment
        settings = msgspec.structs.replace(experiment.training, **changes)
        self._session.document.apply(edits.set_training(experiment, settings), "Training settings")

    def _model_chosen(self, index: int) -> None:
        self._set_training(model=Model(self._model.itemData(index)))

    def _optimiser_chosen(self, index: int) -> None:
        self._set_training(optimiser=Optimiser(self._optimiser.itemData(index)))

    def _activation_chosen(self, index: int) -> None:
        self._set_training(activation=Activation(self._activation.itemData(index)))

    def _gradient_chosen(self, index: int) -> None:
        self._set_training(gradient=Gradient(self._method.itemData(index)))

    def _engine_chosen(self, index: int) -> None:
        self._set_training(engine=Engine(self._engine.itemData(index)))

    def _collocation_clicked(self, checked: bool) -> None:
        self._set_training(collocation=checked)


class _Sentence(QLabel):
    """Words that wrap and are as high as they need: a form does not ask for that."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(fonts.ui(12))
        self.setProperty("tone", "text2")
        self.setWordWrap(True)

    def setText(self, text: str) -> None:
        super().setText(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(self.heightForWidth(self.width()))


class _Entered:
    """A slot that knows which setting it belongs to."""

    def __init__(self, form: TrainingForm, part: str, setting: NumberSetting) -> None:
        self._form, self._part, self._setting = form, part, setting

    def __call__(self, value: float) -> None:
        self._form.entered(self._part, self._setting, value)


def _value(experiment: Experiment, part: str, name: str) -> float:
    if part == "plan":
        return float(getattr(experiment.plan, name))
    if part == "network":
        hidden = experiment.training.hidden
        return float(hidden[0] if name == "width" else len(hidden))
    return float(getattr(experiment.training, name))


def _choices(kind: type[Choice], name: str, chosen: Callable[[int], None]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setFont(fonts.ui(12))
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    for choice in kind:
        box.addItem(choice.label, choice.value)
    box.activated.connect(chosen)
    return box


def _offer(box: QComboBox, choice: Choice, reason: str) -> None:
    """Let a choice be made, or not and say why."""
    index, items = box.findData(choice.value), box.model()
    assert isinstance(items, QStandardItemModel)
    items.item(index).setEnabled(not reason)
    box.setItemData(index, reason or choice.help, Qt.ItemDataRole.ToolTipRole)


def _about_model(experiment: Experiment, model: Model) -> str:
    if training_choices.has_unknowns(experiment.system) and not training_choices.wholly_unknown(experiment.system):
        return training_choices.why_not_model(experiment.system, Model.NETWORK)
    return training_choices.why_not_model(experiment.system, model) or model.help


def _form(fold: Fold) -> QFormLayout:
    form = fold.findChild(QFormLayout)
    assert form is not None
    return form
