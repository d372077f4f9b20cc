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


_Mark = tuple[Role, int]
"""A role, and for states the position among them."""

_UNKNOWN: _Mark = (Role.UNKNOWN, -1)


def highlight(
    lines: Sequence[Sequence[Lexeme]], statements: Sequence[Statement], declared: Declared, computed: Collection[str]
) -> tuple[Token, ...]:
    """Tokens of all ``lines``; ``computed`` are the values that are known to be sub-expressions."""
    names = _marks_of_names(declared, computed)
    by_place = _marks_by_place(statements, names)
    nowhere: dict[int, _Mark] = {}
    name_kind = Kind.NAME  # looked up once: members of an enum are slow to reach
    tokens = []
    for number, lexemes in enumerate(lines, 1):
        special = by_place.get(number, nowhere)
        for lexeme in lexemes:
            kind, start = lexeme.kind, lexeme.start
            if start in special:
                role, index = special[start]
            elif kind is name_kind:
                role, index = names.get(lexeme.text, _UNKNOWN)
            else:
                role, index = _ROLE_OF_KIND[kind], -1
            tokens.append(Token(number, start + 1, lexeme.end - start, role, index))
    return tuple(tokens)


def _marks_of_names(declared: Declared, computed: Collection[str]) -> dict[str, _Mark]:
    marks = {text: (role, -1) for text, role in _FIXED.items()}
    for name, statement in declared.values.items():
        is_computed = name in computed or any(_varies(lexeme) for lexeme in statement.right)
        marks[name] = (Role.DEFINITION if is_computed else Role.PARAMETER, -1)
    marks.update(dict.fromkeys(declared.functions, (Role.FUNCTION, -1)))
    marks.update((name, (Role.STATE, index)) for index, name in enumerate(declared.states))
    return marks


def _varies(lexeme: Lexeme) -> bool:
    """Whether a right side with this piece is more than constant arithmetic."""
    return lexeme.kind is Kind.NAME and _FIXED.get(lexeme.text, Role.TIME) is Role.TIME


def _marks_by_place(statements: Sequence[Statement], names: dict[str, _Mark]) -> dict[int, dict[int, _Mark]]:
    """Marks that the place decides, by line and column.

    In ``dx/dt`` and ``x'`` all is about the state x, and in ``g(u) = u^2`` the name u is no other u.
    """
    marks: dict[int, dict[int, _Mark]] = {}
    for statement in statements:
        mark = names.get(statement.name)
        if statement.form is Form.EQUATION and mark is not None:
            here = marks.setdefault(statement.line, {})
            for lexeme in statement.left:
                if lexeme.text == "dt":
                    here[lexeme.start] = (Role.TIME, -1)
                elif lexeme.kind is Kind.NAME or lexeme.text == "'":
                    here[lexeme.start] = mark
        elif statement.arguments:
            here = marks.setdefault(statement.line, {})
            own = set(statement.arguments)
            for lexeme in (*statement.left[1:], *statement.right):
                if lexeme.kind is Kind.NAME and lexeme.text in own:
                    here[lexeme.start] = (Role.DEFINITION, -1)
    return marks
