"""How long the next step is (Hairer, Norsett, Wanner, Solving ODEs I, II.4; Gustafsson 1991)."""

from __future__ import annotations

import math

from llvmlite import ir

from odeplayground.dynamics.kernels.draft import Frame
from odeplayground.dynamics.kernels.steps.power import exp2, log2
from odeplayground.dynamics.kernels.tableaus.form import Explicit, Tableau

SAFETY, SHRINK, GROW = 0.9, 0.2, 4.0
BETA = 0.04
"""Strength of the proportional part of the controller (Hairer's default)."""
SMALLEST_ERROR = 1e-4
"""The controller takes no error for smaller than this."""
LONGEST = 1 / 32
"""No step is longer than this share of the time span, so that a short pulse is not jumped over so easily."""


def first_gain(tableau: Tableau) -> float:
    """The gain before the first step, as a logarithm to base 2."""
    return math.log2(SAFETY) + _beta(tableau) * math.log2(SMALLEST_ERROR)


def write_next_step(frame: Frame, tableau: Tableau, error: ir.Value, accepted: ir.Value, live: ir.Value) -> None:
    """Update ``h``, ``gain`` and ``growth`` of the live lanes after an attempt with that error.

    Gain, and growth (the most that is allowed) are logarithms to base 2, which saves powers.
    """
    lanes, work = frame.lanes, frame.work
    beta = _beta(tableau)
    logarithm = log2(lanes, lanes.at_least(lanes.number(SMALLEST_ERROR), error))
    growth = lanes.fma(lanes.number(0.75 * beta - 1 / tableau.order), logarithm, work.load("gain"))
    growth = lanes.at_least(lanes.number(math.log2(SHRINK)), lanes.at_most(work.load("growth"), growth))
    growth = exp2(lanes, growth)
    # An error that is not finite shrinks the step.
    growth = lanes.select(lanes.is_finite(error), growth, lanes.number(SHRINK))
    used = work.load("used")
    longest = work.load("longest")
    h = lanes.mul(used, growth)
    h = lanes.select(lanes.compare(">", lanes.abs(h), longest), lanes.copysign(longest, h), h)
    work.store("h", lanes.select(live, h, work.load("h")))
    if beta:
        gain = lanes.fma(lanes.number(beta), logarithm, lanes.number(math.log2(SAFETY)))
        work.store("gain", lanes.select(accepted, gain, work.load("gain")))
    # After a rejection the step does not grow at once.
    work.store("growth", lanes.select(accepted, lanes.number(math.log2(GROW)), lanes.number(0.0)))


def _beta(tableau: Tableau) -> float:
    return BETA if isinstance(tableau, Explicit) else 0.0
