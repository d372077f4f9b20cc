"""What a step is to the drivers."""

from __future__ import annotations

from typing import Protocol

from llvmlite import ir

from odeplayground.dynamics.kernels.draft import Frame
from odeplayground.dynamics.kernels.memory import Layout
from odeplayground.dynamics.kernels.tableaus.form import Tableau


class Step(Protocol):
    """Writes the parts of a step.

    It reads the blocks ``y`` (states), ``slope`` (their derivatives, as far as the method keeps them), ``t``, ``used``
    (the length of the step) and ``t_new``, and writes ``y_new``.
    """

    @property
    def tableau(self) -> Tableau:
        """The method."""

    def reserve(self, layout: Layout, n_states: int) -> None:
        """Ask for working memory."""

    def write_attempt(self, frame: Frame) -> None:
        """Compute the new states and what the parts below need."""

    def write_error(self, frame: Frame, j: ir.Value | int) -> list[ir.Value]:
        """The estimated errors of state j."""

    def write_pieces(self, frame: Frame) -> None:
        """Compute the coefficients of the continuous extension, block ``pieces``, one row of states after another."""

    def write_slope(self, frame: Frame, j: ir.Value | int) -> ir.Value | None:
        """The slope of state j at the end of the step, if it is known."""
