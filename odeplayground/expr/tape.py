"""The graph as a program: only what is needed, in order, with small powers written as products."""

from __future__ import annotations

from collections.abc import Sequence

from odeplayground.expr.graph import Node, Op, Tape, needed
from odeplayground.expr.simplify import Graph


def make_tape(nodes: Sequence[Node], outputs: Sequence[int]) -> Tape:
    """The program that computes ``outputs`` (numbers of ``nodes``; repeated ones are computed once)."""
    graph = Graph()
    place: dict[int, int] = {}
    for number in needed(nodes, outputs):
        node = nodes[number]
        args = tuple(place[arg] for arg in node.args)
        exponent = nodes[node.args[1]].value if node.op is Op.POW and nodes[node.args[1]].op is Op.NUMBER else 0.0
        if exponent in _SMALL_POWERS:
            place[number] = _product(graph, args[0], int(exponent))
        else:
            place[number] = graph.intern(Node(node.op, args, node.value, node.index, node.part))
    ends = [place[output] for output in outputs]
    kept = needed(graph.nodes, ends)
    renumbered = {old: new for new, old in enumerate(kept)}
    program = []
    for old in kept:
        node = graph.nodes[old]
        args = tuple(renumbered[arg] for arg in node.args)
        program.append(Node(node.op, args, node.value, node.index, node.part))
    return Tape(tuple(program), tuple(renumbered[end] for end in ends))


_SMALL_POWERS = (2.0, 3.0, 4.0)
"""Exponents for which products are faster than a general power, and as exact as makes no difference."""


def _product(graph: Graph, base: int, exponent: int) -> int:
    square = graph.intern(Node(Op.MUL, (base, base)))
    if exponent == 2:
        return square
    return graph.intern(Node(Op.MUL, (square, square if exponent == 4 else base)))
