"""The text follows the sliders; sets of values are kept, used, renamed and forgotten."""

from __future__ import annotations

import msgspec
import pytest

from odeplayground.session import UserError, bifurcation_request, edits, request, slider_edits
from odeplayground.session.retext import OWN
from odeplayground.storage import presets, project
from tests.unit.session.systems import experiment


def moved(start, **values):
    """As if sliders had been dragged there and let go."""
    for name, value in values.items():
        start = edits.set_parameter(start, name, value)
    return edits.follow_values(start)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("x' = -b*x; b = 0.25", "x' = -b*x; b = 0.5"),
        ("x' = -b*x\n  b   =  .25   # damping", "x' = -b*x\n  b   =  0.5   # damping"),
        ("x' = -b*x\r\nb=2.5e-1 in [0, 2]; c = 1\r\n", "x' = -b*x\r\nb=0.5 in [0, 2]; c = 1\r\n"),
        ("x' = -b*x\nb = −3  in [-4,4]", "x' = -b*x\nb = 0.5  in [-4,4]"),
        ("x' = -β*x\nβ = 1 # b = 7", "x' = -β*x\nβ = 0.5 # b = 7"),
    ],
)
def test_the_number_in_the_text_becomes_the_value_and_the_rest_stays(text, wanted):
    start = experiment(text)
    name = start.system.parameters[0]
    new = moved(start, **{name: 0.5})
    assert new.text == wanted
    assert new.parameters == start.parameters | {name: 0.5}
    assert new.values == {}
    assert edits.set_text(new, wanted).system == new.system
    assert edits.reset_parameter(new, name) == start  # to the letter as it was typed


def test_the_models_own_value_stays_until_another_is_typed():
    start = moved(experiment(), b=1.0, c=2.0)
    assert start.own_values == {"b": 0.25, "c": 5.0}
    assert moved(start, b=0.25).controls.defaults == {"c": "5"}
    typed = edits.set_text(start, start.text.replace("b = 1", "b = 3"))
    assert typed.own_values == {"b": 3.0, "c": 5.0}
    assert edits.reset_parameters(typed).parameters == {"b": 3.0, "c": 5.0}


def test_formulas_and_faulty_texts_keep_the_value_beside_the_text():
    formula = moved(experiment("x' = -b*x\nb = 2*pi"), b=1.0)
    assert formula.text.endswith("b = 2*pi")
    assert formula.parameters == {"b": 1.0}
    faulty = edits.set_text(experiment(), experiment().text + "\nx' = (")
    assert moved(faulty, b=1.0).values == {"b": 1.0}


def test_locked_parameters_stay_when_all_are_reset_or_set():
    start = moved(slider_edits.keep(experiment()), b=1.0, c=2.0)
    locked = slider_edits.set_slider(start, "b", locked=True)
    assert edits.reset_parameters(locked).parameters == {"b": 1.0, "c": 5.0}
    assert slider_edits.use(locked, "A").parameters == {"b": 1.0, "c": 5.0}
    assert slider_edits.set_slider(locked, "b", locked=False).controls.sliders == {}


def test_snapshots_come_back_in_the_text_too_and_go_round():
    first = slider_edits.keep(experiment())
    second = slider_edits.keep(moved(first, b=1.0))
    assert [one.name for one in second.controls.snapshots] == ["A", "B"]
    assert slider_edits.current(second) == "B"
    back = slider_edits.use(second, slider_edits.following(second))
    assert (back.parameters, back.text) == (first.parameters, first.text)
    assert slider_edits.following(back) == "B"
    renamed = slider_edits.rename(slider_edits.compare(back, "A"), "A", " weak  damping ")
    assert renamed.controls.compared == "weak damping"
    assert slider_edits.remove(renamed, "weak damping").controls.compared == ""
    with pytest.raises(UserError, match="already"):
        slider_edits.rename(renamed, "B", "weak damping")
    with pytest.raises(UserError, match="no sets"):
        slider_edits.following(experiment())


def test_the_settings_survive_a_file_and_older_files_have_none():
    start = moved(slider_edits.keep(presets.load("pendulum").experiment), b=0.5)
    start = slider_edits.set_slider(start, "b", logarithmic=True, loops=True, seconds=2.0)
    assert project.from_bytes(project.to_bytes(start)) == start
    older = msgspec.json.decode(project.to_bytes(start))
    del older["experiment"]["controls"]
    assert project.from_bytes(msgspec.json.encode(older)).controls == type(start.controls)()


@pytest.mark.parametrize(
    "controls",
    [
        {"defaults": {"b": "__import__('os')"}},
        {"defaults": {"q": "1"}},
        {"sliders": {"b": {"seconds": 0.0}}},
        {"snapshots": [{"name": "A", "values": {}}, {"name": "A", "values": {}}]},
        {"compared": "nothing"},
    ],
)
def test_files_with_senseless_settings_are_refused(controls):
    document = msgspec.json.decode(project.to_bytes(presets.load("pendulum").experiment))
    document["experiment"]["controls"] = controls
    with pytest.raises(ValueError, match="controls"):
        project.from_bytes(msgspec.json.encode(document))


def test_the_title_follows_when_the_text_is_replaced_by_another_system():
    start = presets.load("lotka-volterra").experiment
    x, y = start.system.states
    changed = edits.set_text(start, f"{start.text}\n{x}(0) = 3")
    assert (changed.name, changed.preset) == (start.name, start.preset)
    other = edits.set_text(start, f"{x}' = mu*{y}\n{y}' = -{x}\nmu = 1")
    assert (other.name, other.preset) == (OWN, "")


def test_letting_a_slider_go_computes_nothing_anew():
    dragged = edits.set_parameter(presets.load("lorenz").experiment, "rho", 20.0)
    settled = edits.follow_values(dragged)
    assert settled.text != dragged.text
    assert request.of_true(settled, (24, 18)).wanted() == request.of_true(dragged, (24, 18)).wanted()
    assert bifurcation_request.request_of(settled) == bifurcation_request.request_of(dragged)
