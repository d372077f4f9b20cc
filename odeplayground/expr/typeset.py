"""Equations as formulas. The layout is decided here, once; LaTeX and MathML only spell it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from odeplayground.expr.graph import COMPARISONS, Op
from odeplayground.expr.numbers import mantissa_and_exponent
from odeplayground.expr.syntax import Expression, Term, unfold

Piece = str | int
"""Text, or the position of a term that is yet to be spelled."""

Pieces = list[Piece]

TITLES = {
    Op.SIN: "sin",
    Op.COS: "cos",
    Op.TAN: "tan",
    Op.ASIN: "arcsin",
    Op.ACOS: "arccos",
    Op.ATAN: "arctan",
    Op.ATAN2: "atan2",
    Op.SINH: "sinh",
    Op.COSH: "cosh",
    Op.TANH: "tanh",
    Op.LOG: "ln",
    Op.LOG10: "log",
    Op.SIGN: "sign",
    Op.MIN: "min",
    Op.MAX: "max",
    Op.MOD: "mod",
    Op.HEAVISIDE: "heaviside",
    Op.LEARNED: "[?]",
}
"""Functions that are shown with their name and brackets."""

_LEVELS: dict[Op | None, int] = {
    Op.IF: 0,
    Op.OR: 1,
    Op.AND: 2,
    Op.NOT: 3,
    **dict.fromkeys(COMPARISONS, 4),
    Op.ADD: 5,
    Op.SUB: 5,
    Op.NEG: 5,
    Op.MUL: 6,
    Op.DIV: 7,
    Op.POW: 7,
    Op.EXP: 7,
}
_ATOM = 8
"""How tightly things bind on paper: a fraction needs no brackets in a product, but does under a power."""


class Writer(ABC):
    """Spells the parts of a formula in some language."""

    @abstractmethod
    def name(self, name: str) -> str:
        """A state, parameter, sub-expression, constant or the time."""

    @abstractmethod
    def number(self, value: float) -> str:
        """A number, which is not negative."""

    @abstractmethod
    def sign(self, op: Op) -> str:
        """What stands between two sides, or before one."""

    @abstractmethod
    def space(self) -> str:
        """The gap between two factors."""

    @abstractmethod
    def comma(self) -> str:
        """What stands between two arguments."""

    @abstractmethod
    def dot(self) -> str:
        """The sign between two factors where a gap would mislead."""

    @abstractmethod
    def group(self, pieces: Pieces) -> Pieces:
        """Pieces as one part of a larger one."""

    @abstractmethod
    def fraction(self, above: Pieces, below: Pieces) -> Pieces:
        """One above the other."""

    @abstractmethod
    def power(self, base: Pieces, exponent: Pieces) -> Pieces:
        """A raised exponent."""

    @abstractmethod
    def root(self, inside: Pieces) -> Pieces:
        """A square root."""

    @abstractmethod
    def fence(self, left: str, inside: Pieces, right: str, tall: bool) -> Pieces:
        """Brackets; ``left`` and ``right`` from ``( ) | ⌊ ⌋``. ``tall``: they have to grow with what is inside."""

    @abstractmethod
    def title(self, op: Op, exponent: Pieces | None) -> Pieces:
        """The name of a function, with its own exponent as in sin²(x)."""

    @abstractmethod
    def cases(self, choices: Sequence[tuple[int, int]], otherwise: int) -> Pieces:
        """The value of the first condition that holds; ``choices`` are conditions with their values."""

    @abstractmethod
    def equation(self, left: str, dotted: bool, right: str) -> str:
        """The whole line; ``dotted``: the left side is a time derivative."""


def typeset(expression: Expression, writer: Writer) -> str:
    """Spell a right side."""
    layout = _Layout(expression.terms, writer)
    return unfold(len(expression.terms) - 1, layout.pieces)


class _Layout:
    def __init__(self, terms: Sequence[Term], writer: Writer) -> None:
        self.terms = terms
        self.writer = writer
        self.tall: list[bool] = []
        for term in terms:
            self.tall.append(term.op in (Op.DIV, Op.IF) or any(self.tall[arg] for arg in term.args))

    def pieces(self, position: int) -> Pieces:
        term, writer = self.terms[position], self.writer
        op, args = term.op, term.args
        if op is None or term.name:
            return [writer.name(term.name)]
        if op is Op.NUMBER:
            return [writer.number(term.constant or 0.0)]
        if op is Op.DIV:
            return self._fraction(*args)
        if op is Op.POW:
            return self._power(*args)
        if op is Op.EXP:
            return writer.power([writer.name("e")], self._group(args[0]))
        if op is Op.SQRT:
            return writer.root(self._group(args[0]))
        if op is Op.ABS:
            return writer.fence("|", [args[0]], "|", self.tall[args[0]])
        if op is Op.FLOOR:
            return writer.fence("⌊", [args[0]], "⌋", self.tall[args[0]])
        if op is Op.IF:
            return self._cases(position)
        if op in TITLES:
            return self._call(op, None, args)
        if len(args) == 1:
            return [writer.sign(op), *self._side(args[0], _LEVELS[op] + 1, after_sign=True)]
        return self._sides(op, *args)

    def _group(self, position: int) -> Pieces:
        """A term as one part of a larger one."""
        term = self.terms[position]
        single = term.op in (Op.SQRT, Op.POW, Op.EXP) or (not term.args and not _is_scientific(term))
        return [position] if single else self.writer.group([position])

    def _cases(self, position: int) -> Pieces:
        """One brace for a whole chain: if, else if, else if, otherwise."""
        choices = []
        while self.terms[position].op is Op.IF:
            condition, then, position = self.terms[position].args
            choices.append((condition, then))
        return self.writer.cases(choices, position)

    def _call(self, op: Op, exponent: Pieces | None, arguments: Sequence[int]) -> Pieces:
        rest = [piece for argument in arguments[1:] for piece in (self.writer.comma(), argument)]
        tall = any(self.tall[argument] for argument in arguments)
        return [*self.writer.title(op, exponent), *self.writer.fence("(", [arguments[0], *rest], ")", tall)]

    def _fraction(self, above: int, below: int) -> Pieces:
        numerator = self.terms[above]
        if numerator.op is Op.NEG:
            fraction = self.writer.fraction(self._group(numerator.args[0]), self._group(below))
            return [self.writer.sign(Op.NEG), *fraction]
        return self.writer.fraction(self._group(above), self._group(below))

    def _power(self, base: int, exponent: int) -> Pieces:
        inner, power = self.terms[base], self.terms[exponent]
        value = power.constant if power.op is Op.NUMBER else None
        if inner.op in TITLES and value is not None and value > 0:
            return self._call(inner.op, [exponent], inner.args)
        return self.writer.power(self._base(base), self._group(exponent))

    def _base(self, position: int) -> Pieces:
        """What a power raises."""
        term = self.terms[position]
        if not term.args and not _is_scientific(term):
            return [position]
        if term.op in (Op.ABS, Op.FLOOR):
            return self.writer.group([position])
        return self.writer.group(self.writer.fence("(", [position], ")", self.tall[position]))

    def _sides(self, op: Op, left: int, right: int) -> Pieces:
        level = _LEVELS[op]
        # A leading sign needs no brackets in a product: -a b.
        left_level = 5 if op is Op.MUL and self.terms[left].op is Op.NEG else level
        right_level = level + 1 if op is Op.SUB else level
        between = self._between(left, right) if op is Op.MUL else self.writer.sign(op)
        after_sign = op in (Op.ADD, Op.SUB, Op.MUL)
        return [*self._side(left, left_level), between, *self._side(right, right_level, after_sign)]

    def _side(self, position: int, level: int, after_sign: bool = False) -> Pieces:
        """A term, in brackets if it binds less tightly than ``level``, or would put two signs side by side."""
        loose = _LEVELS.get(self.terms[position].op, _ATOM) < level
        if loose or (after_sign and self._first(position, through=(Op.MUL, Op.DIV)).op is Op.NEG):
            return self.writer.fence("(", [position], ")", self.tall[position])
        return [position]

    def _between(self, left: int, right: int) -> str:
        """Digits beside digits, or beside a fraction of digits, would read as one number."""
        first = self._first(right, through=(Op.MUL, Op.POW))
        digits_follow = first.op is Op.NUMBER and not first.name
        last = self._last(left)
        fraction_follows = self.terms[right].op is Op.DIV and last.op is Op.NUMBER and not last.name
        return self.writer.dot() if digits_follow or fraction_follows else self.writer.space()

    def _first(self, position: int, through: tuple[Op, ...]) -> Term:
        """What a term begins with."""
        term = self.terms[position]
        while term.op in through:
            term = self.terms[term.args[0]]
        return term

    def _last(self, position: int) -> Term:
        term = self.terms[position]
        while term.op in (Op.MUL, Op.NEG):
            term = self.terms[term.args[-1]]
        return term


def _is_scientific(term: Term) -> bool:
    """Whether a number is shown with a power of ten."""
    return term.op is Op.NUMBER and mantissa_and_exponent(term.constant or 0.0)[1] is not None
