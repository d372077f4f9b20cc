"""An expression tape as vector instructions."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from odeplayground.dynamics.kernels.math.exponential import exp
from odeplayground.dynamics.kernels.math.library import VectorFunction
from odeplayground.dynamics.kernels.math.rounding import heaviside, sign
from odeplayground.dynamics.kernels.math.trig import cos, sin
from odeplayground.dynamics.kernels.vector import Lanes
from odeplayground.expr.graph import Node, Op, Tape


def _comparison(relation: str) -> VectorFunction:
    return lambda lanes, a, b: lanes.compare(relation, a, b)


FUNCTIONS: dict[Op, VectorFunction] = {
    Op.ADD: Lanes.add,
    Op.SUB: Lanes.sub,
    Op.MUL: Lanes.mul,
    Op.DIV: Lanes.div,
    Op.NEG: Lanes.neg,
    Op.SIN: sin,
    Op.COS: cos,
    Op.EXP: exp,
    Op.SQRT: Lanes.sqrt,
    Op.ABS: Lanes.abs,
    Op.SIGN: sign,
    Op.MIN: Lanes.min,
    Op.MAX: Lanes.max,
    Op.FLOOR: Lanes.floor,
    Op.HEAVISIDE: heaviside,
    Op.LT: _comparison("<"),
    Op.LE: _comparison("<="),
    Op.GT: _comparison(">"),
    Op.GE: _comparison(">="),
    Op.EQ: _comparison("=="),
    Op.NE: _comparison("!="),
    Op.AND: Lanes.both,
    Op.OR: Lanes.either,
    Op.NOT: Lanes.not_,
    Op.IF: Lanes.select,
}


def emit(
    lanes: Lanes, tape: Tape, t: ir.Value, states: Sequence[ir.Value], parameters: Sequence[ir.Value]
) -> list[ir.Value]:
    """Write the tape's program at the builder's place; the outputs as vectors of doubles, in the tape's order.

    ``t``, ``states`` and ``parameters`` are vectors of doubles too, one trajectory per lane. The numpy interpreter
    ``dynamics.tape`` gives the same values up to rounding.
    """
    values: list[ir.Value] = []
    for node in tape.nodes:
        values.append(_value(lanes, node, [values[i] for i in node.args], t, states, parameters))
    return [values[i] for i in tape.outputs]


def _value(
    lanes: Lanes,
    node: Node,
    arguments: list[ir.Value],
    t: ir.Value,
    states: Sequence[ir.Value],
    parameters: Sequence[ir.Value],
) -> ir.Value:
    match node.op:
        case Op.NUMBER:
            return lanes.number(node.value)
        case Op.TIME:
            return t
        case Op.STATE:
            return states[node.index]
        case Op.PARAMETER:
            return parameters[node.index]
        case _:
            return FUNCTIONS[node.op](lanes, *arguments)
