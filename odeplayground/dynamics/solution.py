"""One solved trajectory."""

from __future__ import annotations

import difflib

import numpy as np
from numpy.typing import ArrayLike

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.fields import BoundField
from odeplayground.dynamics.recorders import DenseOutput
from odeplayground.spec import Status


class Solution:
    """A trajectory and how its computation ended.

    Attributes:
        t: times (n,): the ends of the steps, or ``t_eval`` as far as the solution reaches.
        y: states (n_states, n) at these times.
        names: names of the states.
        status: how it ended; ``message`` says so in a sentence.
        stats: counts of accepted ``steps``, ``rejected`` steps, ``evaluations`` and ``jacobians``.
        method: the method that ran, such as ``"dopri5"`` or ``"dopri5 + radau"``.
    """

    def __init__(
        self,
        t: Floats,
        y: Floats,
        dense: DenseOutput,
        field: BoundField,
        names: tuple[str, ...],
        definitions: tuple[str, ...],
        status: Status,
        message: str,
        stats: dict[str, int],
        method: str,
    ) -> None:
        self.t, self.y = t, y
        self.names, self.definitions = names, definitions
        self.status, self.message, self.stats, self.method = status, message, stats, method
        self._dense = dense
        self._field = field

    @property
    def span(self) -> tuple[float, float]:
        """Where the solution begins and where it stopped."""
        return float(self._dense.t[0]), float(self._dense.t[-1])

    def __call__(self, t: ArrayLike) -> Floats:
        """The state at any time in the solved span: (n_states,) for one time, (n_states, k) for (k,) times.

        Raises:
            ValueError: for a time outside of the solved span.
        """
        times = np.asarray(t, dtype=np.float64)
        if times.ndim > 1:
            raise ValueError("The solution takes one time or a list of times.")
        begin, end = self.span
        if not ((times >= min(begin, end)) & (times <= max(begin, end))).all():
            raise ValueError(f"The solution is known from t = {begin:g} to t = {end:g} only.")
        values = self._dense(np.atleast_1d(times))
        return values[:, 0] if times.ndim == 0 else values

    def __getitem__(self, name: str) -> Floats:
        """The values (n,) of a state, a sub-expression or ``t``.

        Raises:
            KeyError: if there is nothing of that name.
        """
        if name in self.names:
            row: Floats = self.y[self.names.index(name)]
            return row
        if name == "t":
            return self.t
        if name not in self.definitions:
            known = [*self.names, *self.definitions]
            close = difflib.get_close_matches(name, known, n=1) or known
            raise KeyError(f"There is nothing called {name} in the solution; there is {', '.join(close)}.")
        with np.errstate(all="ignore"):
            return self._field.definition(name, self.t, self.y)

    def __repr__(self) -> str:
        return f"<Solution {', '.join(self.names)}: {self.t.size} points, {self.status}. {self.message}>"
