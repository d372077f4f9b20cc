"""Text to graph: parsing, problems, exact derivatives, typesetting. Pure Python."""

from odeplayground.expr.graph import Node, Op, Tape

__all__ = ["Node", "Op", "Tape"]
