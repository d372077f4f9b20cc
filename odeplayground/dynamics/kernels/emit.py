"""An expression tape as vector instructions."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from odeplayground.dynamics.kernels.math import exponential, hyperbolic, inverse, logarithm, power, rounding, trig
from odeplayground.dynamics.kernels.math.library import VectorFunction
from odeplayground.dynamics.kernels.network.calls import Calls
from odeplayground.dynamics.kernels.vector import Lanes
from odeplayground.expr.graph import CONNECTIVES, Node, Op, Tape


def _comparison(relation: str) -> VectorFunction:
    return lambda lanes, a, b: lanes.compare(relation, a, b)


FUNCTIONS: dict[Op, VectorFunction] = {
    Op.ADD: Lanes.add,
    Op.SUB: Lanes.sub,
    Op.MUL: Lanes.mul,
    Op.DIV: Lanes.div,
    Op.NEG: Lanes.neg,
    Op.POW: power.power,
    Op.SIN: trig.sin,
    Op.COS: trig.cos,
    Op.TAN: trig.tan,
    Op.ASIN: inverse.asin,
    Op.ACOS: inverse.acos,
    Op.ATAN: inverse.atan,
    Op.ATAN2: inverse.atan2,
    Op.SINH: hyperbolic.sinh,
    Op.COSH: hyperbolic.cosh,
    Op.TANH: hyperbolic.tanh,
    Op.EXP: exponential.exp,
    Op.LOG: logarithm.log,
    Op.LOG10: logarithm.log10,
    Op.SQRT: Lanes.sqrt,
    Op.ABS: Lanes.abs,
    Op.SIGN: rounding.sign,
    Op.MIN: Lanes.min,
    Op.MAX: Lanes.max,
    Op.FLOOR: Lanes.floor,
    Op.MOD: rounding.mod,
    Op.HEAVISIDE: rounding.heaviside,
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
"""What writes each operation: of lanes and argument vectors, to a vector (a mask for conditions)."""


def emit(
    lanes: Lanes,
    tape: Tape,
    t: ir.Value,
    states: Sequence[ir.Value],
    parameters: Sequence[ir.Value],
    memory: ir.Value | None = None,
) -> list[ir.Value]:
    """Write the tape's program at the builder's place; the outputs as vectors of doubles, in the tape's order.

    ``t``, ``states`` and ``parameters`` are vectors of doubles too, one trajectory per lane; ``memory`` is for networks
    to work in. The numpy interpreter ``dynamics.tape`` gives the same values up to rounding.
    """
    return Emission(lanes, tape, parameters, memory).at(t, states)


class Emission:
    """A tape in two parts: what depends on parameters alone is written here, the rest by each :meth:`at`.

    For loops: make it before, call :meth:`at` inside. ``lanes.builder`` may have moved on in between.
    """

    def __init__(
        self, lanes: Lanes, tape: Tape, parameters: Sequence[ir.Value], memory: ir.Value | None = None
    ) -> None:
        self._lanes = lanes
        self._tape = tape
        self._parameters = parameters
        self._memory = memory
        calls = Calls(lanes, tape, memory)
        self._moving = _moving(tape)
        self._known: list[ir.Value] = []
        for node, moving in zip(tape.nodes, self._moving, strict=True):
            self._known.append(None if moving else self._constant(node, calls))

    def at(self, t: ir.Value, states: Sequence[ir.Value]) -> list[ir.Value]:
        """The outputs at these times and states."""
        values, calls = list(self._known), Calls(self._lanes, self._tape, self._memory)
        for number, node in enumerate(self._tape.nodes):
            if not self._moving[number]:
                continue
            match node.op:
                case Op.TIME:
                    values[number] = t
                case Op.STATE:
                    values[number] = states[node.index]
                case _:
                    values[number] = self._result(node, values, calls)
        return [_as_number(self._lanes, values[i]) for i in self._tape.outputs]

    def _constant(self, node: Node, calls: Calls) -> ir.Value:
        match node.op:
            case Op.NUMBER:
                return self._lanes.number(node.value)
            case Op.PARAMETER:
                return self._parameters[node.index]
            case _:
                return self._result(node, self._known, calls)

    def _result(self, node: Node, values: list[ir.Value], calls: Calls) -> ir.Value:
        arguments = [values[i] for i in node.args]
        if node.op is Op.LEARNED:
            return calls.value(node, [_as_number(self._lanes, argument) for argument in arguments])
        exponent = self._tape.nodes[node.args[1]] if node.op is Op.POW else None
        if exponent is not None and exponent.op is Op.NUMBER:
            simple = power.constant_power(self._lanes, arguments[0], exponent.value)
            if simple is not None:
                return simple
        return _apply(self._lanes, node.op, arguments)


def _moving(tape: Tape) -> list[bool]:
    """Which nodes depend on time or states."""
    moving: list[bool] = []
    for node in tape.nodes:
        moving.append(node.op in (Op.STATE, Op.TIME) or any(moving[i] for i in node.args))
    return moving


def _apply(lanes: Lanes, op: Op, arguments: list[ir.Value]) -> ir.Value:
    if op in CONNECTIVES:
        arguments = [_as_condition(lanes, argument) for argument in arguments]
    elif op is Op.IF:
        arguments = [_as_condition(lanes, arguments[0]), *(_as_number(lanes, value) for value in arguments[1:])]
    else:
        arguments = [_as_number(lanes, argument) for argument in arguments]
    return FUNCTIONS[op](lanes, *arguments)


def _as_condition(lanes: Lanes, value: ir.Value) -> ir.Value:
    """A folded condition is a number: true unless zero."""
    return value if value.type == lanes.mask else lanes.compare("!=", value, lanes.number(0.0))


def _as_number(lanes: Lanes, value: ir.Value) -> ir.Value:
    """Conditions count as 1 and 0, as they do for numpy."""
    return lanes.select(value, lanes.number(1.0), lanes.number(0.0)) if value.type == lanes.mask else value
