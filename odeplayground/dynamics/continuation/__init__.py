"""Bifurcation diagrams: branches over a parameter."""

from odeplayground.dynamics.continuation.cycles import CycleBranch, continue_cycles, cycle_growth
from odeplayground.dynamics.continuation.equilibria import continue_equilibria, equilibrium_growth

__all__ = ["CycleBranch", "continue_cycles", "continue_equilibria", "cycle_growth", "equilibrium_growth"]
