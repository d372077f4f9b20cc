from __future__ import annotations

import pytest

from odeplayground.gui.theme import DARK, LIGHT
from odeplayground.gui.widgets import equation_view
from odeplayground.gui.widgets.equation_view import EquationView
from odeplayground.gui.widgets.typeset import colored, typeset
from odeplayground.spec import Equation
from tests.gui.widgets.helpers import colors, picture, shown


def variable(letter, mark):
    return f'<mi mathcolor="{mark}">{letter}</mi>'


THETA = Equation("theta", "a", variable("θ", "@state0") + "<mo>=</mo>" + variable("ω", "@state1"))
OMEGA = Equation(
    "omega", "b", variable("ω", "@state1") + "<mo>=</mo><mo>−</mo>" + variable("b", "@param") + variable("ω", "@state1")
)
WIDE = Equation("z", "c", variable("z", "@state2") + "<mo>=</mo>" + "<mo>+</mo>".join([variable("x", "@state0")] * 20))


@pytest.fixture
def view(qtbot, theme):
    widget = shown(qtbot, EquationView(), 304, 100)
    widget.set_equations((THETA, OMEGA))
    settle(qtbot, widget)
    return widget


def settle(qtbot, widget):
    qtbot.waitUntil(lambda: widget.ready, timeout=30_000)


def test_lines_in_the_hues_of_their_variables(view, theme):
    assert view.names == ("theta", "omega")
    seen = colors(picture(view))
    assert LIGHT.v1 in seen
    assert LIGHT.v2 in seen
    assert seen[LIGHT.surface] > 0.8 * view.width() * view.height()


def test_theme_change_recolors_without_typesetting(view, theme, monkeypatch):
    monkeypatch.setattr(equation_view, "typeset", None)
    theme.set("dark")
    seen = colors(picture(view))
    assert DARK.v1 in seen
    assert LIGHT.v1 not in seen


def test_a_burst_of_changes_sets_only_the_last(qtbot, view, monkeypatch):
    calls: list[str] = []

    def counting(mathml, size):
        calls.append(mathml)
        return typeset(mathml, size)

    monkeypatch.setattr(equation_view, "typeset", counting)
    for count in range(1, 6):
        view.set_equations((THETA,) * count)
    assert view.names == ("theta", "omega"), "the old lines stay until the new ones are ready"
    settle(qtbot, view)
    assert len(calls) == 5
    assert len(view.names) == 5


def test_same_equations_again_cost_nothing(view):
    view.set_equations((THETA, OMEGA))
    assert view.ready


def test_wide_lines_shrink_to_fit(qtbot, view):
    natural = view.heightForWidth(2000)
    view.set_equations((THETA, WIDE))
    settle(qtbot, view)
    assert view.heightForWidth(304) < natural + 10
    image = picture(view)
    right = [image.pixelColor(x, y).name().upper() for x in range(292, 304) for y in range(image.height())]
    assert set(right) == {LIGHT.surface}


def test_no_equations_take_no_room(qtbot, view):
    view.set_equations(())
    settle(qtbot, view)
    assert view.heightForWidth(304) == 0
    picture(view)


def test_markup_that_cannot_be_read_is_left_out(qtbot, view):
    view.set_equations((THETA, Equation("bad", "", "<mi>x</mi")))
    settle(qtbot, view)
    assert view.names == ("theta",)


def test_current_equation_is_tinted(view, either_theme):
    assert either_theme.tokens.accent_soft not in colors(picture(view))
    view.set_current("omega")
    assert either_theme.tokens.accent_soft in colors(picture(view))


def test_latex_for_screen_readers(view):
    assert view.accessibleDescription() == "a, b"


def test_placeholders_become_colors():
    text = 'fill="@state0" fill="@state11" fill="@param" fill="@def" fill="@unheard"'
    expected = f'fill="{LIGHT.v1}" fill="{LIGHT.v2}" fill="{LIGHT.text}" fill="{LIGHT.text}" fill="{LIGHT.text}"'
    assert colored(text, LIGHT) == expected


def test_nothing_stays_black():
    svg = colored(typeset("<mi>x</mi><mo>=</mo><mfrac><mn>1</mn><mn>2</mn></mfrac><msqrt><mi>y</mi></msqrt>", 20), DARK)
    assert DARK.text in svg
    assert "@" not in svg
    assert "black" not in svg


def nested(depth):
    """A fraction in fences in a fraction, and so on."""
    inner = "<mi>x</mi>"
    for _ in range(depth):
        fenced = f'<mrow><mo stretchy="true">(</mo><mrow>{inner}</mrow><mo stretchy="true">)</mo></mrow>'
        inner = f"<mfrac><mrow><mn>1</mn><mo>+</mo>{fenced}</mrow><mn>2</mn></mfrac>"
    return inner


def test_quick_rows_set_the_same_picture(monkeypatch):
    quick = typeset(nested(2), 19.0)
    monkeypatch.delattr("odeplayground.gui.widgets.typeset_rows.QuickRow._get_height_nostretch")
    typeset.cache_clear()
    assert typeset(nested(2), 19.0) == quick


def test_work_grows_with_the_size_and_not_with_two_to_the_depth(monkeypatch):
    from ziamath.nodes.mnode import Mnode

    made = 0
    original = Mnode.__init__

    def counting(self, *args, **options):
        nonlocal made
        made += 1
        original(self, *args, **options)

    monkeypatch.setattr(Mnode, "__init__", counting)
    counts = []
    for depth in (4, 8):
        made = 0
        typeset.cache_clear()
        typeset(nested(depth), 18.0)
        counts.append(made)
    assert counts[1] < 6 * counts[0]  # twice the depth: at most the square, not the power
