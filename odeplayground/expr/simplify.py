"""Building the graph: equal expressions become one node, constants are folded, trivial operations vanish.

Every rule keeps the value exactly, or differs at most in the sign of zero, and where an operand is not finite
(``0*x``, ``x - x``).
"""

from __future__ import annotations

import math
from collections.abc import Callable

from odeplayground.expr.fold import fold
from odeplayground.expr.graph import Node, Op

_COMMUTATIVE = frozenset({Op.ADD, Op.MUL, Op.MIN, Op.MAX, Op.EQ, Op.NE, Op.AND, Op.OR})


# Bound once: members of an enumeration are slow to reach.
_NUMBER = Op.NUMBER
_NEG = Op.NEG


class Graph:
    """Nodes that grow: numbers of nodes stay valid for ever."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._numbers: dict[Node, int] = {}

    def intern(self, node: Node) -> int:
        """The number of an equal node; a new one if there is none."""
        number = self._numbers.get(node)
        if number is None:
            number = self._numbers[node] = len(self.nodes)
            self.nodes.append(node)
        return number

    def number(self, value: float) -> int:
        """The node of a constant."""
        return self.intern(Node(_NUMBER, (), value + 0.0))

    def apply(self, op: Op, *args: int) -> int:
        """The node of an operation, simplified."""
        values = [node.value for node in map(self.nodes.__getitem__, args) if node.op is _NUMBER]
        if len(values) == len(args):
            value = fold(op, *values)
            if not math.isnan(value):
                return self.number(value)
        rule = _RULES.get(op)
        simpler = rule(self, *args) if rule is not None else None
        if simpler is not None:
            return simpler
        return self.intern(Node(op, tuple(sorted(args)) if op in _COMMUTATIVE else args))

    def learned(self, args: tuple[int, ...], index: int, part: tuple[int, ...]) -> int:
        """The node of an output of a network, or of a derivative of it; see :class:`Node`."""
        return self.intern(Node(Op.LEARNED, args, index=index, part=part))

    def constant(self, number: int) -> float | None:
        """The value of a node that is a number."""
        node = self.nodes[number]
        return node.value if node.op is _NUMBER else None

    def negated(self, number: int) -> int | None:
        """What a node is the negative of, if it is a negation."""
        node = self.nodes[number]
        return node.args[0] if node.op is _NEG else None


def _add(graph: Graph, a: int, b: int) -> int | None:
    if graph.constant(a) == 0:
        return b
    if graph.constant(b) == 0:
        return a
    minus_a, minus_b = graph.negated(a), graph.negated(b)
    if minus_b is not None:
        return graph.apply(Op.SUB, a, minus_b)
    return graph.apply(Op.SUB, b, minus_a) if minus_a is not None else None


def _sub(graph: Graph, a: int, b: int) -> int | None:
    if a == b:
        return graph.number(0.0)
    if graph.constant(b) == 0:
        return a
    if graph.constant(a) == 0:
        return graph.apply(Op.NEG, b)
    minus_b = graph.negated(b)
    return graph.apply(Op.ADD, a, minus_b) if minus_b is not None else None


def _mul(graph: Graph, a: int, b: int) -> int | None:
    for one, other in ((a, b), (b, a)):
        factor, minus = graph.constant(one), graph.negated(other)
        if factor == 0:
            return one
        if factor == 1:
            return other
        if factor == -1:
            return graph.apply(Op.NEG, other)
        if minus is not None:
            if factor is not None:
                return graph.apply(Op.MUL, graph.number(-factor), minus)
            return graph.apply(Op.NEG, graph.apply(Op.MUL, one, minus))
    return None


def _div(graph: Graph, a: int, b: int) -> int | None:
    divisor, minus_a, minus_b = graph.constant(b), graph.negated(a), graph.negated(b)
    if graph.constant(a) == 0 and divisor != 0:
        return a
    if divisor == 1:
        return a
    if divisor == -1:
        return graph.apply(Op.NEG, a)
    if minus_b is not None:
        return graph.apply(Op.NEG, graph.apply(Op.DIV, a, minus_b))
    return graph.apply(Op.NEG, graph.apply(Op.DIV, minus_a, b)) if minus_a is not None else None


def _neg(graph: Graph, a: int) -> int | None:
    node = graph.nodes[a]
    if node.op is Op.NEG:
        return node.args[0]
    return graph.apply(Op.SUB, node.args[1], node.args[0]) if node.op is Op.SUB else None


def _pow(graph: Graph, a: int, b: int) -> int | None:
    base, exponent = graph.constant(a), graph.constant(b)
    if exponent == 0 or base == 1:
        return graph.number(1.0)
    if exponent == 1:
        return a
    return graph.apply(Op.EXP, b) if base == math.e else None


def _same(graph: Graph, a: int, b: int) -> int | None:
    return a if a == b else None


def _and(graph: Graph, a: int, b: int) -> int | None:
    for one, other in ((a, b), (b, a)):
        condition = graph.constant(one)
        if condition is not None:
            return other if condition else one
    return a if a == b else None


def _or(graph: Graph, a: int, b: int) -> int | None:
    for one, other in ((a, b), (b, a)):
        condition = graph.constant(one)
        if condition is not None:
            return one if condition else other
    return a if a == b else None


def _not(graph: Graph, a: int) -> int | None:
    node = graph.nodes[a]
    return node.args[0] if node.op is Op.NOT else None


def _if(graph: Graph, condition: int, then: int, otherwise: int) -> int | None:
    known = graph.constant(condition)
    if known is not None:
        return then if known else otherwise
    return then if then == otherwise else None


_RULES: dict[Op, Callable[..., int | None]] = {
    Op.ADD: _add,
    Op.SUB: _sub,
    Op.MUL: _mul,
    Op.DIV: _div,
    Op.NEG: _neg,
    Op.POW: _pow,
    Op.MIN: _same,
    Op.MAX: _same,
    Op.AND: _and,
    Op.OR: _or,
    Op.NOT: _not,
    Op.IF: _if,
}
