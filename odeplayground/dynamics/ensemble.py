"""Many solved trajectories."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.recorders import Steps
from odeplayground.dynamics.solve import Solved


class Ensemble:
    """m trajectories and how their computation ended.

    Attributes:
        names: names of the states.
        t: the times ``t_eval`` (n,), if they were given.
    """

    def __init__(self, names: tuple[str, ...], t: Floats | None, solved: Solved) -> None:
        self.names, self.t = names, None if t is None else t.copy()
        self._solved = solved

    @cached_property
    def y(self) -> Floats:
        """States (m, n_states, n) at ``t``; without ``t_eval`` the end states (m, n_states). NaN after a stop."""
        if self._solved.samples is not None:
            return self._solved.samples
        finished = self._solved.outcome.endings == Ending.FINISHED
        return np.where(finished[:, None], self.y_stop, np.nan)

    @cached_property
    def t_stop(self) -> Floats:
        """How far each trajectory came, (m,)."""
        return self._solved.outcome.t.copy()

    @cached_property
    def y_stop(self) -> Floats:
        """The last state of each trajectory, (m, n_states), also of those that stopped early."""
        return self._solved.outcome.y.T.copy()

    @cached_property
    def status(self) -> NDArray[Any]:
        """A :class:`Status` per trajectory, (m,)."""
        return self._solved.statuses

    @cached_property
    def messages(self) -> tuple[str, ...]:
        """A sentence per trajectory."""
        return tuple(map(self._solved.message, range(self.t_stop.size)))

    @cached_property
    def methods(self) -> tuple[str, ...]:
        """The method that ran, per trajectory."""
        return self._solved.methods()

    @cached_property
    def stats(self) -> dict[str, int]:
        """Totals: accepted ``steps``, ``rejected`` steps, ``evaluations`` and ``jacobians``."""
        return self._solved.stats()

    def steps(self, lanes: ArrayLike) -> Steps:
        """All accepted steps of some of the trajectories, with the solution at any time within each.

        These trajectories are solved once more, all together. In the result they are numbered from 0, in the order of
        ``lanes`` (k,).
        """
        return self._solved.steps(np.asarray(lanes, dtype=np.int64))

    def __repr__(self) -> str:
        return f"<Ensemble {', '.join(self.names)}: {self.t_stop.size} trajectories>"
