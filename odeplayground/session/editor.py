"""What the editor shows of a text: problems, roles of its pieces, typeset equations, names for completion."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from odeplayground import expr
from odeplayground.expr.functions import FUNCTIONS
from odeplayground.expr.names import CONSTANTS, canonical
from odeplayground.spec import Equation, Problem, Role, System, Token

_NAMES = (Role.STATE, Role.PARAMETER, Role.DEFINITION, Role.FUNCTION)


class Analysis(msgspec.Struct, frozen=True):
    """A text as the parser sees it. ``system`` and ``equations`` are there only if there are no problems."""

    system: System | None
    problems: tuple[Problem, ...]
    tokens: tuple[Token, ...]
    equations: tuple[Equation, ...]
    names: tuple[str, ...]
    """For completion: the text's own names in order of appearance, then functions, constants and ``t``."""


@lru_cache(maxsize=64)
def read(text: str) -> expr.ParseResult:
    """The parser's reading of a text; recent ones are remembered."""
    return expr.parse(text)


@lru_cache(maxsize=64)
def analyse(text: str) -> Analysis:
    """Everything the editor shows of a text. Never raises; quick, as recent texts are remembered."""
    result = read(text)
    equations = expr.equations(result.system) if result.system is not None else ()
    names = (*_own_names(text, result.tokens), *FUNCTIONS, *CONSTANTS, "t")
    return Analysis(result.system, tuple(result.problems), tuple(result.tokens), equations, names)


def piece(text: str, token: Token) -> str:
    """The characters of a token."""
    line = text.splitlines()[token.line - 1]
    return line[token.column - 1 : token.column - 1 + token.length]


def _own_names(text: str, tokens: tuple[Token, ...]) -> tuple[str, ...]:
    lines = text.splitlines()
    found: dict[str, None] = {}
    for token in tokens:
        name = canonical(lines[token.line - 1][token.column - 1 : token.column - 1 + token.length])
        if token.role in _NAMES and name.isidentifier():  # the mark of a derivative has the role of its state
            found[name] = None
    return tuple(found)
