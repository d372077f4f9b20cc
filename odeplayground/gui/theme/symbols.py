"""Names and numbers as text: mathematical italics, subscripts, a real minus."""

from __future__ import annotations

import math
import re
from functools import lru_cache

_GREEK_NAMES = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "epsilon": "ε",
    "zeta": "ζ",
    "eta": "η",
    "theta": "θ",
    "iota": "ι",
    "kappa": "κ",
    "lambda": "λ",
    "mu": "μ",
    "nu": "ν",
    "xi": "ξ",
    "omicron": "ο",
    "pi": "π",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "upsilon": "υ",
    "phi": "φ",
    "chi": "χ",
    "psi": "ψ",
    "omega": "ω",
}
_ITALIC_H = "\u210e"  # the block of italic letters has a hole where Planck's constant had been before

_ITALIC_BLOCKS = (("a", "z", 0x1D44E), ("A", "Z", 0x1D434), ("α", "ω", 0x1D6FC), ("Α", "Ω", 0x1D6E2))

_SUBSCRIPTS = dict(zip("0123456789+-aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_SUPERSCRIPTS = str.maketrans("+-0123456789", "⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_FROM_SUPERSCRIPTS = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "+-0123456789-")

_NAME = re.compile(r"(?P<stem>[^\W\d_]+)(?P<index>_?\d+|_\w+)?$")
_POWER_OF_TEN = re.compile(r"\s*[×x*·]\s*10\s*\^?\s*([+-]?\d+)$")

MINUS = "\u2212"
_LARGEST_PLAIN = 1e6
_SMALLEST_PLAIN = 1e-3


@lru_cache(maxsize=512)
def symbol(name: str) -> str:
    """A state's or parameter's name as mathematical text: ``theta`` gives 𝜃, ``k1`` gives 𝑘₁.

    Names that Unicode cannot set this way come back unchanged.
    """
    match = _NAME.match(name)
    if match is None:
        return name
    stem = _italic(match["stem"])
    index = (match["index"] or "").lstrip("_")
    if stem is None or any(character not in _SUBSCRIPTS for character in index):
        return name
    return stem + "".join(_SUBSCRIPTS[character] for character in index)


def superscript(exponent: int) -> str:
    """An integer as superscript digits: -6 gives ⁻⁶."""
    return str(exponent).translate(_SUPERSCRIPTS)


def number(value: float, digits: int = 2) -> str:
    """A number for reading, with ``digits`` decimals and a real minus; powers of ten from a million on."""
    if not math.isfinite(value):
        return _not_finite(value)
    if abs(value) >= _LARGEST_PLAIN:
        return _scientific(f"{value:.{max(1, digits)}e}")
    text = f"{value:.{digits}f}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", MINUS)


def significant(value: float, digits: int = 3) -> str:
    """A number for reading with this many significant digits, such as a loss: 0.011, 1.2×10⁻⁶."""
    if not math.isfinite(value):
        return _not_finite(value)
    if value and not _SMALLEST_PLAIN <= abs(value) < _LARGEST_PLAIN:
        return _scientific(f"{value:.{digits - 1}e}")
    decimals = digits - 1 - math.floor(math.log10(abs(value))) if value else 0
    return number(value, max(0, decimals))


def shortest(value: float, significant: int = 6) -> str:
    """A number for editing: as short as ``significant`` digits allow, in a form that :func:`parse_number` reads."""
    return f"{value:.{significant}g}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e").replace("-", MINUS)


def parse_number(text: str) -> float | None:
    """The finite number that a person typed, or ``None``. Reads what :func:`number` and :func:`shortest` write."""
    plain = text.strip().translate(_FROM_SUPERSCRIPTS)
    plain = _POWER_OF_TEN.sub(r"e\1", plain)
    if "_" in plain:
        return None
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _not_finite(value: float) -> str:
    if math.isnan(value):
        return "–"
    return "∞" if value > 0 else MINUS + "∞"


def _scientific(text: str) -> str:
    mantissa, exponent = text.split("e")
    return f"{mantissa.replace('-', MINUS)}×10{superscript(int(exponent))}"


def _italic(stem: str) -> str | None:
    if stem.lower() in _GREEK_NAMES and stem in (stem.lower(), stem.capitalize()):
        greek = _GREEK_NAMES[stem.lower()]
        stem = greek if stem[0].islower() else greek.upper()
    letters = [_italic_letter(letter) for letter in stem]
    return None if None in letters else "".join(letter for letter in letters if letter)


def _italic_letter(letter: str) -> str | None:
    if letter == "h":
        return _ITALIC_H
    for first, last, italic in _ITALIC_BLOCKS:
        if first <= letter <= last:
            return chr(italic + ord(letter) - ord(first))
    return None
