"""Syntax trees and systems as canonical text: one spacing, no brackets that are not needed."""

from __future__ import annotations

from odeplayground.expr.functions import NAME_OF
from odeplayground.expr.graph import Op
from odeplayground.expr.numbers import format_number
from odeplayground.expr.syntax import SYMBOLS, Expression, Term, needs_brackets
from odeplayground.spec import DEFAULT_SPAN, Parameter, System

_TIGHT = frozenset({Op.MUL, Op.DIV, Op.POW})


def format_expression(expression: Expression) -> str:
    """The canonical text; reading it gives the same tree."""
    texts: list[str] = []
    for term in expression.terms:
        texts.append(_format_term(term, expression.terms, texts))
    return texts[-1]


def _format_term(term: Term, terms: tuple[Term, ...], texts: list[str]) -> str:
    op = term.op
    if op is None or term.name:
        return term.name
    if op is Op.NUMBER:
        return format_number(term.constant or 0.0)
    if op in NAME_OF:
        return f"{NAME_OF[op]}({', '.join([texts[arg] for arg in term.args])})"
    parts = [
        f"({texts[arg]})" if needs_brackets(op, position, terms[arg].op) else texts[arg]
        for position, arg in enumerate(term.args)
    ]
    if op in SYMBOLS:
        symbol = SYMBOLS[op]
        return symbol.join(parts) if op in _TIGHT else f" {symbol} ".join(parts)
    return f"-{parts[0]}" if op is Op.NEG else f"not {parts[0]}"


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
