"""A whole text to a system: every statement is read, and what is wrong is collected."""

from __future__ import annotations

import itertools

import msgspec

from odeplayground.expr.declared import Declared
from odeplayground.expr.faults import FaultError, Problems
from odeplayground.expr.highlight import highlight
from odeplayground.expr.lexer import lex, split_lines
from odeplayground.expr.limits import MAX_STATEMENTS, MAX_TEXT
from odeplayground.expr.order import in_order
from odeplayground.expr.printer import format_expression, format_system
from odeplayground.expr.right_sides import RightSides
from odeplayground.expr.size import too_large_at
from odeplayground.expr.statements import split_statements
from odeplayground.expr.syntax import Expression
from odeplayground.spec import Definition, Problem, System, Token, Variable


class ParseResult(msgspec.Struct, frozen=True):
    """What a text says. ``system`` is ``None`` if and only if there are problems."""

    system: System | None
    problems: tuple[Problem, ...] = ()
    tokens: tuple[Token, ...] = ()


class Reading(msgspec.Struct, frozen=True):
    """What a text says, with the syntax trees of a good one; each definition comes after those it uses."""

    result: ParseResult
    equations: dict[str, Expression] = {}
    definitions: dict[str, Expression] = {}


def parse(text: str) -> ParseResult:
    """Read the text of a system. Never raises; whatever is wrong is in ``problems``."""
    return read(text).result


def read(text: str) -> Reading:
    """Read the text of a system and keep the syntax trees."""
    problems = Problems()
    if len(text) > MAX_TEXT:
        message = f"The text is too long: the limit is {MAX_TEXT} characters."
        problems.report(1, FaultError(0, 1, message, "Split the system, or simplify it."))
        return Reading(ParseResult(None, problems.sorted))
    lines = split_lines(text)
    lexemes = lex(lines)
    every = (
        statement
        for number, pieces in enumerate(lexemes, 1)
        if pieces
        for statement in split_statements(number, lines[number - 1], pieces)
    )
    statements = list(itertools.islice(every, MAX_STATEMENTS + 1))
    declared = Declared(statements)
    for line, fault in declared.faults:
        problems.report(line, fault)
    if declared.too_large:
        tokens = highlight(lexemes, statements, declared, ())
        return Reading(ParseResult(None, problems.sorted, tokens))
    sides = RightSides(declared, problems)
    tokens = highlight(lexemes, statements, declared, sides.definitions)
    order = _check_order(declared, sides, problems)
    if not declared.states and not problems:
        problems.report(1, FaultError(0, 1, "There is no equation yet.", "Write one such as x' = -x."))
    definitions = {name: sides.definitions[name] for name in order}
    if not problems:
        _check_size(declared, sides, definitions, problems)
    if problems:
        return Reading(ParseResult(None, problems.sorted, tokens))
    system = _system(sides)
    if len(format_system(system)) > MAX_TEXT:
        message = f"The text is too long: written out in full it has more than {MAX_TEXT} characters."
        problems.report(1, FaultError(0, 1, message, "Split the system, or simplify it."))
        return Reading(ParseResult(None, problems.sorted, tokens))
    return Reading(ParseResult(system, (), tokens), sides.equations, definitions)


def _check_order(declared: Declared, sides: RightSides, problems: Problems) -> list[str]:
    """Names of the sub-expressions in the order of use; a circle is a problem."""
    uses = {name: sorted(expression.names) for name, expression in sides.definitions.items()}
    order, cycle = in_order(uses)
    if len(cycle) == 1:
        statement, name = declared.values[cycle[0]], cycle[0]
        message = f'"{name}" is defined in terms of itself.'
        fault = FaultError(*statement.columns, message, f"For a differential equation write {name}' = ...", f"{name}'")
        problems.report(statement.line, fault)
    elif cycle:
        first = min(cycle, key=lambda name: declared.values[name].line)
        position = cycle.index(first)
        shown = " → ".join([*cycle[position:], *cycle[:position], first][:6])
        statement = declared.values[first]
        fault = FaultError(
            *statement.columns, f'"{first}" is defined in terms of itself.', f"It goes in a circle: {shown}."
        )
        problems.report(statement.line, fault)
    return order


def _check_size(declared: Declared, sides: RightSides, definitions: dict[str, Expression], problems: Problems) -> None:
    name = too_large_at(definitions, sides.equations, [*sides.equations, *sides.parameters])
    if name is not None:
        statement = declared.states.get(name) or declared.values[name]
        message = "The derivatives of these equations would be too large."
        problems.report(statement.line, FaultError(*statement.columns, message, "Split the system, or simplify it."))


def _system(sides: RightSides) -> System:
    return System(
        tuple(
            Variable(name, format_expression(expression), sides.initial.get(name, 0.0))
            for name, expression in sides.equations.items()
        ),
        tuple(Definition(name, format_expression(expression)) for name, expression in sides.definitions.items()),
        tuple(sides.parameters.values()),
        sides.span,
    )
