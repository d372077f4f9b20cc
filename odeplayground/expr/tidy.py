"""The same text with even spacing: names, comments, order and line breaks stay."""

from __future__ import annotations

from collections.abc import Sequence

from odeplayground.expr.lexer import Kind, Lexeme, lex, split_lines
from odeplayground.expr.names import KEYWORDS

_TIGHT = frozenset({"*", "/", "^"})
_SPACED = frozenset({"=", "+", "-", "<", "<=", ">", ">=", "==", "!="}) | (KEYWORDS - {"if"})
_OPENING = frozenset({"(", "["})
_GAP = 4
"""Spaces between the longest line of a block and its comments."""


def tidy(text: str) -> str:
    """Even spacing, comments of a block below each other, never two empty lines. What cannot be read stays as it is."""
    lines = split_lines(text)
    parts = [_parts(line, lexemes) for line, lexemes in zip(lines, lex(lines), strict=True)]
    result: list[str] = []
    for block in _blocks(parts):
        widest = max((len(code) for code, comment in block if code and comment), default=0)
        result += [_joined(code, comment, widest) for code, comment in block] + [""]
    return "\n".join(result[:-1]) + ("\n" if text.endswith("\n") and result else "")


def _blocks(parts: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Lines between empty ones."""
    blocks: list[list[tuple[str, str]]] = [[]]
    for part in parts:
        if part == ("", ""):
            blocks.append([])
        else:
            blocks[-1].append(part)
    return [block for block in blocks if block]


def _joined(code: str, comment: str, widest: int) -> str:
    if code and comment:
        return f"{code:<{widest}}{' ' * _GAP}{comment}"
    return code or comment


def _parts(line: str, lexemes: Sequence[Lexeme]) -> tuple[str, str]:
    """The code and the comment of a line."""
    comment = line[lexemes[-1].start :].rstrip() if lexemes and lexemes[-1].kind is Kind.COMMENT else ""
    code = lexemes[:-1] if comment else lexemes
    if any(lexeme.kind is Kind.UNKNOWN for lexeme in code):
        return line[: code[-1].end].strip(), comment
    return _spaced(line, code), comment


def _spaced(line: str, code: Sequence[Lexeme]) -> str:
    pieces: list[str] = []
    before: Lexeme | None = None
    prefix = False  # whether the sign before belongs to what follows
    for lexeme in code:
        if before is not None and not prefix and _is_apart(before, lexeme):
            pieces.append(" ")
        prefix = lexeme.text in ("-", "+") and (before is None or prefix or _expects_value(before))
        pieces.append(line[lexeme.start : lexeme.end])
        before = lexeme
    return "".join(pieces)


def _is_apart(before: Lexeme, lexeme: Lexeme) -> bool:
    """Whether there is a space between two pieces."""
    if before.text in _OPENING or lexeme.text in (")", "]", ",", ";", "'"):
        return False
    if before.text in (",", ";") or before.text in _SPACED or lexeme.text in _SPACED:
        sign_after_tight = before.text in _TIGHT and lexeme.text in ("-", "+")
        return not sign_after_tight
    if before.text in _TIGHT or lexeme.text in _TIGHT:
        return False
    words = before.kind in (Kind.NAME, Kind.NUMBER) and lexeme.kind in (Kind.NAME, Kind.NUMBER)
    return words or before.text in KEYWORDS - {"if"} or (before.text in (")", "]") and lexeme.kind is Kind.NAME)


def _expects_value(lexeme: Lexeme) -> bool:
    """Whether a sign after this belongs to a number."""
    ends_value = lexeme.kind in (Kind.NAME, Kind.NUMBER) and lexeme.text not in KEYWORDS
    return not ends_value and lexeme.text not in (")", "]", "'")
