"""Many solved trajectories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from odeplayground.dynamics.arrays import Floats


@dataclass(frozen=True, eq=False)
class Ensemble:
    """m trajectories and how their computation ended."""

    names: tuple[str, ...]
    """Names of the states."""
    t: Floats | None
    """The times ``t_eval`` (n,), if they were given."""
    y: Floats
    """States (m, n_states, n) at ``t``; without ``t_eval`` the end states (m, n_states). NaN after a stop."""
    t_stop: Floats
    """How far each trajectory came, (m,)."""
    y_stop: Floats
    """The last state of each trajectory, (m, n_states), also of those that stopped early."""
    status: NDArray[Any]
    """A :class:`Status` per trajectory, (m,)."""
    messages: tuple[str, ...]
    """A sentence per trajectory."""
    methods: tuple[str, ...]
    """The method that ran, per trajectory."""
    stats: dict[str, int]
    """Totals: accepted ``steps``, ``rejected`` steps, ``evaluations`` and ``jacobians``."""
