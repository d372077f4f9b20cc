"""Solves a task with the method that was asked for, and tells how each trajectory ended."""

from __future__ import annotations

from functools import cached_property

import msgspec
import numpy as np

from odeplayground.dynamics.arrays import Floats, Integers, Values
from odeplayground.dynamics.endings import STATUS, Ending, sentence
from odeplayground.dynamics.implicit import solve_implicit
from odeplayground.dynamics.kernels.tableaus import TABLEAUS
from odeplayground.dynamics.native import FIRST, FOR_STIFF, solve_task, stiff_ahead
from odeplayground.dynamics.outcome import Outcome, Tally, stats_of
from odeplayground.dynamics.recorders import ManySteps, Samples, Steps
from odeplayground.dynamics.task import Recorder, Task
from odeplayground.spec import Method, Status

IMPLICIT = (Method.RODAS4, Method.LSODA, Method.RADAU, Method.BDF)
_STATUS = np.array([STATUS.get(Ending(code)) for code in range(len(Ending))], dtype=object)


class Solved:
    """An outcome, the samples (m, n_states, k) that were asked for, and the methods that led there."""

    outcome: Outcome
    samples: Floats | None

    def __init__(
        self, task: Task, method: Method, times: Floats | None = None, recorder: Recorder | None = None
    ) -> None:
        self._task, self._chosen = task, method
        self._method = FIRST if method is Method.AUTO else method
        self._stiff_from: dict[int, float] = {}
        if self._method in TABLEAUS:
            run = solve_task(task, self._method, FOR_STIFF if method is Method.AUTO else None, times, recorder)
            self.outcome, self.samples, self._stiff_from = run.outcome, run.result.samples, run.stiff_from
        else:
            tally = Tally(task)
            samples = None if times is None else Samples(times, task.t0, task.y0, task.direction)
            with np.errstate(all="ignore"):
                solve_implicit(task, method, tally, np.arange(task.y0.shape[1]), recorder or samples)
            self.outcome, self.samples = tally, None if samples is None else samples.y

    @property
    def statuses(self) -> Values:
        """How each trajectory ended: an array of :class:`Status`, (m,)."""
        return statuses(self.outcome.endings)

    def status(self, lane: int) -> Status:
        """How a trajectory ended."""
        return STATUS[Ending(self.outcome.endings[lane])]

    def method(self, lane: int) -> str:
        """Which methods ran, joined by " + "."""
        return f"{self._method} + {FOR_STIFF}" if lane in self._stiff_from else str(self._method)

    def methods(self) -> tuple[str, ...]:
        """Which methods ran, for every trajectory."""
        lanes = self.outcome.t.size
        if not self._stiff_from:
            return (str(self._method),) * lanes
        return tuple(map(self.method, range(lanes)))

    def message(self, lane: int) -> str:
        """A sentence about the end, and one about a change of method."""
        outcome = self.outcome
        limit = float(self._limits[lane])
        text = sentence(
            Ending(outcome.endings[lane]),
            t=float(outcome.t[lane]),
            step=abs(float(outcome.step[lane])),
            steps=int(outcome.steps[lane]),
            implicit=self._method in IMPLICIT or lane in self._stiff_from,
            limit=limit if np.abs(outcome.y[:, lane]).max() > limit else None,
            stiff=lane in self._stiff_ahead,
        )
        if lane in self._stiff_from:
            text += f" Stiff from t = {self._stiff_from[lane]:.4g} on: continued with {FOR_STIFF.label}."
        return text

    @cached_property
    def _limits(self) -> Floats:
        return self._task.limits()

    @cached_property
    def _stiff_ahead(self) -> frozenset[int]:
        """Which trajectories of an explicit method were stopped by the limit where they look stiff."""
        limited = (self.outcome.endings == int(Ending.STEP_LIMIT)).nonzero()[0]
        lanes = limited[[int(lane) not in self._stiff_from for lane in limited]]
        if self._method not in TABLEAUS or not lanes.size:
            return frozenset()
        return frozenset(lanes[stiff_ahead(self._task, self._method, self.outcome, lanes)].tolist())

    def steps(self, lanes: Integers) -> Steps:
        """All accepted steps of some of the trajectories, which are solved once more, numbered as in ``lanes``."""
        task, recorder = self._task, ManySteps(self._task.y0.shape[0])
        of_these = msgspec.structs.replace(task, y0=task.y0[:, lanes], field=task.field.take(lanes))
        Solved(of_these, self._chosen, recorder=recorder)
        return recorder.steps()

    def stats(self) -> dict[str, int]:
        """Totals over all trajectories."""
        return stats_of(self.outcome)


def statuses(endings: Integers) -> Values:
    """An array of :class:`Status` for codes of endings."""
    result: Values = _STATUS[endings]
    return result
