"""How names are shown: Greek letters as letters, ``k_1`` and ``k1`` with a subscript."""

from __future__ import annotations

import re
from typing import NamedTuple

from odeplayground.expr.names import GREEK

_INDEXED = re.compile(r"([A-Za-z]+?)_?([0-9]+)")


class Shown(NamedTuple):
    """A name, taken apart."""

    base: str
    subscripts: tuple[str, ...] = ()


def shown(name: str) -> Shown:
    """The base of a name and its subscripts: ``k_1`` is k with 1, ``x_max`` is x with max, ``rate`` is itself."""
    base, *subscripts = name.split("_")
    if not base or not all(subscripts):
        return Shown(name)
    indexed = _INDEXED.fullmatch(base)
    if indexed:
        return Shown(indexed[1], (indexed[2], *subscripts))
    return Shown(base, tuple(subscripts))


def is_symbol(part: str) -> bool:
    """Whether a part of a name is one letter, to be set in italics."""
    return part in GREEK or (len(part) == 1 and part.isalpha())
