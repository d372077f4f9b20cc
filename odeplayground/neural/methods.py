"""The methods by name, and what to take instead of those that are not here."""

from __future__ import annotations

from odeplayground.neural.tableau_dopri8 import DOPRI8
from odeplayground.neural.tableau_kvaerno5 import KVAERNO5
from odeplayground.neural.tableaus import FIXED, Tableau
from odeplayground.neural.tableaus_adaptive import ADAPTIVE_HEUN, BOSH3, DOPRI5, FEHLBERG2, TSIT5

SCIPY = "scipy_solver"
METHODS = {
    **FIXED,
    "adaptive_heun": ADAPTIVE_HEUN,
    "fehlberg2": FEHLBERG2,
    "bosh3": BOSH3,
    "dopri5": DOPRI5,
    "tsit5": TSIT5,
    "dopri8": DOPRI8,
    "kvaerno5": KVAERNO5,
}
NEAREST = {
    "explicit_adams": "rk4",
    "implicit_adams": "rk4",
    "fixed_adams": "rk4",
    "implicit_euler": "kvaerno5",
    "implicit_midpoint": "kvaerno5",
    "trapezoid": "kvaerno5",
    "radauIIA3": "kvaerno5",
    "radauIIA5": "kvaerno5",
    "gl2": "kvaerno5",
    "gl4": "kvaerno5",
    "gl6": "kvaerno5",
    "sdirk2": "kvaerno5",
    "trbdf2": "kvaerno5",
}
"""Methods of torchdiffeq that are not here, and the one that serves the same purpose."""


def find_method(name: str | None) -> Tableau:
    """The tableau of this name; ``None`` is dopri5.

    Raises:
        ValueError: there is no such method; the nearest one is named where it is one of torchdiffeq's.
    """
    if name is None:
        return DOPRI5
    if name in METHODS:
        return METHODS[name]
    if name == SCIPY:
        raise ValueError(f'The method "{SCIPY}" has no gradients; it is for odeint and odeint_adjoint alone.')
    if name in NEAREST:
        raise ValueError(f'There is no method "{name}" here; the nearest one is "{NEAREST[name]}".')
    raise ValueError(f'There is no method "{name}". Known methods: {", ".join([*METHODS, SCIPY])}.')
