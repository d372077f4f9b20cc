"""Numbers and assignments as they are typed on the command line."""

from __future__ import annotations

import math
from argparse import ArgumentTypeError
from collections.abc import Callable
from typing import TypeVar

from odeplayground.spec import Choice

AChoice = TypeVar("AChoice", bound=Choice)

_STATE = "unused_state_of_the_command_line"


def assignment(text: str) -> tuple[str, float]:
    """``theta=pi/2`` as a name, spelled as the equations spell it, and a number.

    The equations' own grammar reads it, so that ``θ`` and constant arithmetic work here too.
    """
    from odeplayground import expr

    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip() or any(sign in text for sign in ";#\n"):
        raise ArgumentTypeError(f"expected NAME=VALUE, such as b=0.1, not {text!r}")
    result = expr.parse(f"{text}\n{_STATE}' = 0")
    if result.system is None:
        problem = result.problems[0]
        raise ArgumentTypeError(f"{text!r}: {problem.message} {problem.suggestion}".strip())
    if len(result.system.constants) != 1 or result.system.definitions:
        raise ArgumentTypeError(f"expected NAME=VALUE, such as b=0.1, not {text!r}")
    constant = result.system.constants[0]
    return constant.name, constant.value


def number(text: str) -> float:
    """A finite number, such as ``0.1``, ``2*pi`` or ``1e-6``."""
    try:
        value = float(text)
    except ValueError:
        _, value = assignment(f"{_STATE}_value={text}")
    if not math.isfinite(value):
        raise ArgumentTypeError(f"expected a finite number, not {text!r}")
    return value


def positive(text: str) -> float:
    """A number above zero."""
    value = number(text)
    if value <= 0:
        raise ArgumentTypeError(f"expected a number above zero, not {text!r}")
    return value


def count(text: str) -> int:
    """A whole number from 1 on."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"expected a whole number from 1 on, not {text!r}")
    return int(text)


def member(kind: type[AChoice]) -> Callable[[str], AChoice]:
    """A reader of one of the members of a choice."""

    def read(text: str) -> AChoice:
        for choice in kind:
            if choice == text.lower():
                return choice
        raise ArgumentTypeError(f"expected one of {', '.join(map(str, kind))}, not {text!r}")

    return read
