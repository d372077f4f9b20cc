"""Solving systems numerically, and the parts of their portraits. numpy in and out."""

from odeplayground.dynamics.autonomous import is_autonomous
from odeplayground.dynamics.basins import Basins, basins
from odeplayground.dynamics.cycle import LimitCycle
from odeplayground.dynamics.ensemble import Ensemble
from odeplayground.dynamics.equilibria import Equilibria, Equilibrium, equilibria
from odeplayground.dynamics.evaluate import evaluate, jacobian
from odeplayground.dynamics.index import poincare_index
from odeplayground.dynamics.limit_cycles import LimitCycles, limit_cycles
from odeplayground.dynamics.lyapunov import Lyapunov, lyapunov
from odeplayground.dynamics.nullclines import nullclines
from odeplayground.dynamics.poincare import Crossings, poincare
from odeplayground.dynamics.poincare_many import ManyCrossings, poincare_many
from odeplayground.dynamics.separatrices import separatrices
from odeplayground.dynamics.simulate import simulate, simulate_many
from odeplayground.dynamics.solution import Solution
from odeplayground.dynamics.streamlines import streamlines
from odeplayground.dynamics.warm import warm_up

__all__ = [
    "Basins",
    "Crossings",
    "Ensemble",
    "Equilibria",
    "Equilibrium",
    "LimitCycle",
    "LimitCycles",
    "Lyapunov",
    "ManyCrossings",
    "Solution",
    "basins",
    "equilibria",
    "evaluate",
    "is_autonomous",
    "jacobian",
    "limit_cycles",
    "lyapunov",
    "nullclines",
    "poincare",
    "poincare_index",
    "poincare_many",
    "separatrices",
    "simulate",
    "simulate_many",
    "streamlines",
    "warm_up",
]
