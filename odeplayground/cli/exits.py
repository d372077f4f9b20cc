"""How a command ends."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of the program."""

    GOOD = 0
    BAD_INPUT = 1
    USAGE = 2
    DIVERGED = 3
    INTERRUPTED = 130


class InputError(Exception):
    """Something that the person can mend, as text that is shown as it is."""

    def __init__(self, text: str, code: Exit = Exit.BAD_INPUT) -> None:
        self.code = code
        super().__init__(text)
