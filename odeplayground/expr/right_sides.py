"""The right sides of all statements: equations, values with ranges, initial values, the time span."""

from __future__ import annotations

from collections.abc import Sequence

from odeplayground.expr.declared import Declared
from odeplayground.expr.faults import FaultError, Problems, TooLargeError
from odeplayground.expr.graph import CONDITIONS
from odeplayground.expr.lexer import Lexeme
from odeplayground.expr.limits import MAX_NODES
from odeplayground.expr.mistakes import did_you_mean, wrong_type
from odeplayground.expr.numbers import format_number
from odeplayground.expr.parser import parse_expression
from odeplayground.expr.statements import Form, Statement
from odeplayground.expr.suggest import Vocabulary
from odeplayground.expr.syntax import Expression
from odeplayground.expr.user_functions import UserFunctions
from odeplayground.spec import DEFAULT_SPAN, Parameter


class RightSides:
    """Everything that stands right of a sign, read as far as it can be."""

    def __init__(self, declared: Declared, problems: Problems) -> None:
        self.equations: dict[str, Expression] = {}
        self.definitions: dict[str, Expression] = {}
        self.parameters: dict[str, Parameter] = {}
        self.initial: dict[str, float] = {}
        self.span = DEFAULT_SPAN
        self._declared = declared
        self._functions = UserFunctions(declared, problems)
        self._vocabulary = Vocabulary(declared.names, declared.functions)
        self._terms_left = MAX_NODES
        for statement in declared.good:
            if problems.full:
                return
            if not self._functions.is_readable(statement.right):
                continue
            try:
                self._read(statement)
            except FaultError as fault:
                problems.report(statement.line, fault)
                if isinstance(fault, TooLargeError):
                    return

    def _read(self, statement: Statement) -> None:
        if statement.form is Form.EQUATION:
            self.equations[statement.name] = self._number(statement, statement.right)
        elif statement.form is Form.VALUE:
            self._read_value(statement)
        elif statement.form is Form.INITIAL:
            self._check_state(statement)
            self.initial[statement.name] = self._constant(statement, statement.right, statement.sign)
        else:
            self.span = self._range(statement, statement.sign, statement.right)

    def _read_value(self, statement: Statement) -> None:
        name, right = statement.name, statement.right
        position = next((i for i, lexeme in enumerate(right) if lexeme.text == "in"), len(right))
        expression = self._number(statement, right[:position])
        constant = expression.root.constant
        if constant is None:
            if position < len(right):
                message = f'Only a number can have a range; "{name}" is computed.'
                raise FaultError(right[position].start, right[-1].end, message)
            self.definitions[name] = expression
        elif position < len(right):
            low, high = self._range(statement, right[position], right[position + 1 :])
            self.parameters[name] = Parameter(name, constant, low, high)
        else:
            self.parameters[name] = Parameter(name, constant)

    def _check_state(self, statement: Statement) -> None:
        name, (start, end) = statement.name, statement.columns
        if name in self._declared.states:
            return
        if name in self._declared.values:
            message = f'"{name}" is not a state: it has no equation.'
            raise FaultError(start, end, message, f"Add {name}' = ..., or remove this line.")
        nearest = Vocabulary(self._declared.states).nearest_name(name)
        nearest = nearest if nearest in self._declared.states else ""
        suggestion = did_you_mean(f"{nearest}(0)") if nearest else f"Add a line {name}' = ..."
        mended = f"{nearest}(0)" if nearest else ""
        raise FaultError(start, end, f'"{name}" has an initial value but no equation.', suggestion, mended)

    def _expression(self, statement: Statement, lexemes: Sequence[Lexeme], before: Lexeme) -> Expression:
        lexemes = self._functions.write_out(statement.text, lexemes)
        expression = parse_expression(statement.text, lexemes, before, self._vocabulary, self._terms_left)
        self._terms_left -= len(expression.terms)
        return expression

    def _number(self, statement: Statement, lexemes: Sequence[Lexeme], before: Lexeme | None = None) -> Expression:
        expression = self._expression(statement, lexemes, before or statement.sign)
        if expression.root.op in CONDITIONS:
            raise wrong_type(lexemes[0].start, lexemes[-1].end, wants_condition=False)
        return expression

    def _constant(self, statement: Statement, lexemes: Sequence[Lexeme], before: Lexeme) -> float:
        constant = self._number(statement, lexemes, before).root.constant
        if constant is None:
            message = "Only a number can stand here."
            raise FaultError(lexemes[0].start, lexemes[-1].end, message, "Arithmetic with numbers, pi and e is fine.")
        return constant

    def _range(self, statement: Statement, before: Lexeme, lexemes: Sequence[Lexeme]) -> tuple[float, float]:
        if not lexemes or lexemes[0].text != "[":
            at = lexemes[0] if lexemes else before
            raise FaultError(at.start, at.end, "Expected a range.", "Such as [0, 2].")
        start, end = lexemes[0].start, lexemes[-1].end
        if lexemes[-1].text != "]":
            last = lexemes[-1]
            mended = statement.text[last.start : last.end] + "]"
            raise FaultError(last.start, last.end, 'Expected a closing "]".', "", mended)
        comma = _top_level_comma(lexemes)
        if comma is None:
            raise FaultError(start, end, "A range has two numbers.", "Such as [0, 2].")
        low = self._constant(statement, lexemes[1:comma], lexemes[0])
        high = self._constant(statement, lexemes[comma + 1 : -1], lexemes[comma])
        if low >= high:
            message = f"The range must go upwards, but {format_number(low)} is not below {format_number(high)}."
            swapped = f"[{format_number(high)}, {format_number(low)}]" if low > high else ""
            raise FaultError(start, end, message, did_you_mean(swapped), swapped)
        return low, high


def _top_level_comma(lexemes: Sequence[Lexeme]) -> int | None:
    depth = 0
    for position, lexeme in enumerate(lexemes):
        if lexeme.text == "," and depth == 0:
            return position
        depth += (lexeme.text == "(") - (lexeme.text == ")")
    return None
