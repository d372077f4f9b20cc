"""The midpoint rule (Runge 1895)."""

from odeplayground.dynamics.kernels.tableaus.form import Explicit

MIDPOINT = Explicit(name="midpoint", order=2, a=((1 / 2,),), b=(0.0, 1.0), c=(0.0, 1 / 2))
