"""The classic method of order 4 (Kutta 1901)."""

from odeplayground.dynamics.kernels.tableaus.form import Explicit

RK4 = Explicit(
    name="rk4",
    order=4,
    a=((1 / 2,), (0.0, 1 / 2), (0.0, 0.0, 1.0)),
    b=(1 / 6, 1 / 3, 1 / 3, 1 / 6),
    c=(0.0, 1 / 2, 1 / 2, 1.0),
)
