"""Numbers as text, and text as numbers."""

from __future__ import annotations

import math
import re

from odeplayground.expr.faults import FaultError
from odeplayground.expr.lexer import Lexeme
from odeplayground.expr.limits import MAX_DIGITS

_LARGEST_WHOLE = 1e16
_EXPONENT_ZEROS = re.compile(r"e([+-]?)0*")


def format_number(value: float) -> str:
    """The shortest text that reads as the same number: ``3``, ``0.25``, ``1e-7``."""
    value = float(value)
    if value.is_integer() and abs(value) < _LARGEST_WHOLE:
        return str(int(value))
    return _EXPONENT_ZEROS.sub(lambda match: "e" + match[1].replace("+", ""), repr(value))


def read_number(lexeme: Lexeme) -> float:
    """The value of a number.

    Raises:
        FaultError: if it has several decimal points, too many digits, or lies outside of what a float can hold.
    """
    start, end, text = lexeme.start, lexeme.end, lexeme.text
    if len(text) > MAX_DIGITS:
        raise FaultError(start, end, "This number has too many digits.", "A number keeps about 16 digits.")
    try:
        value = float(text)
    except ValueError:
        raise FaultError(start, end, f'"{text}" is not a number.', "A number has one decimal point.") from None
    if math.isinf(value):
        raise FaultError(start, end, f"{text} is too large.", "Numbers go up to about 1.8e308.")
    if value == 0 and re.split("[eE]", text)[0].strip("0."):
        raise FaultError(start, end, f"{text} is too small.", "Write 0, or a number above 1e-307.")
    return value


def mantissa_and_exponent(value: float) -> tuple[str, int | None]:
    """The number as shown: ``("0.25", None)`` or ``("2.5", -7)`` for 2.5e-7."""
    mantissa, _, exponent = format_number(value).partition("e")
    return mantissa, int(exponent) if exponent else None
