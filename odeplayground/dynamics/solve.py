"""Solves a task with the method that was asked for, and tells how each trajectory ended."""

from __future__ import annotations

import numpy as np

from odeplayground.dynamics.endings import STATUS, Ending, sentence
from odeplayground.dynamics.explicit import solve_adaptive
from odeplayground.dynamics.implicit import solve_implicit
from odeplayground.dynamics.native import FIRST, FOR_STIFF, TABLEAUS, solve_native
from odeplayground.dynamics.network import NetworkField
from odeplayground.dynamics.task import Outcome, Recorder, Task
from odeplayground.spec import Method, Status

IMPLICIT = (Method.RODAS4, Method.LSODA, Method.RADAU, Method.BDF)


class Solved:
    """An outcome together with the methods that led to it."""

    def __init__(self, task: Task, method: Method, recorder: Recorder | None) -> None:
        self._method = FIRST if method is Method.AUTO else method
        self.became_stiff: dict[int, float] = {}
        """Where ``auto`` changed the method: times by trajectory."""
        if isinstance(task.field, NetworkField) and self._method in TABLEAUS:
            self._method = Method.DOPRI5
            self.outcome = solve_adaptive(task, recorder)
        elif self._method in TABLEAUS:
            self.outcome, self.became_stiff = solve_native(
                task, self._method, recorder, FOR_STIFF if method is Method.AUTO else None
            )
        else:
            self.outcome = Outcome(task)
            solve_implicit(task, method, self.outcome, np.arange(task.y0.shape[1]), recorder)

    def status(self, lane: int) -> Status:
        """How a trajectory ended."""
        return STATUS[Ending(self.outcome.endings[lane])]

    def method(self, lane: int) -> str:
        """Which methods ran, joined by " + "."""
        return f"{self._method} + {FOR_STIFF}" if lane in self.became_stiff else str(self._method)

    def message(self, lane: int) -> str:
        """A sentence about the end, and one about a change of method."""
        outcome = self.outcome
        text = sentence(
            Ending(outcome.endings[lane]),
            t=float(outcome.t[lane]),
            step=abs(float(outcome.step[lane])),
            steps=int(outcome.steps[lane]),
            implicit=self._method in IMPLICIT or lane in self.became_stiff,
        )
        if lane in self.became_stiff:
            text += f" Stiff from t = {self.became_stiff[lane]:.4g} on: continued with {FOR_STIFF.label}."
        return text
