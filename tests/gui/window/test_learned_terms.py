"""Terms that are to be learned, in the window."""

from __future__ import annotations

import msgspec
import numpy as np

from odeplayground.gui.panels.equations import EquationsPanel
from odeplayground.gui.widgets.message_strip import MessageStrip
from odeplayground.session import TrainingStatus, edits
from odeplayground.spec import Activation, Array, LearnedTerm, Optimiser
from tests.gui.window.conftest import settled, small_training


def test_the_editor_says_that_an_unknown_term_counts_as_zero(window, qtbot):
    document = window.session.document
    strip = window.findChild(EquationsPanel).findChild(MessageStrip)
    text = "theta' = omega\nomega' = [?](theta) - omega\n"
    document.apply(edits.set_text(document.experiment, text), "Edit")
    assert strip.sentence == "One term [?] is not learned yet and counts as zero."
    term = LearnedTerm((1, 1), Activation.TANH, Array.of(np.array([-9.0, 0.0])), (0.0,), (1.0,), 1.0)
    learned = msgspec.structs.replace(document.experiment.system, terms=(term,))
    document.apply(msgspec.structs.replace(document.experiment, system=learned), "Learn")
    assert strip.sentence == ""


def test_train_learns_the_unknown_term_and_puts_it_into_the_equations(open_window, qtbot):
    window = open_window("lotka-volterra")
    document, training = window.session.document, window.session.training
    small_training(window, epochs=3)
    experiment = document.experiment
    fast = msgspec.structs.replace(experiment.training, optimiser=Optimiser.MARQUARDT)
    text = experiment.text.replace("- beta*x*y", "- [?](x, y)")
    document.apply(edits.set_text(edits.set_training(experiment, fast), text), "Edit")
    strip = window.findChild(EquationsPanel).findChild(MessageStrip)
    assert "not learned yet" in strip.sentence

    window.commands.run("train")
    qtbot.waitUntil(lambda: training.report is not None, timeout=60_000)
    assert training.status is TrainingStatus.FINISHED
    (term,) = document.experiment.system.terms
    assert term.layers == (2, 8, 1)
    assert document.experiment.system.values == experiment.system.values
    assert strip.sentence == ""
    assert "off the samples" in training.report.verdict
    qtbot.waitUntil(lambda: settled(window), timeout=20_000)

    window.commands.run("undo")
    assert document.experiment.system.terms == ()


def test_a_term_with_nothing_to_learn_it_from_is_refused(window, qtbot):
    document = window.session.document
    text = "x' = y\ny' = [?](x)\n"
    document.apply(edits.set_text(document.experiment, text), "Edit")
    window.commands.run("train")
    assert not window.session.training.active
    assert "train once" in window.notices._message.sentence
