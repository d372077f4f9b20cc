"""Text to graph: parsing, problems, exact derivatives, typesetting. Pure Python."""

from odeplayground.expr.build import Model, model
from odeplayground.expr.errors import ModelError
from odeplayground.expr.formulas import equations
from odeplayground.expr.graph import Node, Op, Tape
from odeplayground.expr.printer import format_system
from odeplayground.expr.reading import ParseResult, parse
from odeplayground.expr.tidy import tidy
from odeplayground.expr.unknown import unknown_terms, untrained

__all__ = [
    "Model",
    "ModelError",
    "Node",
    "Op",
    "ParseResult",
    "Tape",
    "equations",
    "format_system",
    "model",
    "parse",
    "tidy",
    "unknown_terms",
    "untrained",
]
