"""Text to lexemes, line by line. Every character that is not a space belongs to one."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from enum import IntEnum

import msgspec

from odeplayground.expr.graph import LEARNED_NAME
from odeplayground.expr.names import GREEK_LETTERS, canonical


class Kind(IntEnum):
    """What a lexeme looks like, before anything is known about names."""

    NUMBER = 0
    NAME = 1
    OPERATOR = 2
    COMMENT = 3
    UNKNOWN = 4


class Lexeme(msgspec.Struct, frozen=True, gc=False):
    """A piece of one line, with columns from 0. ``text`` is in plain spelling: ``theta`` for θ, ``*`` for ·."""

    kind: Kind
    text: str
    start: int
    end: int


_SPELLING = {
    "−": "-",
    "–": "-",
    "·": "*",
    "⋅": "*",
    "×": "*",
    "÷": "/",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "′": "'",
    "’": "'",
    "**": "^",
}

_NAME = rf"[A-Za-z_{GREEK_LETTERS}][A-Za-z0-9_{GREEK_LETTERS}]*"
_NUMBER = r"(?:[0-9][0-9.]*|\.[0-9][0-9.]*)(?:[eE][+-]?[0-9]+)?"
_LEARNED = r"\[[ \t]*\?[ \t]*\]"
_OPERATORS = r"\*\*|<=|>=|==|!=|&&|\|\||:=|[-+*/^=<>()\[\],;'!~&|−–·⋅×÷≤≥≠′’]"
_UNKNOWN = r"[^\s\w!#&'()*+,./;<=>\[\]^|~:−–·⋅×÷≤≥≠′’-]+|[^\W0-9A-Za-z_]+|\S"

# The pieces follow each other without gaps, so that adding up their lengths gives the columns.
_PIECES = re.compile(rf"\s+|{_NUMBER}|{_NAME}|{_LEARNED}|{_OPERATORS}|#.*|{_UNKNOWN}", re.DOTALL)
_LINE_END = re.compile(r"\r\n|\r|\n")
_OPERATOR_STARTS = "*<>=!&|-+/^()[],;'~"


def split_lines(text: str) -> list[str]:
    """Lines as an editor shows them."""
    return _LINE_END.split(text)


def lex(lines: Sequence[str]) -> list[list[Lexeme]]:
    """The lexemes of every line."""
    known: dict[str, tuple[Kind | None, str]] = {}
    return [_lex_line(line, known) for line in lines]


def _lex_line(line: str, known: dict[str, tuple[Kind | None, str]]) -> list[Lexeme]:
    lexemes = []
    start = 0
    for piece in _PIECES.findall(line):
        end = start + len(piece)
        if piece not in known:
            known[piece] = _classify(piece)
        kind, text = known[piece]
        if kind is not None:
            lexemes.append(Lexeme(kind, text, start, end))
        start = end
    return lexemes


def _classify(piece: str) -> tuple[Kind | None, str]:
    """What a piece is (``None`` for spaces), and its plain spelling."""
    first = piece[0]
    if piece.isspace():
        return None, piece
    if first == "#":
        return Kind.COMMENT, piece
    if first in string.ascii_letters or first == "_" or first in GREEK_LETTERS:
        return Kind.NAME, canonical(piece)
    if first in string.digits or (first == "." and len(piece) > 1):
        return Kind.NUMBER, piece
    if first == "[" and len(piece) > 1:
        return Kind.NAME, LEARNED_NAME
    is_operator = piece in _SPELLING or piece == ":=" or first in _OPERATOR_STARTS
    return (Kind.OPERATOR, _SPELLING.get(piece, piece)) if is_operator else (Kind.UNKNOWN, piece)
