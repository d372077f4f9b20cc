"""Evaluators for the tests: of tapes, and of expression trees that never were text."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from odeplayground import expr
from odeplayground.expr import Op
from odeplayground.expr.graph import CONDITIONS

_PLAIN: dict[Op, Callable[..., float]] = {
    Op.ADD: lambda a, b: a + b,
    Op.SUB: lambda a, b: a - b,
    Op.MUL: lambda a, b: a * b,
    Op.DIV: lambda a, b: a / b,
    Op.NEG: lambda a: -a,
    Op.POW: math.pow,
    Op.SIN: math.sin,
    Op.COS: math.cos,
    Op.TAN: math.tan,
    Op.ASIN: math.asin,
    Op.ACOS: math.acos,
    Op.ATAN: math.atan,
    Op.ATAN2: math.atan2,
    Op.SINH: math.sinh,
    Op.COSH: math.cosh,
    Op.TANH: math.tanh,
    Op.EXP: math.exp,
    Op.LOG: math.log,
    Op.LOG10: math.log10,
    Op.SQRT: math.sqrt,
    Op.ABS: abs,
    Op.SIGN: lambda a: float((a > 0) - (a < 0)),
    Op.MIN: min,
    Op.MAX: max,
    Op.FLOOR: math.floor,
    Op.MOD: lambda a, b: a % b,
    Op.HEAVISIDE: lambda a: (1.0 + (a > 0) - (a < 0)) / 2,
    Op.LT: lambda a, b: a < b,
    Op.LE: lambda a, b: a <= b,
    Op.GT: lambda a, b: a > b,
    Op.GE: lambda a, b: a >= b,
    Op.EQ: lambda a, b: a == b,
    Op.NE: lambda a, b: a != b,
    Op.AND: lambda a, b: a and b,
    Op.OR: lambda a, b: a or b,
    Op.NOT: lambda a: not a,
    Op.IF: lambda condition, a, b: a if condition else b,
    Op.LEARNED: lambda *_: 0.0,  # as long as it is not trained
}


_MAY_TAKE_NAN = CONDITIONS | {Op.IF, Op.POW, Op.LEARNED}


def apply(op: Op, *args: float) -> float:
    """One operation; NaN where there is no value (an infinity counts as none), and NaN from NaN.

    Exceptions: conditions and choices take NaN as it is, and 1 to any power is 1.
    """
    if op not in _MAY_TAKE_NAN and any(map(math.isnan, args)):
        return math.nan  # Python's min, max and sign would depend on the order of their arguments
    try:
        return _PLAIN[op](*args)
    except (ArithmeticError, ValueError):
        return math.nan


def run(tape: expr.Tape, states: Sequence[float], parameters: Sequence[float] = (), t: float = 0.0) -> list[float]:
    """Values of the outputs of a tape."""
    values: list[float] = []
    for number, node in enumerate(tape.nodes):
        assert all(arg < number for arg in node.args)
        if node.op is Op.NUMBER:
            values.append(node.value)
        elif node.op is Op.STATE:
            values.append(states[node.index])
        elif node.op is Op.PARAMETER:
            values.append(parameters[node.index])
        elif node.op is Op.TIME:
            values.append(t)
        else:
            values.append(apply(node.op, *[values[arg] for arg in node.args]) + 0.0)
    return [values[output] for output in tape.outputs]


Tree = tuple[object, ...] | str | float
"""A number, a name, or ``(op, *arguments)``."""


def evaluate(tree: Tree, names: Mapping[str, float]) -> float:
    """The value of a tree, by plain recursion."""
    if isinstance(tree, str):
        return names[tree]
    if isinstance(tree, float):
        return tree
    op, *args = tree
    # The language has one zero: the sign of a rounding or of -0.0 must not choose the branch of atan2.
    return apply(op, *[evaluate(arg, names) for arg in args]) + 0.0
