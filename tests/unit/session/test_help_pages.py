"""The pages of the help: every link leads somewhere, every formula can be set, every picture exists."""

from __future__ import annotations

import pytest

from odeplayground.gui.actions import ACTIONS
from odeplayground.gui.help.figures import FIGURES
from odeplayground.gui.widgets.typeset import from_latex, typeset
from odeplayground.session.help_pages import BlockKind, Page, page, pages, parse_target, rich
from odeplayground.storage import presets

WANTED = {
    "dynamical-systems",
    "any-time",
    "equilibria",
    "limit-cycles",
    "bifurcations",
    "resnet",
    "adjoint",
    "stiff",
    "training",
    "comparison",
    "equations",
    "own-data",
}


def test_all_pages_are_there_and_each_can_be_tried():
    assert {one.key for one in pages()} == WANTED
    for one in pages():
        kinds = [parse_target(target)[0] for target in one.targets]
        assert "preset" in kinds or "action" in kinds, one.key
        assert one.title
        assert one.summary.endswith((".", "?"))


@pytest.mark.parametrize("one", pages(), ids=lambda one: one.key)
def test_every_link_leads_somewhere(one: Page):
    for target in one.targets:
        kind, name, values = parse_target(target)
        if kind == "preset":
            experiment = presets.load(name).experiment
            assert set(values) <= set(experiment.parameters)
        elif kind == "page":
            assert page(name)
        else:
            assert kind == "action"
            assert name in {spec.name for spec in ACTIONS}


@pytest.mark.parametrize("one", pages(), ids=lambda one: one.key)
def test_every_formula_can_be_set_and_every_picture_exists(one: Page):
    for block in one.blocks:
        if block.kind is BlockKind.FORMULA:
            assert "<svg" in typeset(from_latex(block.text), 20.0)
            assert "&amp;" not in from_latex(block.text)
        elif block.kind is BlockKind.FIGURE:
            assert block.target in FIGURES
        elif block.kind is BlockKind.PRESET:
            assert block.target in presets.presets()
        assert "$$" not in block.text


def test_marks_inside_lines():
    assert rich("a < *b* and `x*y*z`") == "a &lt; <i>b</i> and <code>x*y*z</code>"
    assert rich("see [there](page:stiff)") == 'see <a href="page:stiff">there</a>'
    assert parse_target("preset:van-der-pol?mu=5&k=-1") == ("preset", "van-der-pol", {"mu": 5.0, "k": -1.0})
