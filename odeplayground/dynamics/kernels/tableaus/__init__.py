"""Coefficients of the methods as data, one method per file."""

from odeplayground.dynamics.kernels.tableaus.dop853 import DOP853
from odeplayground.dynamics.kernels.tableaus.dopri5 import DOPRI5
from odeplayground.dynamics.kernels.tableaus.euler import EULER
from odeplayground.dynamics.kernels.tableaus.form import Explicit, Rosenbrock, Tableau
from odeplayground.dynamics.kernels.tableaus.midpoint import MIDPOINT
from odeplayground.dynamics.kernels.tableaus.rk4 import RK4
from odeplayground.dynamics.kernels.tableaus.rodas4 import RODAS4
from odeplayground.dynamics.kernels.tableaus.tsit5 import TSIT5

TABLEAUS: dict[str, Tableau] = {
    tableau.name: tableau for tableau in (EULER, MIDPOINT, RK4, DOPRI5, TSIT5, DOP853, RODAS4)
}
"""By name, which is also that of the ``Method``."""

__all__ = [
    "DOP853",
    "DOPRI5",
    "EULER",
    "MIDPOINT",
    "RK4",
    "RODAS4",
    "TABLEAUS",
    "TSIT5",
    "Explicit",
    "Rosenbrock",
    "Tableau",
]
