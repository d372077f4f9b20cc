"""Every shipped preset is complete, loads, and shows a first picture that fits its window."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import assets, expr
from odeplayground.storage import presets
from odeplayground.storage.errors import FileProblem
from odeplayground.storage.preset_file import read

NAMES = presets.presets()
EXPECTED = [
    "pendulum",
    "cooling",
    "reversible-reaction",
    "reaction-chain",
    "lotka-volterra",
    "van-der-pol",
    "fitzhugh-nagumo",
    "lorenz",
    "brusselator",
    "duffing",
    "sir",
    "robertson",
]


def test_the_order_of_the_menu():
    assert NAMES[: len(EXPECTED)] == EXPECTED


def test_nothing_else_lies_in_the_folder():
    assert {path.name for path in assets.presets().iterdir()} == {f"{name}.toml" for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_words(name):
    preset = presets.load(name)
    assert preset.name == name
    assert preset.title
    assert 1 <= len(preset.summary.split()) <= 7
    assert not preset.summary.endswith(".")
    assert 2 <= preset.story.count(".") + preset.story.count("?") <= 4
    assert len(preset.source) > 40
    assert any(str(year) in preset.source for year in range(1700, 2026)), "a source has a year"
    assert preset.tags
    assert set(preset.tags) <= set(presets.CATEGORIES)


@pytest.mark.parametrize("name", NAMES)
def test_the_editor_text_is_what_runs(name):
    preset = presets.load(name)
    assert expr.parse(preset.text).system == preset.system == presets.preset(name)
    assert preset.experiment.text == preset.text
    assert preset.experiment.system == preset.system
    assert preset.experiment.preset == name


@pytest.mark.parametrize("name", NAMES)
def test_sliders_hold_their_values(name):
    for parameter in presets.preset(name).constants:
        assert parameter.low is not None, parameter.name
        assert parameter.low < parameter.value < parameter.high, parameter.name


@pytest.mark.parametrize("name", NAMES)
def test_starting_points_lie_in_the_window(name):
    experiment = presets.load(name).experiment
    system, view = experiment.system, experiment.view
    assert experiment.starts[0] == system.initial
    assert len(set(experiment.starts)) == len(experiment.starts) >= 2
    for start in experiment.starts:
        point = dict(zip(system.states, start, strict=True)) | {"t": system.t_span[0]}
        assert view.x_range[0] <= point[view.x] <= view.x_range[1]
        assert view.y_range[0] <= point[view.y] <= view.y_range[1]


@pytest.mark.parametrize("name", NAMES)
def test_units_and_laws_name_what_exists(name):
    preset = presets.load(name)
    system = preset.system
    known = {*system.states, *system.parameters, *(definition.name for definition in system.definitions), "t"}
    assert set(preset.experiment.units) <= known
    for law in preset.laws:
        assert set(law.when) <= set(system.parameters)
        assert expr.parse(f"{preset.text}\nlaw_of_this_test = {law.expression}").problems == ()
    assert list(preset.invariants) == [law.name for law in preset.laws]


def test_measured_data_are_those_of_the_file():
    experiment = presets.load("lynx-hare").experiment
    assert experiment.plan.from_file
    assert experiment.data.states == experiment.system.states
    assert experiment.data.source == "lynx_hare.csv"
    (years,), (numbers,) = map(np.asarray, experiment.data.times), map(np.asarray, experiment.data.values)
    assert (years == np.arange(1900, 1921)).all()
    assert numbers[:, [0, 3]].tolist() == [[30.0, 77.4], [4.0, 35.2]]
    assert [name for name in NAMES if presets.load(name).experiment.data is not None] == ["lynx-hare"]


def test_cards_tell_the_same_without_parsing(monkeypatch):
    expected = [(p.name, p.title, p.summary, p.tags, p.story, p.source) for p in map(presets.load, NAMES)]
    monkeypatch.setattr(expr, "parse", None)
    cards = presets.cards()
    assert [(card.name, card.title, card.summary, card.tags, card.story, card.source) for card in cards] == expected


def test_every_category_has_systems():
    assert {tag for card in presets.cards() for tag in card.tags} == set(presets.CATEGORIES)


def test_a_preset_is_read_once():
    assert presets.load("pendulum") is presets.load("pendulum")


def test_the_pendulum_is_the_one_of_the_first_start():
    experiment = presets.load("pendulum").experiment
    assert experiment.parameters == {"b": 0.25, "c": 5.0}
    assert experiment.starts[0] == (3.141592653589793 - 0.1, 0.0)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("pendulumm", "pendulum"), ("Lotka Volterra", "lotka-volterra"), ("van_der_pol", "van-der-pol"), ("SIR", "sir")],
)
def test_a_misspelt_name_gets_a_suggestion(wrong, right):
    with pytest.raises(ValueError, match=f'There is no preset "{wrong}". Did you mean "{right}"?'):
        presets.load(wrong)


@pytest.mark.parametrize("wrong", ["", "zzzzzz", "../../secret"])
def test_an_unknown_name_gets_the_list(wrong):
    with pytest.raises(ValueError, match=r"There are: pendulum, cooling, "):
        presets.load(wrong)


@pytest.mark.parametrize(
    "change",
    [("title = ", "heading = "), ("[window]", "[windows]"), ('"pendulum"', '"yo-yo"'), ("5.6]", "NaN"), ("=", "")],
)
def test_a_faulty_file_says_so(tmp_path, change):
    text = (assets.presets() / "pendulum.toml").read_text(encoding="utf-8")
    path = tmp_path / "faulty.toml"
    path.write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(FileProblem, match=r"faulty\.toml: The preset cannot be read"):
        read(path)


def test_faulty_equations_say_in_which_line(tmp_path, monkeypatch):
    text = (assets.presets() / "pendulum.toml").read_text(encoding="utf-8")
    (tmp_path / "faulty.toml").write_text(text.replace("theta' = omega", "theta' = omeega"), encoding="utf-8")
    monkeypatch.setattr(assets, "presets", lambda: tmp_path)
    with pytest.raises(FileProblem, match="Line 1: "):
        presets.load("faulty")
