"""What ``odeplayground`` itself offers of this layer: a parser that raises."""

from __future__ import annotations

from odeplayground.expr.errors import ModelError
from odeplayground.expr.reading import parse as _parse
from odeplayground.spec import System

__all__ = ["ModelError", "parse"]


def parse(text: str) -> System:
    """Read the text of a system, such as ``"x' = -x"``.

    Raises:
        ModelError: with everything that is wrong in ``problems``, each with line and column from 1.
    """
    result = _parse(text)
    if result.system is None:
        raise ModelError(result.problems)
    return result.system
