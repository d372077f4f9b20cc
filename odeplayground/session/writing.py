"""What becomes of the equations' text on request: tidied, or as LaTeX for a paper."""

from __future__ import annotations

from odeplayground import expr
from odeplayground.session.retext import set_text
from odeplayground.spec import Experiment, System


def tidied(experiment: Experiment) -> Experiment:
    """The experiment with even spacing in its text. Comments, order and meaning stay."""
    return set_text(experiment, expr.tidy(experiment.text))


def latex(system: System) -> str:
    """All equations as LaTeX (amsmath), aligned at their signs."""
    lines = [equation.latex.replace(" = ", " &= ", 1) for equation in expr.equations(system)]
    return "\\begin{aligned}\n  " + " \\\\\n  ".join(lines) + "\n\\end{aligned}\n"
