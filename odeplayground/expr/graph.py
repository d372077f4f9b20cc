"""The expression graph: operations, nodes and tapes. Numbers of nodes are topological: arguments come first."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec


class Op(StrEnum):
    """What a node computes from its arguments. All values are real numbers, or conditions (true, false).

    Conventions at the corners: ``sign(0) = 0``, ``heaviside(0) = 1/2``, ``mod(a, b) = a - b*floor(a/b)`` (the sign
    of ``b``, as in Python), ``pow`` and ``log`` of impossible arguments are NaN, division by zero is infinite or NaN.
    """

    NUMBER = "number"
    STATE = "state"
    PARAMETER = "parameter"
    TIME = "time"

    ADD = "add"
    SUB = "sub"
    MUL = "mul"
    DIV = "div"
    NEG = "neg"
    POW = "pow"

    SIN = "sin"
    COS = "cos"
    TAN = "tan"
    ASIN = "asin"
    ACOS = "acos"
    ATAN = "atan"
    ATAN2 = "atan2"
    SINH = "sinh"
    COSH = "cosh"
    TANH = "tanh"
    EXP = "exp"
    LOG = "log"
    LOG10 = "log10"
    SQRT = "sqrt"
    ABS = "abs"
    SIGN = "sign"
    MIN = "min"
    MAX = "max"
    FLOOR = "floor"
    MOD = "mod"
    HEAVISIDE = "heaviside"

    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    EQ = "eq"
    NE = "ne"
    AND = "and"
    OR = "or"
    NOT = "not"
    IF = "if"

    LEARNED = "learned"
    """A dense network, or a derivative of it. The first argument is the parameter that tells native code where the
    network is, which means nothing to others; the further ones are its inputs."""


LEARNED_NAME = "[?]"
"""How a term that is to be learned is written."""

COMPARISONS = frozenset({Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE})
"""Two numbers to a condition."""

CONNECTIVES = frozenset({Op.AND, Op.OR, Op.NOT})
"""Conditions to a condition."""

CONDITIONS = COMPARISONS | CONNECTIVES
"""Operations whose value is a condition. ``IF`` takes (condition, number, number) and is a number."""


class Node(msgspec.Struct, frozen=True):
    """One operation. Every operation has a fixed number of arguments (``MIN`` and ``MAX`` have two)."""

    op: Op
    args: tuple[int, ...] = ()
    """Numbers of the argument nodes, all smaller than the node's own."""
    value: float = 0.0
    """The value of a ``NUMBER``; always finite."""
    index: int = -1
    """Which state or parameter, or which network."""
    part: tuple[int, ...] = ()
    """Of ``LEARNED``: which output of the network, then by which of its inputs it is differentiated, in ascending
    order."""


class Tape(msgspec.Struct, frozen=True):
    """A straight-line program: evaluate ``nodes`` in order, then read ``outputs``."""

    nodes: tuple[Node, ...]
    outputs: tuple[int, ...]


def needed(nodes: Sequence[Node], outputs: Sequence[int]) -> list[int]:
    """Numbers of the nodes that ``outputs`` depend on, in ascending (topological) order."""
    seen = set(outputs)
    for number in range(max(seen, default=-1), -1, -1):
        if number in seen:
            seen.update(nodes[number].args)
    return sorted(seen)
