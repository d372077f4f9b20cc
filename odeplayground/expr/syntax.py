"""The syntax tree, kept flat: terms in postfix order, so that every pass over it is a plain loop.

A long sum is a deep tree, and a recursive pass would meet Python's recursion limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

import msgspec

from odeplayground.expr.graph import COMPARISONS, CONDITIONS, CONNECTIVES, Op


class Term(msgspec.Struct, frozen=True, gc=False):
    """One number, name or operation in an expression."""

    op: Op | None
    """``None``: a name."""
    args: tuple[int, ...]
    """Positions of the argument terms, all smaller than the term's own."""
    start: int
    """First column, from 0."""
    end: int
    """Column after the last one."""
    name: str = ""
    """The name, also for the constants ``pi`` and ``e``, which are numbers."""
    constant: float | None = None
    """The value, if it depends on nothing."""
    depth: int = 0
    """How deeply the term is nested inside, brackets counted."""


class Expression(msgspec.Struct, frozen=True, gc=False):
    """Terms in postfix order; the last one is the whole."""

    terms: tuple[Term, ...]

    @property
    def root(self) -> Term:
        """The whole expression."""
        return self.terms[-1]

    @property
    def names(self) -> set[str]:
        """Names that the value depends on."""
        return {term.name for term in self.terms if term.op is None}


def unfold(root: int, parts: Callable[[int], Iterable[str | int]]) -> str:
    """Spell a tree out from the left. ``parts`` gives, for a term, its pieces: text, and positions of other terms.

    Putting the texts of ever larger terms together would take time quadratic in the length of a sum.
    """
    pieces: list[str] = []
    waiting: list[str | int] = [root]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, str):
            pieces.append(piece)
        else:
            waiting.extend([*parts(piece)][::-1])
    return "".join(pieces)


SYMBOLS = {
    Op.OR: "or",
    Op.AND: "and",
    Op.LT: "<",
    Op.LE: "<=",
    Op.GT: ">",
    Op.GE: ">=",
    Op.EQ: "==",
    Op.NE: "!=",
    Op.ADD: "+",
    Op.SUB: "-",
    Op.MUL: "*",
    Op.DIV: "/",
    Op.POW: "^",
}
"""How the operations with two sides are written."""

BINARY = {symbol: op for op, symbol in SYMBOLS.items()}

PREFIX = {"-": Op.NEG, "not": Op.NOT}

COMPARING = 4
SIGN = 7
ATOM = 9

PRECEDENCE: dict[Op | None, int] = {
    Op.OR: 1,
    Op.AND: 2,
    Op.NOT: 3,
    **dict.fromkeys(COMPARISONS, COMPARING),
    Op.ADD: 5,
    Op.SUB: 5,
    Op.MUL: 6,
    Op.DIV: 6,
    Op.NEG: SIGN,
    Op.POW: 8,
}
"""How tightly an operation binds; whatever is not listed is an atom."""


@cache
def needs_brackets(parent: Op, position: int, child: Op | None) -> bool:
    """Whether ``child`` must be bracketed as argument number ``position`` of the operator ``parent``.

    Besides what precedence asks for, the negative of something is bracketed after an operator: ``a*(-b)``.
    """
    outer, inner = PRECEDENCE[parent], PRECEDENCE.get(child, ATOM)
    if child is Op.NEG:
        return parent is Op.POW or parent is Op.NEG or (position == 1 and outer > COMPARING)
    grouped_first = 1 if parent is Op.POW else 0
    return inner < outer or (inner == outer and position != grouped_first and parent is not Op.NOT)


@cache
def nesting(parent: Op, first: bool, child: Op | None) -> int | None:
    """How much deeper than its argument an operation is; sums and products grow to the left for free.

    ``first`` tells whether it is the first argument. ``None``: it cannot be one, being a condition where a number
    should be, or a number where a condition should be.
    """
    if (child in CONDITIONS) is not (parent in CONNECTIVES or (parent is Op.IF and first)):
        return None
    if parent not in PRECEDENCE:
        return 1
    free = first and parent not in (Op.POW, Op.NEG, Op.NOT)
    return (0 if free else 1) + needs_brackets(parent, 0 if first else 1, child)
