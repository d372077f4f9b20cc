"""An implicit method for stiff fields: Kvaerno (2004), BIT 44, p. 489, order 5(4).

Singly diagonally implicit with an explicit first stage, stiffly accurate, A- and L-stable.
"""

from __future__ import annotations

from odeplayground.neural.tableaus import Tableau

_GAMMA = 0.26
_A6 = (0.13855640231268224, 0.0, -0.04245337201752043, 0.02446657898003141, 0.61943039072480676)
_A7 = (
    0.13659751177640291,
    0.0,
    -0.05496908796538376,
    -0.04118626728321046,
    0.62993304899016403,
    0.06962479448202728,
)
_LOWER = (*_A6, _GAMMA, 0.0)
_B = (*_A7, _GAMMA)
KVAERNO5 = Tableau(
    5,
    c=(0.0, 0.52, 1.230333209967908, 0.8957659843500759, 0.43639360985864756, 1.0, 1.0),
    a=(
        (),
        (_GAMMA,),
        (0.13, 0.84033320996790809),
        (0.22371961478320505, 0.47675532319799699, -0.06470895363112615),
        (0.16648564323248321, 0.10450018841591720, 0.03631482272098715, -0.13090704451073998),
        _A6,
        _A7,
    ),
    b=_B,
    error=tuple(b - low for b, low in zip(_B, _LOWER, strict=True)),
    gamma=_GAMMA,
)
