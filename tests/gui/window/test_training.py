"""Training in the window: start, watch, pause, step, stop, compare, save, reopen."""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QToolButton

from odeplayground.gui.plots.loss_view import LossView
from odeplayground.gui.training_form import TrainingForm
from odeplayground.gui.widgets.number_field import NumberField
from odeplayground.gui.widgets.slider import Slider
from odeplayground.session import TrainingStatus, edits
from odeplayground.spec import Engine, FieldMode, Model, Optimiser
from odeplayground.storage import project
from tests.gui.window.conftest import settled, small_training

LONG = 60_000


def button(window, name: str) -> QPushButton:
    return next(one for one in window.findChildren(QPushButton, name) if one.isVisible())


def click(qtbot, window, name: str) -> None:
    qtbot.mouseClick(button(window, name), Qt.MouseButton.LeftButton)


def settled_epochs(window, qtbot) -> int:
    """How many epochs there are when the one that was under way at a pause has ended, however slow the machine is."""
    history, seen = window.session.training.history, -1
    for _ in range(20):
        if len(history) == seen:
            return seen
        seen = len(history)
        qtbot.wait(250)
        window.session.pump()
    raise AssertionError("The training does not hold still.")


def test_train_pause_step_resume_and_stop(window, qtbot):
    session, training = window.session, window.session.training
    small_training(window, epochs=100_000)
    click(qtbot, window, "train-button")
    assert training.status is TrainingStatus.RUNNING
    assert window.training_panel.is_open
    assert session.document.experiment.view.mode is FieldMode.BOTH
    qtbot.waitUntil(lambda: len(training.history) > 5, timeout=LONG)
    assert window.tool_bar.status.text.startswith("Training")

    click(qtbot, window, "pause-button")
    assert training.paused
    held = settled_epochs(window, qtbot)
    rate = window.findChild(NumberField, "live-learning_rate")
    assert rate.isVisible()
    assert rate.value == training.spec.learning_rate
    rate.setFocus()
    rate.selectAll()
    qtbot.keyClicks(rate, "0.003")
    qtbot.keyClick(rate, Qt.Key.Key_Return)
    assert training.wishes.learning_rate == 0.003
    qtbot.wait(300)
    session.pump()
    assert len(training.history) == held
    assert button(window, "pause-button").text() == "Resume"

    click(qtbot, window, "step-button")
    qtbot.waitUntil(lambda: len(training.history) == held + 1, timeout=LONG)
    assert settled_epochs(window, qtbot) == held + 1

    window.findChild(QToolButton, "back-button").click()
    assert training.wishes.back == 1
    click(qtbot, window, "pause-button")
    qtbot.waitUntil(lambda: len(training.history) > held + 3, timeout=LONG)
    assert any(note.message.startswith("Back to the weights") for note in training.notes)
    click(qtbot, window, "stop-button")
    assert training.status is TrainingStatus.STOPPED
    run = session.document.experiment.run
    assert run is not None
    assert len(run.history) == len(training.history)
    qtbot.waitUntil(lambda: training.report is not None, timeout=LONG)
    assert window.docks.inspector.current == "Comparison"
    assert button(window, "train-button").text() == "Train again"
    assert not rate.isVisible()


def test_a_finished_training_is_drawn_compared_saved_and_undone(window, qtbot, tmp_path):
    session, training = window.session, window.session.training
    small_training(window, epochs=20)
    click(qtbot, window, "train-button")
    qtbot.waitUntil(lambda: training.status is TrainingStatus.FINISHED, timeout=LONG)
    qtbot.waitUntil(lambda: training.report is not None and settled(window), timeout=LONG)
    assert training.history[-1].loss < training.history[0].loss
    qtbot.waitUntil(lambda: session.simulation.scene.learned is not None, timeout=LONG)
    assert window.findChild(LossView, "loss-view").isVisible()

    slider = window.findChild(Slider, "epoch-slider")
    assert slider.value == training.best_epoch
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert training.looking == 0
    assert session.simulation.scene is not None
    qtbot.waitUntil(lambda: session.simulation._live is training.shown_field, timeout=LONG)
    qtbot.keyClick(slider, Qt.Key.Key_End)
    assert training.looking is None

    window.commands.run("show_error")
    qtbot.waitUntil(lambda: session.simulation.scene.error is not None, timeout=LONG)
    assert np.isfinite(session.simulation.scene.error.values).all()

    file = tmp_path / "trained.odep"
    session.save(file)
    assert project.open(file) == session.document.experiment
    window.commands.run("show_true")
    window.commands.run("undo")
    assert session.document.experiment.view.mode is FieldMode.ERROR


def test_the_window_closes_in_the_middle_of_a_training(open_window, qtbot):
    window = open_window()
    small_training(window, epochs=100_000)
    click(qtbot, window, "train-button")
    qtbot.waitUntil(lambda: len(window.session.training.history) > 3, timeout=LONG)
    begin = time.monotonic()
    window.close()
    assert time.monotonic() - begin < 20
    assert window.session.document.experiment.run is not None


def test_settings_are_told_in_words_and_bad_ones_are_refused(window, qtbot):
    window.commands.run("toggle_training_panel")
    form = window.findChild(TrainingForm)
    field = form._fields["training", "epochs"]
    form.training.set_open(True)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "42")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert window.session.document.experiment.training.epochs == 42
    field.selectAll()
    qtbot.keyClicks(field, "-3")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert window.session.document.experiment.training.epochs == 42
    assert "Epochs" in window.notices._message.sentence
    assert field.value == 42


def choose(qtbot, box: QComboBox, name: str) -> None:
    """Choose with the keys, as a person without a mouse does."""
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Home)
    for _ in range(box.findText(name)):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.currentText() == name


def combo(form: TrainingForm, name: str) -> QComboBox:
    return next(box for box in form.findChildren(QComboBox) if box.accessibleName() == name)


def test_what_the_optimiser_makes_no_use_of_is_folded_away(window, qtbot):
    window.commands.run("toggle_training_panel")
    form = window.findChild(TrainingForm)
    form.training.set_open(True)
    rate, seed = form._fields["training", "learning_rate"], form._fields["training", "seed"]
    assert rate.isVisible()
    assert form.gradient.isVisible()
    form.gradient.set_open(True)
    choose(qtbot, combo(form, "Engine"), "torch")
    assert window.session.document.experiment.training.engine is Engine.TORCH
    choose(qtbot, combo(form, "Optimiser"), "Levenberg–Marquardt (fast)")
    assert window.session.document.experiment.training.optimiser is Optimiser.MARQUARDT
    assert not rate.isVisible()
    assert not form.gradient.isVisible()
    assert seed.isVisible()
    assert any("forward sensitivities" in text.text() for text in form.findChildren(QLabel))
    choose(qtbot, combo(form, "Optimiser"), "Adam")
    assert rate.isVisible()
    assert form.gradient.isVisible()


def test_models_that_do_not_fit_cannot_be_chosen(open_window, qtbot):
    window = open_window("lorenz")
    window.commands.run("toggle_training_panel")
    form = window.findChild(TrainingForm)
    form.network.set_open(True)
    model = combo(form, "Model")
    items = model.model()
    fits = {model.itemText(i): items.item(i).isEnabled() for i in range(model.count())}
    assert fits == {
        "Network": True, "Second order": False, "Hamiltonian with friction": False, "The typed equations": True,
    }  # fmt: skip
    assert "pairs" in model.itemData(1, Qt.ItemDataRole.ToolTipRole)
    width = form._fields["network", "width"]
    assert width.isVisible()
    model.setFocus()
    qtbot.keyClick(model, Qt.Key.Key_End)
    assert window.session.document.experiment.training.model is Model.EQUATIONS
    assert not width.isVisible()


def test_a_system_with_an_unknown_term_learns_that_and_nothing_else(window, qtbot):
    document = window.session.document
    window.commands.run("toggle_training_panel")
    form = window.findChild(TrainingForm)
    form.network.set_open(True)
    document.apply(edits.set_text(document.experiment, "theta' = omega\nomega' = [?](theta)\n"), "Edit")
    model = combo(form, "Model")
    assert model.currentText() == "The typed equations"
    assert form._fields["network", "width"].isVisible()
    assert [model.model().item(i).isEnabled() for i in range(model.count())] == [False, False, False, True]
