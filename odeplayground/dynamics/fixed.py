"""Explicit Runge-Kutta methods with a fixed step, for study. All trajectories share the times of the steps."""

from __future__ import annotations

import math

import numpy as np

from odeplayground.dynamics.arrays import Flags, Floats
from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.tableaus import Tableau
from odeplayground.dynamics.task import Outcome, Recorder, Task, defined


def solve_fixed(task: Task, tableau: Tableau, recorder: Recorder | None = None) -> Outcome:
    """Solve with ``task.step``; the last step is shortened to end on time. Dense output: cubic Hermite."""
    return _Run(task, tableau, recorder).outcome


class _Run:
    """The trajectories that are still worked on. ``lanes`` are their numbers among all."""

    def __init__(self, task: Task, tableau: Tableau, recorder: Recorder | None) -> None:
        self.task, self.tableau, self.recorder = task, tableau, recorder
        self.outcome = Outcome(task)
        self.field = task.field
        self.lanes = np.arange(task.y0.shape[1])
        self.t, self.y = task.t0, task.y0
        self.limits = task.limits()
        self.slope = self.field.rhs(self.t, self.y)
        self.done = 0
        self._retire(~defined(self.slope), Ending.UNDEFINED)
        # A last step shorter than a millionth of the others comes from rounding and is joined to the one before.
        n_steps = max(1, math.ceil(abs(task.t1 - task.t0) / task.step - 1e-6))
        while self.lanes.size:
            if task.cancelled:
                self._retire_all(Ending.CANCELLED)
            elif self.done == n_steps:
                self._retire_all(Ending.FINISHED)
            elif self.done == task.max_steps:
                self._retire_all(Ending.STEP_LIMIT)
            else:
                self.done += 1
                last = self.done == n_steps
                self._advance(task.t1 if last else task.t0 + task.direction * task.step * self.done)

    def _advance(self, t_new: float) -> None:
        y_new = self._new_state(t_new - self.t)
        slope = self.field.rhs(t_new, y_new)
        finite = defined(y_new) & defined(slope)
        if not finite.all():
            # These end before this step.
            y_new, slope = y_new[:, finite], slope[:, finite]
            self._retire(~finite, Ending.UNDEFINED)
        if self.recorder is not None and self.lanes.size:
            self._record(self.recorder, t_new, y_new, slope)
        self.t, self.y, self.slope = t_new, y_new, slope
        self._retire(np.abs(y_new).max(axis=0, initial=0.0) > self.limits, Ending.TOO_LARGE)

    def _new_state(self, h: float) -> Floats:
        stages = np.empty((self.tableau.b.shape[0], *self.y.shape))
        stages[0] = self.slope
        for i, weights in enumerate(self.tableau.a, start=1):
            ahead = self.y + h * np.add.reduce(weights * stages[:i], axis=0)
            stages[i] = self.field.rhs(self.t + self.tableau.c[i] * h, ahead)
        result: Floats = self.y + h * np.add.reduce(self.tableau.b * stages, axis=0)
        return result

    def _record(self, recorder: Recorder, t_new: float, y_new: Floats, slope: Floats) -> None:
        pieces = np.zeros((5, *y_new.shape))
        h = t_new - self.t
        pieces[0] = self.y
        pieces[1] = y_new - self.y
        pieces[2] = h * self.slope - pieces[1]
        pieces[3] = pieces[1] - h * slope - pieces[2]
        m = self.lanes.size
        recorder.record(self.lanes, np.full(m, self.t), np.full(m, h), np.full(m, t_new), pieces)

    def _retire_all(self, ending: Ending) -> None:
        self._retire(np.ones(self.lanes.size, dtype=bool), ending)

    def _retire(self, stop: Flags, ending: Ending) -> None:
        """Put away the trajectories that stop, and keep the others."""
        if not stop.any():
            return
        outcome, lanes = self.outcome, self.lanes[stop]
        outcome.endings[lanes], outcome.t[lanes], outcome.y[:, lanes] = ending, self.t, self.y[:, stop]
        outcome.step[lanes] = self.task.step
        outcome.steps[lanes] = outcome.accepted[lanes] = self.done
        outcome.evaluations[lanes] = 1 + self.done * self.tableau.b.shape[0]
        at = np.flatnonzero(~stop)
        self.field = self.field.take(at)
        self.lanes, self.limits, self.y, self.slope = self.lanes[at], self.limits[at], self.y[:, at], self.slope[:, at]
