"""The longest that any text keeps the parser busy."""

from __future__ import annotations

import ast

from odeplayground import expr
from tests.benchmarks.clock import medians
from tests.benchmarks.row import Row
from tests.unit.expr.adversarial import texts

BUDGET = 50.0
REPEATS = 5
ORDINARY = "theta' = omega\nomega' = -b*omega - c*sin(theta)\nb = 0.25 in [0, 2]\nc = 5\ntheta(0) = 3\n"


def run() -> list[Row]:
    return [_worst(), _ordinary()]


def _worst() -> Row:
    found = texts()
    times = {name: medians([lambda text=text: expr.parse(text)], REPEATS)[0] for name, text in found.items()}
    name = max(times, key=lambda name: times[name])
    text = found[name]
    peer = medians([lambda: _python(text)], REPEATS)[0]
    condition = f"worst of {len(times)} texts: {name}, {len(text)} characters"
    note = "Python gives up at the first error, the editor's parser reads on"
    return Row("parse, worst text", 1e3 * times[name], "ms", condition, 1e3 * peer, "Python's ast.parse", BUDGET, note)


def _ordinary() -> Row:
    ours, peer = medians([lambda: expr.parse(ORDINARY), _sympify], 20)
    return Row(
        "parse a pendulum", 1e3 * ours, "ms", "5 lines", 1e3 * peer, "sympy.sympify, the two expressions", BUDGET
    )


def _python(text: str) -> None:
    """What Python's own parser does with the text, with primes made letters, whether it likes it or not."""
    try:
        ast.parse(text.replace("'", "_"))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return


def _sympify() -> None:
    import sympy

    sympy.sympify("omega")
    sympy.sympify("-b*omega - c*sin(theta)")
