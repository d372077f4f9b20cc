"""What a cell says: a number, a date, nothing, or a text."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

_MISSING = frozenset({"", "na", "n/a", "nan", "#n/a", "null", "none", "-", "--", ".", "?", "missing"})
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
LARGEST = 1e30
"""Larger numbers cannot be learned from."""


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no value."""
    return not cell or cell.lower() in _MISSING


def number(cell: str, decimal_comma: bool = False) -> float | None:
    """The number in a cell; ``None``: there is none, or one that is too large."""
    text = cell.replace("\N{MINUS SIGN}", "-")
    if decimal_comma:
        text = text.replace(",", ".")
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if abs(value) <= LARGEST else None


def is_number(cell: str, decimal_comma: bool = False) -> bool:
    """Whether there is a number in a cell."""
    return number(cell, decimal_comma) is not None


def seconds(cell: str) -> float | None:
    """A date, or a date with a time of day, as ISO 8601 writes it: seconds from 1970 on. ``None``: it is none."""
    if not cell[:1].isdigit() or "-" not in cell:
        return None
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return None
    value = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return value if math.isfinite(value) else None
