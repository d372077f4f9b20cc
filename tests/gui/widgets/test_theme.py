from __future__ import annotations

import itertools
import re
import subprocess
import sys

import msgspec
import pytest
from PySide6.QtGui import QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QLabel

from odeplayground.gui.theme import DARK, LIGHT, fonts, icons, theme, variable_dash
from odeplayground.gui.theme.theme import palette
from odeplayground.gui.widgets.labels import label
from tests.gui.widgets.helpers import colors, contrast, picture, shown

BOTH = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])

ICONS = re.findall(
    r"\S+",
    """
pause-fill play-fill stop-fill skip-forward-fill skip-back flag arrow-u-up-left arrow-u-up-right magnifying-glass
caret-down caret-right caret-up dots-three arrow-counter-clockwise stack corners-out cube star plus x
warning-circle-fill check-circle-fill moon sun folder-open check-bold
""",
)


@BOTH
@pytest.mark.parametrize("text", ["text", "text2", "text3", "accent_text", "error", "ok", "warn"])
@pytest.mark.parametrize("plane", ["surface", "chrome"])
def test_text_has_contrast(tokens, text, plane):
    assert contrast(getattr(tokens, text), getattr(tokens, plane)) >= 4.5


@BOTH
@pytest.mark.parametrize("text", ["v1", "v2", "num", "tick"])
def test_text_in_plots_and_code_has_contrast(tokens, text):
    assert contrast(getattr(tokens, text), tokens.surface) >= 4.5


@BOTH
@pytest.mark.parametrize(
    ("text", "plane"),
    [
        ("on_accent", "accent"),
        ("text", "accent_soft"),
        ("text2", "accent_soft"),
        ("accent_text", "error_soft"),
        ("text2", "error_soft"),
        ("text", "sunken"),
        ("text2", "sunken"),
        ("text", "hover"),
        ("text", "raised"),
    ],
)
def test_text_has_contrast_on_tinted_planes(tokens, text, plane):
    assert contrast(getattr(tokens, text), getattr(tokens, plane)) >= 4.5


@BOTH
def test_every_token_is_a_color(tokens):
    fields = msgspec.structs.asdict(tokens)
    fields.pop("name")
    fields.pop("shadow")
    flat = itertools.chain(fields.pop("error_map"), fields.values())
    assert all(re.fullmatch("#[0-9A-F]{6}", color) for color in flat)
    assert tokens.error_map[0] == tokens.surface, "no error must look like empty paper"


@BOTH
def test_every_role_of_the_palette_is_set(tokens):
    made = palette(tokens)
    roles = [
        role for role in QPalette.ColorRole if role not in (QPalette.ColorRole.NoRole, QPalette.ColorRole.NColorRoles)
    ]
    unset = [role.name for role in roles if not made.isBrushSet(QPalette.ColorGroup.Active, role)]
    assert unset in ([], ["NoRole"])
    assert made.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text).name().upper() == tokens.text3


def test_colors_repeat_with_a_dash():
    assert [LIGHT.variable(index) for index in (0, 4, 5)] == [LIGHT.v1, LIGHT.v5, LIGHT.v1]
    assert variable_dash(4) is None
    assert variable_dash(5) is not None
    assert variable_dash(5) != variable_dash(10)


def test_one_theme_for_the_application(theme):
    from odeplayground.gui.theme import theme as accessor

    assert accessor() is theme
    assert theme.parent() is QApplication.instance()


def test_change_dresses_everything_and_tells(qtbot, theme):
    text = shown(qtbot, label("Words that are wide enough", tone="text2"))
    with qtbot.waitSignal(theme.changed):
        theme.set("dark")
    assert QApplication.palette().color(QPalette.ColorRole.Window).name().upper() == DARK.surface
    assert text.palette().color(QPalette.ColorRole.WindowText).name().upper() == DARK.text2
    with qtbot.waitSignal(theme.changed):
        theme.toggle()
    assert theme.name == "light"
    assert text.palette().color(QPalette.ColorRole.WindowText).name().upper() == LIGHT.text2


def test_same_theme_again_is_silent(qtbot, theme):
    with qtbot.assertNotEmitted(theme.changed):
        theme.set("light")


def test_unknown_theme_is_refused(theme):
    with pytest.raises(ValueError, match="choose one of light, dark"):
        theme.set("sepia")


def test_color_with_alpha(theme):
    assert theme.color("accent").name().upper() == LIGHT.accent
    assert theme.color("accent", 0.5).alphaF() == pytest.approx(0.5, abs=0.01)


def test_shipped_faces_are_used(qapp):
    families = [QFontInfo(font).family() for font in (fonts.ui(), fonts.ui(13, 600), fonts.mono(), fonts.math())]
    assert families == ["Inter", "Inter", "JetBrains Mono", "STIX Two Math"]


def test_digits_have_equal_width(qtbot):
    text = QLabel()
    qtbot.addWidget(text)
    text.setFont(fonts.ui(13))
    widths = {text.fontMetrics().horizontalAdvance(digit * 20) for digit in "0123456789"}
    assert len(widths) == 1


@pytest.mark.parametrize("name", ICONS)
def test_icons_exist_and_paint_something(qapp, name):
    image = icons.pixmap(name, "text").toImage()
    assert any(image.pixelColor(x, y).alpha() for x in range(16) for y in range(16))


def test_unknown_icon_is_an_error(qapp):
    with pytest.raises(KeyError):
        icons.icon("wave-sine")


def test_icons_follow_the_theme(theme):
    icon = icons.icon("stop-fill", "text")
    light = icon.pixmap(16, 16).toImage().pixelColor(8, 8)
    theme.set("dark")
    dark = icon.pixmap(16, 16).toImage().pixelColor(8, 8)
    assert (light.name().upper(), dark.name().upper()) == (LIGHT.text, DARK.text)


def test_disabled_icons_are_tertiary(theme):
    icon = icons.icon("stop-fill", "text")
    image = icon.pixmap(16, 16, icon.Mode.Disabled).toImage()
    assert image.pixelColor(8, 8).name().upper() == LIGHT.text3


def test_planes_are_painted(qtbot, either_theme):
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QWidget

    plane = QWidget()
    plane.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    plane.setProperty("plane", "chrome")
    shown(qtbot, plane, 20, 20)
    assert set(colors(picture(plane))) == {theme().tokens.chrome}


def test_theme_and_widgets_import_nothing_heavy():
    code = (
        "import sys, importlib, pkgutil, odeplayground.gui.theme, odeplayground.gui.widgets as w\n"
        "names = {m.name for m in pkgutil.iter_modules(w.__path__)} - {'typeset_rows'}\n"
        "for name in names: importlib.import_module(f'{w.__name__}.{name}')\n"
        "heavy = {'qtawesome', 'ziamath', 'numpy', 'scipy', 'torch', 'pyqtgraph', 'matplotlib'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
