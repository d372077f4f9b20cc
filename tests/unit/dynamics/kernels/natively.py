"""Short ways to native functions, for the tests of their parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import numpy as np

from odeplayground.dynamics.kernels.compile import Level
from odeplayground.dynamics.kernels.evaluate import NativeFunction, native_function
from odeplayground.dynamics.kernels.features import Features, host_features
from odeplayground.expr.graph import COMPARISONS, Node, Op, Tape

UNARY = (
    *(Op.NEG, Op.SIN, Op.COS, Op.TAN, Op.ASIN, Op.ACOS, Op.ATAN, Op.SINH, Op.COSH, Op.TANH, Op.EXP, Op.LOG, Op.LOG10),
    *(Op.SQRT, Op.ABS, Op.SIGN, Op.FLOOR, Op.HEAVISIDE),
)
BINARY = (Op.ADD, Op.SUB, Op.MUL, Op.DIV, Op.POW, Op.ATAN2, Op.MIN, Op.MAX, Op.MOD, *sorted(COMPARISONS))

_POSITIVE = [
    *(0.0, 1.0, 0.5, 2.0, 3.0, 4.0, 2.5, 709.7, 710.4, 745.1, 746.0, 2.0**26, 2.0**53, 2.0**53 + 2, 1e17, 1e300),
    *(1e-5, 1e-310, 5e-324, 1.7976931348623157e308, np.inf),
]
SPECIAL = np.array([*_POSITIVE, *(-x for x in _POSITIVE), np.nan])
"""Where functions have their corners."""


def machine(width: int = 0, fma: bool = True) -> Features:
    """The host with so many lanes, and without fused multiply-add if wished."""
    host = host_features()
    return replace(host, width=width or host.width, fma=host.fma and fma)


def tape_of(*ops: Op) -> Tape:
    """All operations of the states x_0 and x_1, each an output."""
    nodes = [Node(Op.STATE, (), index=0), Node(Op.STATE, (), index=1)]
    nodes += [Node(op, (0, 1) if op in BINARY else (0,)) for op in ops]
    return Tape(tuple(nodes), tuple(range(2, len(nodes))))


@lru_cache
def compiled(tape: Tape, features: Features, level: Level = Level.OPTIMISED) -> NativeFunction:
    """Of at most two states and no parameters."""
    return native_function(tape, 2, 0, features, level)


def native(op: Op, *, width: int = 0, fma: bool = True) -> Callable[..., np.ndarray]:
    """One operation as a function of arrays (m,)."""
    function = compiled(tape_of(op), machine(width, fma))

    def call(x: np.ndarray, y: np.ndarray | float = 0.0) -> np.ndarray:
        return function(0.0, np.stack(np.broadcast_arrays(x, y)), np.empty(0))[0]

    return call


def bits(values: np.ndarray) -> np.ndarray:
    """The bits of doubles, with all NaNs alike."""
    return np.where(np.isnan(values), np.nan, values).view(np.uint64)
