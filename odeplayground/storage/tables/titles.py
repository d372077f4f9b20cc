"""Titles of columns, with units; and names for states made from them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from odeplayground.expr.functions import RESERVED
from odeplayground.expr.names import canonical

_UNIT = re.compile(r"(.*\S)\s*[\[(]\s*([^\[\]()]*?)\s*[\])]", re.DOTALL)
_NO_UNITS = frozenset({"t", "time", ""})
"""In brackets these are no units: ``x(t)``."""
_LONGEST, _LONGEST_TITLE = 24, 80


def title_and_unit(cell: str) -> tuple[str, str]:
    """``x [m]`` and ``x (m)`` as ``x`` and ``m``."""
    title = cell.strip()[:_LONGEST_TITLE]
    found = _UNIT.fullmatch(title)
    if not found:
        return title, ""
    unit = found[2]
    return found[1], "" if unit.lower() in _NO_UNITS else unit


def are_units(cells: Sequence[str]) -> bool:
    """Whether a line under the titles holds units in brackets."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(cell[0] in "[(" and cell[-1] in ")]" for cell in filled)


def state_name(title: str, taken: Collection[str] = ()) -> str:
    """A name that equations can have, as near to the title as possible, and none of those taken."""
    name = re.sub(r"\W+", "_", canonical(title.strip()), flags=re.ASCII).strip("_")[:_LONGEST].rstrip("_")
    if not name:
        name = "x"
    if not name[0].isalpha():
        name = f"x_{name}"
    if name in RESERVED:
        name = f"{name}_1"
    whole, number = name, 1
    while whole in taken:
        number += 1
        whole = f"{name}_{number}"
    return whole
