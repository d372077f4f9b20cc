"""Sums of terms as text, with numbers or with names for the coefficients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from string import ascii_lowercase

from odeplayground.expr.functions import RESERVED
from odeplayground.expr.numbers import format_number
from odeplayground.spec import Parameter

Summand = tuple[float, str]
"""A coefficient and the text of a term; ``1`` is the constant."""


def with_numbers(summands: Sequence[Summand]) -> str:
    """For example ``1.1*x - 0.4*x*y``."""
    return _sum([(value, "" if abs(value) == 1 else format_number(abs(value)), text) for value, text in summands])


class Naming:
    """Gives coefficients names that are not taken; those of size 1 need none."""

    def __init__(self, taken: Sequence[str]) -> None:
        self._names = _free_names(set(taken) | RESERVED)
        self.parameters: list[Parameter] = []

    def expression(self, summands: Sequence[Summand]) -> str:
        """For example ``a*x - b*x*y``, where the parameters are positive."""
        return _sum([(value, self._name(value), text) for value, text in summands])

    def _name(self, value: float) -> str:
        if abs(value) == 1:
            return ""
        parameter = Parameter(next(self._names), abs(value))
        self.parameters.append(parameter)
        return parameter.name


def _sum(summands: Sequence[tuple[float, str, str]]) -> str:
    """Of each summand its value for the sign, how its size is written ("" for 1), and its term."""
    pieces: list[str] = []
    for value, size, text in summands:
        product = "*".join(part for part in (size, "" if text == "1" else text) if part) or "1"
        sign = "-" if value < 0 else "+"
        pieces.append(f" {sign} {product}" if pieces else f"-{product}" if value < 0 else product)
    return "".join(pieces) or "0"


def _free_names(taken: set[str]) -> Iterator[str]:
    for round_ in count():
        for letter in ascii_lowercase:
            name = letter if not round_ else f"{letter}{round_}"
            if name not in taken:
                yield name
