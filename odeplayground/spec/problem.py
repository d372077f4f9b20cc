"""Problems found in a text, and the roles of its pieces for highlighting."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong, where, and what to do about it. Lines and columns count from 1."""

    line: int
    column: int
    length: int
    message: str
    suggestion: str = ""
    """A sentence for the reader, such as: did you mean ``omega``?"""
    replacement: str = ""
    """What the marked characters could be replaced with to mend the problem; empty if there is no such repair."""


class Role(StrEnum):
    """What a piece of the editor's text is."""

    STATE = "state"
    PARAMETER = "parameter"
    DEFINITION = "definition"
    FUNCTION = "function"
    NUMBER = "number"
    KEYWORD = "keyword"
    OPERATOR = "operator"
    COMMENT = "comment"
    TIME = "time"
    CONSTANT = "constant"
    UNKNOWN = "unknown"


class Token(msgspec.Struct, frozen=True, gc=False):
    """A piece of the editor's text. Line and column count from 1."""

    line: int
    column: int
    length: int
    role: Role
    index: int = -1
    """For states: the position among the states, which decides the colour."""


class Equation(msgspec.Struct, frozen=True):
    """One typeset equation."""

    name: str
    latex: str
    mathml: str
    """Presentation MathML without the outer ``<math>``; colours are given as ``mathcolor="@state0"`` and the like."""
