"""Exact derivatives on the graph: forward mode, one sweep for all variables, shared nodes differentiated once.

At corners the derivative is the one that a solver can live with: ``abs'(0) = 0``, steps (``sign``, ``floor``,
``heaviside``) are flat, ``min``, ``max`` and ``if`` follow the branch that is taken, and what rests on the steep end
of a root, such as ``sqrt(max(x, 0))`` for negative ``x``, is flat.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from odeplayground.expr.graph import CONDITIONS, Node, Op, needed
from odeplayground.expr.simplify import Graph

Tangent = dict[int, int]
"""Variable to the node of the derivative with respect to it; variables that are absent have derivative 0."""


def differentiate(graph: Graph, outputs: Sequence[int], variables: Sequence[int]) -> list[Tangent]:
    """Derivatives of every output node with respect to every variable node, appended to ``graph``."""
    tangents: dict[int, Tangent] = {}
    leaves = set(variables)
    one = graph.number(1.0)
    for number in needed(graph.nodes, outputs):
        node = graph.nodes[number]
        if number in leaves:
            tangents[number] = {number: one}
        elif node.op in CONDITIONS or not any(tangents[arg] for arg in node.args):
            tangents[number] = {}
        elif node.op in _CHOICES:
            tangents[number] = _choose(graph, node, tangents)
        else:
            tangents[number] = _chain(graph, number, tangents)
    return [tangents[output] for output in outputs]


def _chain(graph: Graph, number: int, tangents: dict[int, Tangent]) -> Tangent:
    """The chain rule: the sum over the arguments of partial derivative times inner derivative."""
    node = graph.nodes[number]
    total: Tangent = {}
    for position, arg in enumerate(node.args):
        if not tangents[arg]:
            continue
        partial = _partial(graph, number, position)
        for variable, inner in tangents[arg].items():
            product = _product(graph, node, position, partial, inner)
            before = total.get(variable)
            total[variable] = product if before is None else graph.apply(Op.ADD, before, product)
    return {variable: slope for variable, slope in total.items() if graph.constant(slope) != 0}


def _partial(graph: Graph, number: int, position: int) -> int:
    """The derivative of a node by one of its arguments."""
    node = graph.nodes[number]
    if node.op is not Op.LEARNED:
        return _PARTIALS[node.op][position](graph, number, *node.args)
    output, *inputs = node.part
    return graph.learned(node.args, node.index, (output, *sorted([*inputs, position - 1])))


def _product(graph: Graph, node: Node, position: int, partial: int, inner: int) -> int:
    """Partial derivative times inner derivative; 0, not 0*infinity, where a finite root is infinitely steep."""
    product = graph.apply(Op.MUL, partial, inner)
    if not _can_be_steep(graph, node, position) or graph.constant(inner) is not None:
        return product
    zero = graph.number(0.0)
    return graph.apply(Op.IF, graph.apply(Op.EQ, inner, zero), zero, product)


def _can_be_steep(graph: Graph, node: Node, position: int) -> bool:
    """Whether a function can be finite where its derivative is infinite."""
    if node.op is Op.POW:
        exponent = graph.constant(node.args[1])
        return position == 0 and (exponent is None or 0 < exponent < 1)
    return node.op in (Op.SQRT, Op.ASIN, Op.ACOS)


def _choose(graph: Graph, node: Node, tangents: dict[int, Tangent]) -> Tangent:
    """The derivative of the branch that is taken; the other one may be infinite there."""
    zero = graph.number(0.0)
    condition, then, otherwise = _CHOICES[node.op](graph, *node.args)
    left, right = tangents[then], tangents[otherwise]
    return {
        variable: graph.apply(Op.IF, condition, left.get(variable, zero), right.get(variable, zero))
        for variable in {**left, **right}
    }


_CHOICES: dict[Op, Callable[..., tuple[int, int, int]]] = {
    Op.IF: lambda graph, condition, then, otherwise: (condition, then, otherwise),
    Op.MIN: lambda graph, a, b: (graph.apply(Op.LE, a, b), a, b),
    Op.MAX: lambda graph, a, b: (graph.apply(Op.GE, a, b), a, b),
}


# Partial derivatives. Each takes the graph, the node itself and its arguments.


def _one_over(graph: Graph, number: int) -> int:
    return graph.apply(Op.DIV, graph.number(1.0), number)


def _square(graph: Graph, number: int) -> int:
    return graph.apply(Op.POW, number, graph.number(2.0))


def _one_minus_square(graph: Graph, number: int) -> int:
    return graph.apply(Op.SUB, graph.number(1.0), _square(graph, number))


def _one_plus_square(graph: Graph, number: int) -> int:
    return graph.apply(Op.ADD, graph.number(1.0), _square(graph, number))


def _power_by_base(graph: Graph, node: int, u: int, n: int) -> int:
    """n*u^(n - 1), and 0 for n = 0, where u = 0 would give 0*infinity."""
    slope = graph.apply(Op.MUL, n, graph.apply(Op.POW, u, graph.apply(Op.SUB, n, graph.number(1.0))))
    if graph.constant(n) is not None:
        return slope
    zero = graph.number(0.0)
    return graph.apply(Op.IF, graph.apply(Op.EQ, n, zero), zero, slope)


def _power_by_exponent(graph: Graph, node: int, u: int, n: int) -> int:
    """u^n*log(u), and its limit 0 for u = 0."""
    slope = graph.apply(Op.MUL, node, graph.apply(Op.LOG, u))
    if graph.constant(u) is not None:
        return slope
    zero = graph.number(0.0)
    return graph.apply(Op.IF, graph.apply(Op.EQ, u, zero), zero, slope)


def _square_sum(graph: Graph, y: int, x: int) -> int:
    return graph.apply(Op.ADD, _square(graph, y), _square(graph, x))


def _flat(graph: Graph, *_: int) -> int:
    return graph.number(0.0)


Partial = Callable[..., int]

_PARTIALS: dict[Op, tuple[Partial, ...]] = {
    Op.ADD: (lambda g, f, a, b: g.number(1.0), lambda g, f, a, b: g.number(1.0)),
    Op.SUB: (lambda g, f, a, b: g.number(1.0), lambda g, f, a, b: g.number(-1.0)),
    Op.MUL: (lambda g, f, a, b: b, lambda g, f, a, b: a),
    Op.DIV: (lambda g, f, a, b: _one_over(g, b), lambda g, f, a, b: g.apply(Op.NEG, g.apply(Op.DIV, f, b))),
    Op.NEG: (lambda g, f, a: g.number(-1.0),),
    Op.POW: (_power_by_base, _power_by_exponent),
    Op.SIN: (lambda g, f, a: g.apply(Op.COS, a),),
    Op.COS: (lambda g, f, a: g.apply(Op.NEG, g.apply(Op.SIN, a)),),
    Op.TAN: (lambda g, f, a: _one_plus_square(g, f),),
    Op.ASIN: (lambda g, f, a: _one_over(g, g.apply(Op.SQRT, _one_minus_square(g, a))),),
    Op.ACOS: (lambda g, f, a: g.apply(Op.NEG, _one_over(g, g.apply(Op.SQRT, _one_minus_square(g, a)))),),
    Op.ATAN: (lambda g, f, a: _one_over(g, _one_plus_square(g, a)),),
    Op.ATAN2: (
        lambda g, f, y, x: g.apply(Op.DIV, x, _square_sum(g, y, x)),
        lambda g, f, y, x: g.apply(Op.NEG, g.apply(Op.DIV, y, _square_sum(g, y, x))),
    ),
    Op.SINH: (lambda g, f, a: g.apply(Op.COSH, a),),
    Op.COSH: (lambda g, f, a: g.apply(Op.SINH, a),),
    Op.TANH: (lambda g, f, a: _one_minus_square(g, f),),
    Op.EXP: (lambda g, f, a: f,),
    Op.LOG: (lambda g, f, a: _one_over(g, a),),
    Op.LOG10: (lambda g, f, a: g.apply(Op.DIV, g.number(1.0 / math.log(10.0)), a),),
    Op.SQRT: (lambda g, f, a: g.apply(Op.DIV, g.number(0.5), f),),
    Op.ABS: (lambda g, f, a: g.apply(Op.SIGN, a),),
    Op.SIGN: (_flat,),
    Op.FLOOR: (_flat,),
    Op.HEAVISIDE: (_flat,),
    Op.MOD: (
        lambda g, f, a, b: g.number(1.0),
        lambda g, f, a, b: g.apply(Op.NEG, g.apply(Op.FLOOR, g.apply(Op.DIV, a, b))),
    ),
}
