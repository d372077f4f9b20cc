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
from odeplayground.expr.graph import COMPARISONS, CONDITIONS, Op
from odeplayground.expr.lexer import Kind, Lexeme
from odeplayground.expr.limits import MAX_DEPTH, MAX_EXPONENT, MAX_PENDING
from odeplayground.expr.names import CONSTANTS
from odeplayground.expr.numbers import read_number
from odeplayground.expr.suggest import Vocabulary
from odeplayground.expr.syntax import BINARY, PRECEDENCE, PREFIX, Expression, Term, nesting

# Bound once: members of an enumeration are slow to reach.
_NUMBER_LEXEME = Kind.NUMBER
_NAME_LEXEME = Kind.NAME
_NUMBER = Op.NUMBER
_POW = Op.POW


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

    index: int
    term: Term
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
        if lexeme.kind is _NUMBER_LEXEME:
            value = read_number(lexeme)
            self._push(Term(_NUMBER, (), lexeme.start, lexeme.end, "", value), lexeme.start, lexeme.end)
            return False
        if text in PREFIX:
            self._wait(_Pending(PREFIX[text], PRECEDENCE[PREFIX[text]], lexeme, 1))
            return True
        if lexeme.kind is _NAME_LEXEME:
            return self._name(position, lexeme)
        if text == "(":
            if self.previous.kind is not _NAME_LEXEME or self.previous.text not in FUNCTIONS:
                self._wait(_Pending(None, 0, lexeme, 0))
            return True
        if text == "+":
            return True
        raise mistakes.misplaced(self.line, self.previous, lexeme)

    def _name(self, position: int, lexeme: Lexeme) -> bool:
        name, start, end = lexeme.text, lexeme.start, lexeme.end
        called = position + 1 < len(self.lexemes) and self.lexemes[position + 1].text == "("
        if name in FUNCTIONS:
            if not called:
                raise mistakes.not_called(lexeme)
            self._wait(_Pending(FUNCTIONS[name].op, 0, lexeme, 0))
            return True
        if name in CONSTANTS:
            self._push(Term(_NUMBER, (), start, end, name, CONSTANTS[name]), start, end)
        elif name in self.vocabulary.names and not called:
            self._push(Term(None, (), start, end, name), start, end)
        else:
            raise mistakes.undefined(lexeme, called, self.vocabulary)
        return False

    # What may stand after a value.

    def _operator(self, lexeme: Lexeme) -> bool:
        text = lexeme.text
        op = BINARY.get(text)
        if op is not None:
            precedence = PRECEDENCE[op]
            self._reduce(precedence + 1 if op is _POW else precedence)
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

    def _push(self, term: Term, start: int, end: int) -> None:
        if len(self.terms) >= self.most_terms:
            raise TooLargeError(term.start, term.end, "The equations are too long.", "Simplify them.")
        self.operands.append(_Operand(len(self.terms), term, start, end))
        self.terms.append(term)

    def _reduce(self, precedence: int) -> bool:
        """Finish the waiting operators that bind at least so tightly."""
        pending = self.pending
        while pending and pending[-1].precedence >= precedence:
            last = pending.pop()
            start = last.lexeme.start if last.arity == 1 else self.operands[-2].start
            assert last.op is not None
            self._build(last.op, last.arity, start, self.operands[-1].end)
        return True

    def _build(self, op: Op, arity: int, start: int, end: int) -> None:
        operands = self.operands[-arity:]
        constants = []
        depth = 0
        for operand in operands:
            argument = operand.term
            deeper = nesting(op, operand is operands[0], argument.op)
            if deeper is None:
                raise self._wrong_type(op, operand)
            if argument.depth + deeper > depth:
                depth = argument.depth + deeper
            if argument.constant is not None:
                constants.append(argument.constant)
        if depth > MAX_DEPTH:
            raise mistakes.too_deep(start, end)
        constant = None
        if len(constants) == arity and op is not Op.LEARNED:
            constant = self._fold(op, constants, start, end)
        elif op is _POW and constants and operands[1].term.constant is not None:
            self._check_exponent(constants[0], operands[1])
        del self.operands[-arity:]
        args = tuple([operand.index for operand in operands])
        self._push(Term(op, args, start, end, "", constant, depth), start, end)

    def _wrong_type(self, op: Op, operand: _Operand) -> FaultError:
        given = operand.term.op
        if op in COMPARISONS and given in COMPARISONS:
            return FaultError(operand.start, operand.end, "Comparisons cannot be chained.", "Write a < b and b < c.")
        return mistakes.wrong_type(operand.start, operand.end, wants_condition=given not in CONDITIONS)

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
