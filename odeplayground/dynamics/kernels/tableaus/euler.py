"""Euler's method."""

from odeplayground.dynamics.kernels.tableaus.form import Explicit

EULER = Explicit(name="euler", order=1, a=(), b=(1.0,), c=(0.0,))
