"""Where ticks stand and what they say. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Sequence

MINUS = "\u2212"
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LONGEST = 6
_MOST = 100
_QUARTERS = 1.6
"""Quarters of pi are harder to read than halves and get this much more room."""


def nice_step(span: float, room: float, least: float) -> float:
    """A step of 1, 2 or 5 times a power of ten so that ticks over ``span`` are ``least`` pixels apart in ``room``."""
    if not (span > 0 and math.isfinite(span) and room > 0):
        return 1.0
    raw = span * least / room
    power = 10.0 ** math.floor(math.log10(raw))
    for factor in (1.0, 2.0, 5.0):
        if factor * power >= raw * (1 - 1e-9):
            return factor * power
    return 10.0 * power


def angle_step(span: float, room: float, least: float) -> float | None:
    """A step in fractions or multiples of pi; ``None`` where the span is too small for them to help."""
    if not (span > 0 and math.isfinite(span) and room > 0):
        return None
    raw = span * least / room / math.pi
    if raw <= 1 / 8:
        return None
    if raw * _QUARTERS <= 1 / 4:
        return math.pi / 4
    for share in (1 / 2, 1.0, 2.0):
        if share >= raw * (1 - 1e-9):
            return share * math.pi
    return 2.0 * math.pi * 10.0 ** math.ceil(math.log10(raw / 2.0))


def positions(low: float, high: float, step: float) -> list[float]:
    """Multiples of the step between two bounds."""
    if not (step > 0 and math.isfinite(low) and math.isfinite(high)):
        return []
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [k * step for k in range(first, min(last, first + _MOST) + 1)]


def plain(values: Sequence[float], step: float) -> list[str]:
    """Decimal numbers with just the digits that the step needs; powers of ten where that would be long."""
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0
    labels = [f"{value:.{decimals}f}".replace("-", MINUS) for value in values]
    labels = [label.lstrip(MINUS) if not label.strip(MINUS + "0.") else label for label in labels]
    if max((len(label) for label in labels), default=0) <= _LONGEST:
        return labels
    exponent = math.floor(math.log10(max(map(abs, values))) + 1e-9)
    digits = max(0, exponent - math.floor(math.log10(step) + 1e-9))
    return [_scientific(value, step, exponent, digits) for value in values]


def _scientific(value: float, step: float, exponent: int, digits: int) -> str:
    if abs(value) < step / 2:
        return "0"
    mantissa = f"{value / 10.0**exponent:.{min(digits, 6)}f}".replace("-", MINUS)
    return f"{mantissa}·{power_of_ten(exponent)}"


def angle(value: float) -> str:
    """A multiple of pi / 4 as text, such as 3π/2."""
    quarters = round(value / (math.pi / 4))
    if quarters == 0:
        return "0"
    common = math.gcd(quarters, 4)
    above, below = abs(quarters) // common, 4 // common
    text = ("" if above == 1 else str(above)) + "π" + ("" if below == 1 else f"/{below}")
    return (MINUS if quarters < 0 else "") + text


def power_of_ten(exponent: float) -> str:
    """10 to an integer, set with superscripts."""
    return "10" + str(round(exponent)).translate(_SUPERSCRIPTS)
