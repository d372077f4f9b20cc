"""Equations for what was learned.

From the bottom up: ``library`` (candidate terms), ``regression`` and ``stlsq`` (the best few of them, in each number),
``rounding`` and ``writing`` (coefficients and texts), ``choice`` (how many), ``terms`` and ``targets`` (what is to be
expressed), ``places`` (where), ``search``.
"""

from odeplayground.dynamics.distil.search import distil, distillation

__all__ = ["distil", "distillation"]
