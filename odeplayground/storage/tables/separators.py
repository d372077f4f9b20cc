"""How the cells of a line are told apart."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence

import msgspec

_CANDIDATES = ("\t", ";", ",", "|")
SPACES = " "
"""Stands for any number of spaces."""
_COMMA_NUMBER = re.compile(r"[+-]?\d+,\d+(?:[eE][+-]?\d+)?")


class Format(msgspec.Struct, frozen=True):
    """How a table is written."""

    separator: str
    """One character, or ``SPACES``."""
    decimal_comma: bool = False

    def cells(self, line: str) -> list[str]:
        """The cells of a line, without quotes and spaces around them."""
        if '"' in line:
            return [cell.strip() for cell in _quoted(line, self.separator)]
        return [cell.strip() for cell in line.split(None if self.separator == SPACES else self.separator)]


def format_of(lines: Sequence[str]) -> Format:
    """The format that gives most of these lines the same number of cells, more than one; else one column."""
    best, most = Format(","), 0.0
    for separator in (*_CANDIDATES, SPACES):
        candidate = Format(separator)
        counts = Counter(len(candidate.cells(line)) for line in lines)
        width, agreeing = max(counts.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        # Words of a header also stand apart by spaces, and a decimal comma by commas: the rarer sign is meant.
        score = agreeing / len(lines) if lines and width > 1 else 0.0
        if score > most + 1e-9:
            best, most = candidate, score
    return Format(best.separator, best.separator != "," and _has_decimal_commas(best, lines))


def _has_decimal_commas(found: Format, lines: Sequence[str]) -> bool:
    cells = [cell for line in lines for cell in found.cells(line)]
    return any(_COMMA_NUMBER.fullmatch(cell) for cell in cells) and not any(_is_pointed(cell) for cell in cells)


def _is_pointed(cell: str) -> bool:
    return bool(re.fullmatch(r"[+-]?\d+\.\d+(?:[eE][+-]?\d+)?", cell))


def _quoted(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:  # a cell longer than any table has
        return [line]
