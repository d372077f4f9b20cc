"""Suggestions for misspelt names."""

from __future__ import annotations

from collections.abc import Iterable

from odeplayground.expr.functions import ALIASES, FUNCTIONS
from odeplayground.expr.limits import MAX_COMPARISONS, MAX_NAME
from odeplayground.expr.names import CONSTANTS, TIME


def distance(one: str, other: str, most: int) -> int:
    """Edits from ``one`` to ``other``: insert, delete, replace, swap neighbours; ``most + 1`` if there are more.

    Optimal string alignment: F. J. Damerau, Communications of the ACM 7 (1964) 171.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        above, row = row, [i]
        for j, b in enumerate(other, 1):
            edits = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                edits = min(edits, before[j - 2] + 1)
            row.append(edits)
        if min(row) > most:
            return most + 1
        before = above
    return min(row[-1], most + 1)


class Vocabulary:
    """The names that a text may use, and the nearest one to a name that it may not."""

    def __init__(self, names: Iterable[str], functions: Iterable[str] = ()) -> None:
        """The text's own names, and the functions that it defines."""
        self._functions = [*functions, *FUNCTIONS]
        self.names = dict.fromkeys([*names, TIME, *CONSTANTS])  # in order, so that ties fall the same way every time
        self._comparisons = MAX_COMPARISONS

    def nearest_name(self, word: str) -> str:
        """The most similar name (or else function), or nothing."""
        return self._nearest(word, [*self.names, *self._functions])

    def nearest_function(self, word: str) -> str:
        """The most similar function, or what other programs call so, or nothing."""
        return ALIASES.get(word, "") or self._nearest(word, self._functions)

    def _nearest(self, word: str, candidates: list[str]) -> str:
        for candidate in candidates:
            if candidate.lower() == word.lower():
                return candidate
        if not 1 < len(word) <= MAX_NAME:
            return ""
        best, most = "", 1 if len(word) < 5 else 2
        letters = set(word)
        for candidate in candidates:
            # One edit changes at most two members of the set of letters.
            if abs(len(candidate) - len(word)) > most or len(letters.symmetric_difference(candidate)) > 2 * most:
                continue
            if self._comparisons == 0:
                break
            self._comparisons -= 1
            edits = distance(word, candidate, most)
            if edits <= most and len(candidate) > 1:
                best, most = candidate, edits - 1
        return best
