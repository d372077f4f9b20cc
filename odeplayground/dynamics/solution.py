"""One solved trajectory."""

from __future__ import annotations

import difflib
from functools import cached_property

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.fields import BoundField
from odeplayground.dynamics.recorders import DenseOutput, History
from odeplayground.dynamics.solve import Solved
from odeplayground.dynamics.task import Task
from odeplayground.spec import Method, Status


class Solving:
    """One initial value problem, and how to solve it again.

    Most callers want samples only, and writing down every step takes a while: so where samples are given, the steps
    are computed when they are first asked for.
    """

    def __init__(self, task: Task, method: Method) -> None:
        self._task, self._method = task, method

    @property
    def begin(self) -> float:
        """The time where the problem begins."""
        return self._task.t0

    def sampled(self, times: Floats) -> Solved:
        """Solve, with samples."""
        return Solved(self._task, self._method, times)

    def recorded(self, max_steps: int | None = None) -> tuple[Solved, DenseOutput]:
        """Solve with all steps; up to ``max_steps`` of them it cannot be cancelled."""
        task = self._task
        if max_steps is not None:
            task = msgspec.structs.replace(task, max_steps=max(1, max_steps), cancel=None)
        history = History(task.t0, task.y0[:, 0], task.direction)
        with np.errstate(all="ignore"):
            return Solved(task, self._method, recorder=history), history.dense()

    def reached(self, times: Floats, t_stop: float) -> int:
        """How many of these times are not beyond the stop."""
        if t_stop == self._task.t1:
            return times.size
        direction = self._task.direction
        return int(np.searchsorted(times * direction, t_stop * direction, side="right"))


class Solution:
    """A trajectory and how its computation ended.

    Attributes:
        t: times (n,): the ends of the steps, or ``t_eval`` as far as the solution reaches.
        y: states (n_states, n) at these times.
        names: names of the states.
        definitions: names of the sub-expressions.
    """

    def __init__(
        self,
        solving: Solving,
        times: Floats | None,
        field: BoundField,
        names: tuple[str, ...],
        definitions: tuple[str, ...],
    ) -> None:
        self.names, self.definitions = names, definitions
        self._solving, self._field = solving, field
        if times is None:
            self._solved, dense = solving.recorded()
            self.t, self.y = dense.t.copy(), dense.y.copy()
            self._dense = dense
        else:
            self._solved = solving.sampled(times)
            assert self._solved.samples is not None
            n = solving.reached(times, self.span[1])
            self.t, self.y = times[:n].copy(), self._solved.samples[0, :, :n]

    @cached_property
    def _dense(self) -> DenseOutput:
        return self._solving.recorded(int(self._solved.outcome.steps[0]))[1]

    @property
    def status(self) -> Status:
        """How it ended; ``message`` says so in a sentence."""
        return self._solved.status(0)

    @cached_property
    def message(self) -> str:
        """A sentence about the end, and about a change of the method."""
        return self._solved.message(0)

    @cached_property
    def stats(self) -> dict[str, int]:
        """Counts of accepted ``steps``, ``rejected`` steps, ``evaluations`` and ``jacobians``."""
        return self._solved.stats()

    @property
    def method(self) -> str:
        """The method that ran, such as ``"tsit5"`` or ``"tsit5 + rodas4"``."""
        return self._solved.method(0)

    @property
    def span(self) -> tuple[float, float]:
        """Where the solution begins and where it stopped."""
        return self._solving.begin, float(self._solved.outcome.t[0])

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
