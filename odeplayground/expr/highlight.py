"""The role of every piece of a text, for its colours; also where the text is broken."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from odeplayground.expr.declared import Declared
from odeplayground.expr.functions import FUNCTIONS
from odeplayground.expr.lexer import Kind, Lexeme
from odeplayground.expr.names import CONSTANTS, KEYWORDS, TIME
from odeplayground.expr.statements import Form, Statement
from odeplayground.spec import Role, Token

_ROLE_OF_KIND = {
    Kind.NUMBER: Role.NUMBER,
    Kind.OPERATOR: Role.OPERATOR,
    Kind.COMMENT: Role.COMMENT,
    Kind.UNKNOWN: Role.UNKNOWN,
}

_FIXED = {
    **dict.fromkeys(FUNCTIONS, Role.FUNCTION),
    **dict.fromkeys(CONSTANTS, Role.CONSTANT),
    **dict.fromkeys(KEYWORDS, Role.KEYWORD),
    TIME: Role.TIME,
}


def highlight(
    lines: Sequence[Sequence[Lexeme]], statements: Sequence[Statement], declared: Declared, computed: Collection[str]
) -> tuple[Token, ...]:
    """Tokens of all ``lines``; ``computed`` are the values that are known to be sub-expressions."""
    roles = {text: (role, -1) for text, role in _FIXED.items()}
    for name, statement in declared.values.items():
        is_computed = name in computed or any(_varies(lexeme) for lexeme in statement.right)
        roles[name] = (Role.DEFINITION if is_computed else Role.PARAMETER, -1)
    roles.update((name, (Role.STATE, index)) for index, name in enumerate(declared.states))
    special = _derivatives(statements, roles)
    tokens = []
    for number, lexemes in enumerate(lines, 1):
        for lexeme in lexemes:
            kind, start = lexeme.kind, lexeme.start
            if (number, start) in special:
                role, index = special[number, start]
            elif kind is Kind.NAME:
                role, index = roles.get(lexeme.text, (Role.UNKNOWN, -1))
            else:
                role, index = _ROLE_OF_KIND[kind], -1
            tokens.append(Token(number, start + 1, lexeme.end - start, role, index))
    return tuple(tokens)


def _varies(lexeme: Lexeme) -> bool:
    """Whether a right side with this piece is more than constant arithmetic."""
    return lexeme.kind is Kind.NAME and _FIXED.get(lexeme.text, Role.TIME) is Role.TIME


def _derivatives(
    statements: Sequence[Statement], roles: dict[str, tuple[Role, int]]
) -> dict[tuple[int, int], tuple[Role, int]]:
    """Roles that the place decides: in ``dx/dt`` and ``x'`` all is about the state x."""
    special = {}
    for statement in statements:
        role = roles.get(statement.name)
        if statement.form is Form.EQUATION and role is not None:
            for lexeme in statement.left:
                if lexeme.text == "dt":
                    special[statement.line, lexeme.start] = (Role.TIME, -1)
                elif lexeme.kind is Kind.NAME or lexeme.text == "'":
                    special[statement.line, lexeme.start] = role
    return special
