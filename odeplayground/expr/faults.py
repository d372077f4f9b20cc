"""What is wrong in one statement, while it is being read."""

from __future__ import annotations

from odeplayground.expr.limits import MAX_PROBLEMS
from odeplayground.spec import Problem


class FaultError(Exception):
    """Stops the reading of a statement; becomes a :class:`Problem`. Columns count from 0, ``end`` is exclusive."""

    def __init__(self, start: int, end: int, message: str, suggestion: str = "", replacement: str = "") -> None:
        super().__init__(message)
        self.start = start
        self.end = end
        self.message = message
        self.suggestion = suggestion
        self.replacement = replacement

    def at(self, line: int) -> Problem:
        """The problem that the user sees, in line number ``line`` (from 1)."""
        length = max(self.end - self.start, 1)
        return Problem(line, self.start + 1, length, self.message, self.suggestion, self.replacement)


class TooLargeError(FaultError):
    """The text as a whole is too large; nothing after it is read."""


class Problems:
    """Collects what is wrong with a text: the first problem of every line, and not too many."""

    def __init__(self) -> None:
        self._by_line: dict[int, Problem] = {}

    def report(self, line: int, fault: FaultError) -> None:
        """Keep ``fault``, unless an earlier column of the same line is known to be wrong."""
        known = self._by_line.get(line)
        if (known is None and not self.full) or (known is not None and fault.start + 1 < known.column):
            self._by_line[line] = fault.at(line)

    @property
    def full(self) -> bool:
        """Whether there are so many that looking for more is useless."""
        return len(self._by_line) >= MAX_PROBLEMS

    def __len__(self) -> int:
        return len(self._by_line)

    @property
    def sorted(self) -> tuple[Problem, ...]:
        """From top to bottom."""
        return tuple(self._by_line[line] for line in sorted(self._by_line))
