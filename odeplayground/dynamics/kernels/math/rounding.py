"""Whole numbers, signs and remainders."""

from __future__ import annotations

from llvmlite import ir

from odeplayground.dynamics.kernels.vector import Lanes


def sign(lanes: Lanes, x: ir.Value) -> ir.Value:
    """-1, 0 or 1; NaN stays (as ``numpy.sign``)."""
    one = lanes.copysign(lanes.number(1.0), x)
    return lanes.select(lanes.compare("!=", lanes.abs(x), lanes.number(0.0)), _unless_nan(lanes, x, one), x)


def heaviside(lanes: Lanes, x: ir.Value) -> ir.Value:
    """0 below zero, 1/2 at zero, 1 above; NaN stays."""
    above = lanes.select(lanes.compare(">", x, lanes.number(0.0)), lanes.number(1.0), lanes.number(0.0))
    value = lanes.select(lanes.compare("==", x, lanes.number(0.0)), lanes.number(0.5), above)
    return _unless_nan(lanes, x, value)


def _unless_nan(lanes: Lanes, x: ir.Value, value: ir.Value) -> ir.Value:
    return lanes.select(lanes.is_nan(x), x, value)
