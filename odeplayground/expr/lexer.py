"""Text to lexemes, line by line. Every character that is not a space belongs to one."""

from __future__ import annotations

import re
import string
from enum import IntEnum

import msgspec

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
_OPERATORS = r"\*\*|<=|>=|==|!=|&&|\|\||:=|[-+*/^=<>()\[\],;'!~&|−–·⋅×÷≤≥≠′’]"
_UNKNOWN = r"[^\s\w!#&'()*+,./;<=>\[\]^|~:−–·⋅×÷≤≥≠′’-]+|[^\W0-9A-Za-z_]+|\S"

# The pieces follow each other without gaps, so that adding up their lengths gives the columns.
_PIECES = re.compile(rf"\s+|{_NUMBER}|{_NAME}|{_OPERATORS}|#.*|{_UNKNOWN}", re.DOTALL)
_LINE_END = re.compile(r"\r\n|\r|\n")

# The first character tells the kind of a piece, except for the rare ones.
_KINDS: dict[str, Kind | None] = {
    **dict.fromkeys(string.digits, Kind.NUMBER),
    **dict.fromkeys(string.ascii_letters + "_", Kind.NAME),
    **dict.fromkeys("*<>=!&|-+/^()[],;'~−–·⋅×÷≤≥≠′’", Kind.OPERATOR),
    "#": Kind.COMMENT,
    " ": None,
}


def split_lines(text: str) -> list[str]:
    """Lines as an editor shows them."""
    return _LINE_END.split(text)


def lex(line: str) -> list[Lexeme]:
    """The lexemes of one line."""
    lexemes = []
    start = 0
    for piece in _PIECES.findall(line):
        end = start + len(piece)
        kind = _KINDS[piece[0]] if piece[0] in _KINDS else _rare_kind(piece)
        if kind is not None:
            text = _SPELLING[piece] if piece in _SPELLING else piece if piece.isascii() else canonical(piece)
            lexemes.append(Lexeme(kind, text, start, end))
        start = end
    return lexemes


def _rare_kind(piece: str) -> Kind | None:
    if piece.isspace():
        return None
    if piece[0] in GREEK_LETTERS:
        return Kind.NAME
    return {".": Kind.NUMBER, ":": Kind.OPERATOR}.get(piece[0], Kind.UNKNOWN) if len(piece) > 1 else Kind.UNKNOWN
