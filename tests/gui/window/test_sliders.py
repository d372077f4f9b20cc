"""The panel of sliders: one undo step per drag, the text behind it, motion, locks and sets of values."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt

from odeplayground.gui.panels.parameters import ParametersPanel
from odeplayground.gui.widgets.slider_popup import SliderPopup
from odeplayground.jobs import InlineRunner, Mailbox
from odeplayground.session import Session, edits
from odeplayground.storage import presets
from tests.gui.widgets.helpers import drag, mouse, shown


@pytest.fixture
def panel(qtbot, theme):
    session = Session(presets.load("pendulum").experiment, InlineRunner(Mailbox()))
    made = shown(qtbot, ParametersPanel(session), 304, 220)
    yield made
    made.sweep.stop()


@pytest.fixture
def document(panel):
    return panel.session.document


def row(panel, name="b"):
    return panel._rows[name]


def settings(panel, name="b") -> SliderPopup:
    row(panel, name).settings.click()
    return panel._popup


def test_a_drag_is_one_step_and_the_text_follows_when_it_ends(panel, document):
    before = document.experiment
    slider = row(panel).slider
    middle, room = slider.height() / 2, slider.width() - 16
    texts = set()
    document.changed.connect(lambda old, new, label: texts.add(new.text))
    drag(slider, (slider.handle_x(), middle), (8 + room / 2, middle))
    assert document.experiment.parameters["b"] == slider.value
    assert f"b = {slider.value:g}" in document.experiment.text
    assert texts == {before.text, document.experiment.text}  # not at every move
    assert document.undo_label == "Set b"
    document.undo()
    assert document.experiment == before
    document.redo()
    slider.reset_requested.emit()
    assert document.experiment == before


def test_with_shift_the_handle_moves_a_tenth_and_a_digit_more(panel):
    slider = row(panel).slider
    middle = slider.height() / 2
    start, value = slider.handle_x(), slider.value
    mouse(slider, QEvent.Type.MouseButtonPress, start, middle)
    mouse(slider, QEvent.Type.MouseMove, start + 50, middle, keys=Qt.KeyboardModifier.ShiftModifier)
    way = (slider.value - value) / (slider.scale.high - slider.scale.low) * (slider.width() - 16)
    assert way == pytest.approx(5.0, abs=0.2)
    mouse(slider, QEvent.Type.MouseButtonRelease, start + 50, middle)


def test_a_parameter_swings_until_it_is_taken_and_that_is_one_step(panel, document):
    before = document.experiment
    settings(panel).play.click()
    assert panel.sweep.name == "b"
    panel.sweep._timer.stop()
    seen = []
    for _ in range(30):
        panel.sweep.advance(0.5)
        seen.append(document.experiment.parameters["b"])
    low, high = row(panel).slider.scale.low, row(panel).slider.scale.high
    assert min(seen) < low + 0.1 * (high - low)
    assert max(seen) > high - 0.1 * (high - low)
    assert all(low <= value <= high for value in seen)
    panel._grabbed("b")
    assert panel.sweep.name == ""
    assert (document.undo_label, document.experiment.values) == ("Animate b", {})
    document.undo()
    assert document.experiment == before


def test_the_motion_ends_when_the_value_comes_from_elsewhere(panel, document):
    settings(panel).play.click()
    panel.sweep._timer.stop()
    panel.sweep.advance(0.1)
    document.undo()
    assert panel.sweep.name == ""
    assert document.experiment.parameters["b"] == 0.25


def test_range_scale_and_lock_are_set_in_the_popup(panel, document):
    popup = settings(panel)
    assert not popup.scale._segments[2].enabled  # the range begins at 0
    popup.low.number_entered.emit(0.0)
    popup.low.set_number(0.01)
    popup.range_entered.emit(0.01, 4.0)
    assert "b = 0.25 in [0.01, 4]" in document.experiment.text
    assert popup.scale._segments[2].enabled
    assert not row(panel).slider.scale.logarithmic
    popup.scale_chosen.emit(True)
    assert row(panel).slider.scale.logarithmic
    popup.lock.click()
    assert not row(panel).slider.isEnabled()
    assert not popup.play.isEnabled()
    document.apply(edits.reset_parameters(document.experiment), "Reset parameters")
    assert document.undo_label == "Lock b"  # nothing was there to reset
    popup.hide()


def test_sets_of_values_are_kept_and_taken_with_a_click(panel, document):
    assert panel.snapshots.isHidden()
    panel.findChild(QObject, "keep-values").click()
    assert panel.snapshots.isVisible()
    row(panel).field.number_entered.emit(1.5)
    panel.findChild(QObject, "keep-values").click()
    chips = panel.snapshots._chips
    assert [chip.isChecked() for chip in chips.values()] == [False, True]
    chips["A"].click()
    assert document.experiment.parameters["b"] == 0.25
    assert document.undo_label == "Take the values A"
    assert [chip.isChecked() for chip in chips.values()] == [True, False]
    panel._rename("B", "strong")
    panel.snapshots.compare_requested.emit("strong")
    assert "dotted" in panel.snapshots._chips["strong"].toolTip()
