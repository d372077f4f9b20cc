"""All equations of a system, typeset."""

from __future__ import annotations

from functools import lru_cache

from odeplayground.expr.build import read_system
from odeplayground.expr.latex import LatexWriter
from odeplayground.expr.limits import MAX_SHOWN
from odeplayground.expr.mathml import MathmlWriter, is_drawable
from odeplayground.expr.printer import format_expression
from odeplayground.expr.syntax import Expression
from odeplayground.expr.typeset import typeset
from odeplayground.spec import Equation, System


@lru_cache(maxsize=32)
def equations(system: System) -> tuple[Equation, ...]:
    """LaTeX and MathML of every equation, then of every sub-expression.

    Names carry placeholders for colours in the MathML: ``@state0``, ``@state1``, ..., ``@param``, ``@def``; all
    else is ``@text``.

    Raises:
        ModelError: if the texts of the system cannot be read.
    """
    reading = read_system(system)
    colours = dict.fromkeys(reading.definitions, "@def")
    colours |= dict.fromkeys(system.parameters, "@param")
    colours |= {name: f"@state{index}" for index, name in enumerate(system.states)}
    writers = LatexWriter(), MathmlWriter(colours)
    states = [_equation(name, True, reading.equations[name], writers) for name in system.states]
    definitions = [
        _equation(definition.name, False, reading.definitions[definition.name], writers)
        for definition in system.definitions
    ]
    return (*states, *definitions)


def _equation(name: str, dotted: bool, right: Expression, writers: tuple[LatexWriter, MathmlWriter]) -> Equation:
    latex, mathml = (writer.equation(name, dotted, typeset(right, writer)) for writer in writers)
    if not is_drawable(mathml):
        mathml = writers[1].equation(name, dotted, writers[1].plain(_shortened(format_expression(right))))
    return Equation(name, latex, mathml)


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
