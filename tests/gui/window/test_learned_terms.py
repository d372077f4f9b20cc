"""Terms that are to be learned, in the window."""

from __future__ import annotations

import msgspec
import numpy as np

from odeplayground.gui.panels.equations import EquationsPanel
from odeplayground.gui.widgets.message_strip import MessageStrip
from odeplayground.session import edits
from odeplayground.spec import Activation, Array, LearnedTerm


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
