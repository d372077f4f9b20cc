"""The functions that an equation may use."""

from __future__ import annotations

from typing import NamedTuple

from odeplayground.expr.graph import LEARNED_NAME, Op
from odeplayground.expr.names import CONSTANTS, KEYWORDS, TIME


class Function(NamedTuple):
    """A function: its operation and how many arguments it takes (``most`` 0: any number)."""

    op: Op
    least: int = 1
    most: int = 1


FUNCTIONS = {
    "sin": Function(Op.SIN),
    "cos": Function(Op.COS),
    "tan": Function(Op.TAN),
    "asin": Function(Op.ASIN),
    "acos": Function(Op.ACOS),
    "atan": Function(Op.ATAN),
    "atan2": Function(Op.ATAN2, 2, 2),
    "sinh": Function(Op.SINH),
    "cosh": Function(Op.COSH),
    "tanh": Function(Op.TANH),
    "exp": Function(Op.EXP),
    "log": Function(Op.LOG),
    "log10": Function(Op.LOG10),
    "sqrt": Function(Op.SQRT),
    "abs": Function(Op.ABS),
    "sign": Function(Op.SIGN),
    "min": Function(Op.MIN, 2, 0),
    "max": Function(Op.MAX, 2, 0),
    "floor": Function(Op.FLOOR),
    "mod": Function(Op.MOD, 2, 2),
    "heaviside": Function(Op.HEAVISIDE),
    "if": Function(Op.IF, 3, 3),
    LEARNED_NAME: Function(Op.LEARNED, 1, 0),
}

NAME_OF = {function.op: name for name, function in FUNCTIONS.items()}
"""The name of the function for each operation that is written as one."""

ALIASES = {
    "ln": "log",
    "lg": "log10",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arctan2": "atan2",
    "tg": "tan",
    "sgn": "sign",
    "step": "heaviside",
    "heav": "heaviside",
    "H": "heaviside",
    "root": "sqrt",
    "fabs": "abs",
    "minimum": "min",
    "maximum": "max",
    "where": "if",
    "ifelse": "if",
    "piecewise": "if",
}
"""What other programs call these functions, for suggestions."""

RESERVED = frozenset(FUNCTIONS) | frozenset(CONSTANTS) | KEYWORDS | {TIME}
"""Names that an equation cannot define."""
