"""Lexemes to a syntax tree: an operator-precedence parser that keeps its own stacks and never recurses.

E. W. Dijkstra, Algol 60 translation (1961): operators wait on a stack until something that binds less follows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

from odeplayground.expr import mistakes
from odeplayground.expr.faults import FaultError, TooLargeError
from odeplayground.expr.fold import fold
from odeplayground.expr.functions import FUNCTIONS
from odeplayground.expr.graph import COMPARISONS, CONDITIONS, CONNECTIVES, Op
from odeplayground.expr.lexer import Kind, Lexeme
from odeplayground.expr.limits import MAX_DEPTH, MAX_EXPONENT, MAX_PENDING
from odeplayground.expr.names import CONSTANTS
from odeplayground.expr.numbers import read_number
from odeplayground.expr.suggest import Vocabulary
from odeplayground.expr.syntax import BINARY, PRECEDENCE, PREFIX, Expression, Term, needs_brackets


class _Pending(msgspec.Struct, gc=False):
    """An operator, bracket or function that waits for what follows."""

    op: Op | None
    """``None``: a plain bracket."""
    precedence: int
    """0 for brackets and functions: nothing reduces across them."""
    lexeme: Lexeme
    arity: int
    """Of a function: arguments complete so far."""


class _Operand(msgspec.Struct, gc=False):
    """A finished term and the columns it covers, brackets included."""

    term: int
    start: int
    end: int


def parse_expression(
    line: str, lexemes: Sequence[Lexeme], before: Lexeme, vocabulary: Vocabulary, most_terms: int
) -> Expression:
    """Read the expression that ``lexemes`` of ``line`` spell; ``before`` is what stands in front of it.

    Raises:
        FaultError: at the first thing that is wrong.
        TooLargeError: if the expression has more than ``most_terms`` terms.
    """
    if not lexemes:
        raise FaultError(before.start, before.end, f'There is nothing to the right of "{before.text}".')
    return _Parser(line, lexemes, before, vocabulary, most_terms).run()


class _Parser:
    def __init__(
        self, line: str, lexemes: Sequence[Lexeme], before: Lexeme, vocabulary: Vocabulary, most_terms: int
    ) -> None:
        self.line = line
        self.lexemes = lexemes
        self.previous = before
        self.vocabulary = vocabulary
        self.most_terms = most_terms
        self.terms: list[Term] = []
        self.operands: list[_Operand] = []
        self.pending: list[_Pending] = []

    def run(self) -> Expression:
        operand_next = True
        for position, lexeme in enumerate(self.lexemes):
            if lexeme.kind is Kind.UNKNOWN:
                raise mistakes.unknown_character(self.line, lexeme)
            operand_next = self._operand(position, lexeme) if operand_next else self._operator(lexeme)
            self.previous = lexeme
        if operand_next:
            raise mistakes.ends_early(self.previous)
        self._reduce(1)
        if self.pending:
            brackets = sum(pending.precedence == 0 for pending in self.pending)
            raise mistakes.unclosed(self.line, self.pending[-1].lexeme, brackets, self.previous)
        return Expression(tuple(self.terms))

    # What may stand where a value is expected. Each returns whether a value is still expected.

    def _operand(self, position: int, lexeme: Lexeme) -> bool:
        text = lexeme.text
        if lexeme.kind is Kind.NUMBER:
            value = read_number(lexeme)
            self._leaf(Term(Op.NUMBER, (), lexeme.start, lexeme.end, constant=value))
            return False
        if text in PREFIX:
            self._wait(_Pending(PREFIX[text], PRECEDENCE[PREFIX[text]], lexeme, 1))
            return True
        if lexeme.kind is Kind.NAME:
            return self._name(position, lexeme)
        if text == "(":
            if self.previous.kind is not Kind.NAME or self.previous.text not in FUNCTIONS:
                self._wait(_Pending(None, 0, lexeme, 0))
            return True
        if text == "+":
            return True
        raise mistakes.misplaced(self.previous, lexeme)

    def _name(self, position: int, lexeme: Lexeme) -> bool:
        name = lexeme.text
        called = position + 1 < len(self.lexemes) and self.lexemes[position + 1].text == "("
        if name in FUNCTIONS:
            if not called:
                raise mistakes.not_called(lexeme)
            self._wait(_Pending(FUNCTIONS[name].op, 0, lexeme, 0))
            return True
        if name in CONSTANTS:
            self._leaf(Term(Op.NUMBER, (), lexeme.start, lexeme.end, name, CONSTANTS[name]))
        elif name in self.vocabulary.names and not called:
            self._leaf(Term(None, (), lexeme.start, lexeme.end, name))
        else:
            raise mistakes.undefined(lexeme, called, self.vocabulary)
        return False

    # What may stand after a value.

    def _operator(self, lexeme: Lexeme) -> bool:
        text = lexeme.text
        op = BINARY.get(text)
        if op is not None:
            precedence = PRECEDENCE[op]
            self._reduce(precedence + 1 if op is Op.POW else precedence)
            self._wait(_Pending(op, precedence, lexeme, 2))
            return True
        if text == ")":
            self._close(lexeme)
            return False
        if text == "," and self._reduce(1) and self.pending and self.pending[-1].op is not None:
            self.pending[-1].arity += 1
            return True
        raise mistakes.unexpected(self.line, self.previous, lexeme, in_if=any(p.op is Op.IF for p in self.pending))

    def _close(self, lexeme: Lexeme) -> None:
        self._reduce(1)
        if not self.pending:
            raise mistakes.unopened(lexeme)
        opened = self.pending.pop()
        if opened.op is None:
            operand = self.operands[-1]
            operand.start, operand.end = opened.lexeme.start, lexeme.end
            return
        arity = opened.arity + 1
        function = FUNCTIONS[opened.lexeme.text]
        if arity < function.least or 0 < function.most < arity:
            raise mistakes.wrong_arguments(opened.lexeme, lexeme, function, arity)
        self._build(opened.op, arity, opened.lexeme.start, lexeme.end)

    # The stacks.

    def _wait(self, pending: _Pending) -> None:
        if len(self.pending) >= MAX_PENDING:
            raise mistakes.too_deep(pending.lexeme.start, pending.lexeme.end)
        self.pending.append(pending)

    def _leaf(self, term: Term) -> None:
        self.operands.append(_Operand(len(self.terms), term.start, term.end))
        self._append(term)

    def _append(self, term: Term) -> None:
        if len(self.terms) >= self.most_terms:
            raise TooLargeError(term.start, term.end, "The equations are too long.", "Simplify them.")
        self.terms.append(term)

    def _reduce(self, precedence: int) -> bool:
        """Finish the waiting operators that bind at least so tightly."""
        while self.pending and self.pending[-1].precedence >= precedence:
            last = self.pending.pop()
            start = last.lexeme.start if last.arity == 1 else self.operands[-2].start
            assert last.op is not None
            self._build(last.op, last.arity, start, self.operands[-1].end)
        return True

    def _build(self, op: Op, arity: int, start: int, end: int) -> None:
        operands = self.operands[-arity:]
        args = tuple([operand.term for operand in operands])
        constants = []
        depth = 0
        for position, operand in enumerate(operands):
            argument = self.terms[operand.term]
            wants_condition = op in CONNECTIVES or (op is Op.IF and position == 0)
            if (argument.op in CONDITIONS) is not wants_condition:
                raise self._wrong_type(op, operand, wants_condition)
            depth = max(depth, argument.depth + _deeper(op, position, argument.op))
            if argument.constant is not None:
                constants.append(argument.constant)
        if depth > MAX_DEPTH:
            raise mistakes.too_deep(start, end)
        constant = self._fold(op, constants, start, end) if len(constants) == arity else None
        if op is Op.POW and constant is None and len(constants) == 1 and self.terms[args[1]].constant is not None:
            self._check_exponent(constants[0], operands[1])
        del self.operands[-arity:]
        self.operands.append(_Operand(len(self.terms), start, end))
        self._append(Term(op, args, start, end, constant=constant, depth=depth))

    def _wrong_type(self, op: Op, operand: _Operand, wants_condition: bool) -> FaultError:
        inner = self.terms[operand.term].op
        if op in COMPARISONS and inner in COMPARISONS:
            return FaultError(operand.start, operand.end, "Comparisons cannot be chained.", "Write a < b and b < c.")
        return mistakes.wrong_type(operand.start, operand.end, wants_condition)

    def _fold(self, op: Op, constants: list[float], start: int, end: int) -> float:
        value = constants[0]
        if op in (Op.MIN, Op.MAX):
            for other in constants[1:]:
                value = fold(op, value, other)
        else:
            value = fold(op, *constants)
        if math.isnan(value):
            raise mistakes.not_finite(self.line, start, end)
        return value

    def _check_exponent(self, exponent: float, operand: _Operand) -> None:
        if abs(exponent) > MAX_EXPONENT:
            message = f"This exponent is too large: the limit is {MAX_EXPONENT:.0f}."
            raise FaultError(operand.start, operand.end, message)


def _deeper(op: Op, position: int, child: Op | None) -> int:
    """How much deeper than its argument an operation is; sums and products grow to the left for free."""
    if op not in PRECEDENCE:
        return 1
    free = position == 0 and op is not Op.POW and op is not Op.NEG and op is not Op.NOT
    return (0 if free else 1) + needs_brackets(op, position, child)
