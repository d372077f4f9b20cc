"""Chooses the driver for a method, and changes to an implicit one where ``auto`` meets stiffness."""

from __future__ import annotations

import numpy as np

from odeplayground.dynamics.endings import STATUS, Ending, sentence
from odeplayground.dynamics.explicit import solve_adaptive
from odeplayground.dynamics.fixed import solve_fixed
from odeplayground.dynamics.implicit import solve_implicit
from odeplayground.dynamics.tableaus import FIXED_STEP
from odeplayground.dynamics.task import Outcome, Recorder, Task
from odeplayground.spec import Method, Status

IMPLICIT = (Method.LSODA, Method.RADAU, Method.BDF)
FOR_STIFF = (Method.LSODA, Method.RADAU)
"""What ``auto`` changes to: LSODA is the fastest, and where it gives up Radau goes on, which is slower and calmer."""


class Solved:
    """An outcome together with the methods that led to it."""

    def __init__(self, task: Task, method: Method, recorder: Recorder | None) -> None:
        self.methods = [[Method.DOPRI5 if method is Method.AUTO else method] for _ in range(task.y0.shape[1])]
        self.became_stiff: dict[int, float] = {}
        if method in IMPLICIT:
            self.outcome = Outcome(task)
            solve_implicit(task, method, self.outcome, np.arange(len(self.methods)), recorder)
        elif method in FIXED_STEP:
            self.outcome = solve_fixed(task, FIXED_STEP[method], recorder)
        else:
            self.outcome = solve_adaptive(task, recorder, watch_stiffness=method is Method.AUTO)
            self._go_on_where_stiff(task, recorder)

    def _go_on_where_stiff(self, task: Task, recorder: Recorder | None) -> None:
        lanes = self.outcome.lanes(Ending.STIFF)
        self.became_stiff = {int(lane): float(self.outcome.t[lane]) for lane in lanes}
        for method in FOR_STIFF:
            solve_implicit(task, method, self.outcome, lanes, recorder)
            for lane in lanes:
                self.methods[lane].append(method)
            lanes = lanes[np.isin(self.outcome.endings[lanes], (Ending.FAILED, Ending.UNDEFINED))]

    def status(self, lane: int) -> Status:
        """How a trajectory ended."""
        return STATUS[Ending(self.outcome.endings[lane])]

    def method(self, lane: int) -> str:
        """Which methods ran, joined by " + "."""
        return " + ".join(self.methods[lane])

    def message(self, lane: int) -> str:
        """A sentence about the end, and one about a change of method."""
        outcome = self.outcome
        text = sentence(
            Ending(outcome.endings[lane]),
            t=float(outcome.t[lane]),
            step=abs(float(outcome.step[lane])),
            steps=int(outcome.steps[lane]),
            implicit=self.methods[lane][-1] in IMPLICIT,
        )
        if lane in self.became_stiff:
            labels = " and then ".join(method.label.removesuffix(" (scipy)") for method in self.methods[lane][1:])
            text += f" Stiff from t = {self.became_stiff[lane]:.4g} on: continued with {labels}."
        return text
