"""Syntax trees and systems as canonical text: one spacing, no brackets that are not needed."""

from __future__ import annotations

from collections.abc import Sequence

from odeplayground.expr.functions import NAME_OF
from odeplayground.expr.graph import Op
from odeplayground.expr.numbers import format_number
from odeplayground.expr.syntax import SYMBOLS, Expression, Term, needs_brackets, unfold
from odeplayground.spec import DEFAULT_SPAN, Parameter, System

_TIGHT = frozenset({Op.MUL, Op.DIV, Op.POW})


# Bound once: members of an enumeration are slow to reach.
_NUMBER = Op.NUMBER


def format_expression(expression: Expression) -> str:
    """The canonical text; reading it gives the same tree."""
    return format_term(expression, len(expression.terms) - 1)


def format_term(expression: Expression, position: int) -> str:
    """The canonical text of a part of an expression."""
    terms = expression.terms
    return unfold(position, lambda position: _parts(terms, terms[position]))


def _parts(terms: Sequence[Term], term: Term) -> list[str | int]:
    op, args = term.op, term.args
    if op is None or term.name:
        return [term.name]
    if op is _NUMBER:
        return [format_number(term.constant or 0.0)]
    if op in NAME_OF:
        rest = [part for arg in args[1:] for part in (", ", arg)]
        return [f"{NAME_OF[op]}(", args[0], *rest, ")"]
    left: list[str | int] = ["(", args[0], ")"] if needs_brackets(op, 0, terms[args[0]].op) else [args[0]]
    if op not in SYMBOLS:
        return ["-" if op is Op.NEG else "not ", *left]
    symbol = SYMBOLS[op] if op in _TIGHT else f" {SYMBOLS[op]} "
    right: list[str | int] = ["(", args[1], ")"] if needs_brackets(op, 1, terms[args[1]].op) else [args[1]]
    return [*left, symbol, *right]


def format_system(system: System) -> str:
    """The canonical text of a system; ``parse(format_system(system)).system == system`` for whatever was parsed."""
    low, high = system.t_span
    groups = [
        [f"{state.name}' = {state.rhs}" for state in system.variables],
        [f"{definition.name} = {definition.text}" for definition in system.definitions],
        [_format_parameter(parameter) for parameter in system.constants],
        [
            f"{variable.name}(0) = {format_number(variable.initial)}"
            for variable in system.variables
            if variable.initial
        ],
        [f"t in [{format_number(low)}, {format_number(high)}]"] if system.t_span != DEFAULT_SPAN else [],
    ]
    return "\n\n".join("\n".join(group) for group in groups if group) + "\n"


def _format_parameter(parameter: Parameter) -> str:
    text = f"{parameter.name} = {format_number(parameter.value)}"
    if parameter.low is None or parameter.high is None:
        return text
    return f"{text} in [{format_number(parameter.low)}, {format_number(parameter.high)}]"
