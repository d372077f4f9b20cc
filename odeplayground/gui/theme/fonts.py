"""The three faces of the window, with digits of equal width."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

from odeplayground import assets

UI_FAMILIES = [
    "Inter",
    "Segoe UI Variable Text",
    "Segoe UI",
    "SF Pro Text",
    "Helvetica Neue",
    "Noto Sans",
    "DejaVu Sans",
]
MONO_FAMILIES = ["JetBrains Mono", "Cascadia Mono", "SF Mono", "Menlo", "Consolas", "DejaVu Sans Mono"]
MATH_FAMILIES = ["STIX Two Math", "Cambria Math", "DejaVu Math TeX Gyre", "DejaVu Serif"]

_FONT_SUFFIXES = {".otf", ".ttf"}


def load() -> None:
    """Make the shipped fonts known to Qt. Needs a QGuiApplication; call it once."""
    for path in _files():
        QFontDatabase.addApplicationFont(str(path))


def ui(px: float = 13, weight: int = 400) -> QFont:
    """The face of everything that is read: labels, buttons, values."""
    font = _font(UI_FAMILIES, px, weight)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def mono(px: float = 12) -> QFont:
    """The face of code."""
    font = _font(MONO_FAMILIES, px, 400)
    font.setFixedPitch(True)
    return font


def math(px: float = 16) -> QFont:
    """The face of symbols.

    Its line height is huge: draw at a baseline, never in a rich-text label.
    """
    return _font(MATH_FAMILIES, px, 400)


def package_file(package: str, pattern: str) -> Path | None:
    """A data file of an installed package, found without importing it (importing costs up to 0.4 s)."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return max(Path(spec.submodule_search_locations[0]).glob(pattern), default=None)


def _font(families: list[str], px: float, weight: int) -> QFont:
    font = QFont()
    font.setFamilies(families)
    font.setPixelSize(round(px))
    font.setWeight(QFont.Weight(weight))
    # Hinted outlines would make widths jump between sizes and platforms.
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _files() -> list[Path]:
    files = sorted(path for path in assets.fonts().iterdir() if path.suffix in _FONT_SUFFIXES)
    stix = package_file("ziamath", "fonts/STIXTwoMath-Regular.ttf")
    return [*files, stix] if stix else files
