"""What becomes of the equations' text on request: tidied, or as LaTeX for a paper."""

from __future__ import annotations

from collections.abc import Sequence

from odeplayground import expr
from odeplayground.session.retext import set_text
from odeplayground.spec import Experiment, Role, System, Token


def tidied(experiment: Experiment) -> Experiment:
    """The experiment with even spacing in its text. Comments, order and meaning stay."""
    return set_text(experiment, expr.tidy(experiment.text))


def latex(system: System) -> str:
    """All equations as LaTeX (amsmath), aligned at their signs."""
    lines = [equation.latex.replace(" = ", " &= ", 1) for equation in expr.equations(system)]
    return "\\begin{aligned}\n  " + " \\\\\n  ".join(lines) + "\n\\end{aligned}\n"


def summand_at(text: str, tokens: Sequence[Token], line: int, column: int) -> tuple[int, int] | None:
    """Which summand of an equation's right side a cursor is in, and how many there are.

    Line and column count from 1, summands from 0. ``None`` left of the equals sign, in a comment, or where a line
    says several things.
    """
    row = text.splitlines()[line - 1] if 0 < line <= len(text.splitlines()) else ""
    here = [token for token in tokens if token.line == line and token.role is not Role.COMMENT]
    pieces = [row[token.column - 1 : token.column - 1 + token.length] for token in here]
    if "=" not in pieces or ";" in pieces:
        return None
    first = pieces.index("=") + 1
    end = here[-1].column + here[-1].length
    if not here[first - 1].column < column <= end:
        return None
    depth, before, found, count = 0, "=", 0, 0
    for token, piece in zip(here[first:], pieces[first:], strict=True):
        depth += (piece in _OPENING) - (piece in _CLOSING)
        if depth == 0 and piece in _SIGNS and before not in _BEFORE_SIGN:
            count += 1
            found = count if token.column < column else found
        before = piece
    return found, count + 1


_OPENING, _CLOSING, _SIGNS = frozenset("(["), frozenset(")]"), frozenset("+-−–")
_BEFORE_SIGN = frozenset({"=", "*", "/", "^", "**", "·", "×", "+", "-", "−", "–", "(", ","})
"""After one of these a sign belongs to the number."""
