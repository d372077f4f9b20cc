"""Bifurcation diagrams: branches over a parameter."""

from odeplayground.dynamics.continuation.equilibria import continue_equilibria, equilibrium_growth

__all__ = ["continue_equilibria", "equilibrium_growth"]
