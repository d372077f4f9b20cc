"""Arithmetic with constants: what a node computes when its arguments are numbers."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from odeplayground.expr.graph import Op


def _sign(x: float) -> float:
    return math.copysign(1.0, x) if x else 0.0


def _heaviside(x: float) -> float:
    return 0.5 + 0.5 * _sign(x)


def _choose(condition: float, then: float, otherwise: float) -> float:
    return then if condition else otherwise


_ARITHMETIC: dict[Op, Callable[..., Any]] = {
    Op.ADD: operator.add,
    Op.SUB: operator.sub,
    Op.MUL: operator.mul,
    Op.DIV: operator.truediv,
    Op.NEG: operator.neg,
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
    Op.SIGN: _sign,
    Op.MIN: min,
    Op.MAX: max,
    Op.FLOOR: math.floor,
    Op.MOD: operator.mod,
    Op.HEAVISIDE: _heaviside,
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
    Op.EQ: operator.eq,
    Op.NE: operator.ne,
    Op.AND: lambda a, b: bool(a) and bool(b),
    Op.OR: lambda a, b: bool(a) or bool(b),
    Op.NOT: operator.not_,
    Op.IF: _choose,
}


def fold(op: Op, *args: float) -> float:
    """The value of ``op`` for numbers, NaN where it has no finite value. Conditions are 1.0 and 0.0."""
    try:
        value = float(_ARITHMETIC[op](*args))
    except (ArithmeticError, ValueError):
        return math.nan
    # Adding zero turns -0.0 into 0.0, so that equal constants look equal.
    return value + 0.0 if math.isfinite(value) else math.nan
