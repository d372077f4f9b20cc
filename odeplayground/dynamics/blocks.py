"""Accepted steps, gathered so that their dense output is computed for many at once."""

from __future__ import annotations

import numpy as np

from odeplayground.dynamics.arrays import Flags, Floats, Integers
from odeplayground.dynamics.tableaus import EmbeddedPair
from odeplayground.dynamics.task import Recorder, Task

FULL = 200_000
"""With so many numbers gathered, they are passed on."""


class Blocks:
    """Attempts of the adaptive method, in time since the start; passed on in real time."""

    def __init__(self, task: Task, pair: EmbeddedPair, recorder: Recorder) -> None:
        self._task, self._pair, self._recorder = task, pair, recorder
        self._size = 0
        self._times: list[tuple[Integers, Floats, Floats, Floats, Flags]] = []
        self._y: list[Floats] = []
        self._stages: list[Floats] = []

    def append(
        self, lanes: Integers, t: Floats, h: Floats, t_new: Floats, y: Floats, stages: Floats, accepted: Flags
    ) -> None:
        """Add an attempt. The stages (times h) are kept, not copied; t and y are copied."""
        self._times.append((lanes, t.copy(), h, t_new, accepted))
        self._y.append(y.copy())
        self._stages.append(stages)
        self._size += stages.size
        if self._size > FULL:
            self.flush()

    def flush(self) -> None:
        """Pass on what was gathered."""
        if not self._times:
            return
        lanes, t, h, t_new, accepted = (np.concatenate(part) for part in zip(*self._times, strict=True))
        y, stages = np.concatenate(self._y, axis=-1), np.concatenate(self._stages, axis=-1)
        self._times, self._y, self._stages, self._size = [], [], [], 0
        if not accepted.all():
            lanes, t, h, t_new = lanes[accepted], t[accepted], h[accepted], t_new[accepted]
            y, stages = y[:, accepted], stages[:, :, accepted]
        task = self._task
        begin = task.t0 + task.direction * t
        end = np.where(t_new == abs(task.t1 - task.t0), task.t1, task.t0 + task.direction * t_new)
        self._recorder.record(lanes, begin, task.direction * h, end, self._pieces(y, stages))

    def _pieces(self, y: Floats, stages: Floats) -> Floats:
        """Coefficients (5, n_states, k) of the dense output of order 4 (Hairer's DOPRI5), for Samples and History."""
        pieces = np.empty((5, *y.shape))
        pieces[0] = y
        weights = self._pair.tableau.b
        np.add.reduce(weights * stages[:-1], axis=0, out=pieces[1])
        np.subtract(stages[0], pieces[1], out=pieces[2])
        np.subtract(pieces[1], stages[-1] + pieces[2], out=pieces[3])
        np.add.reduce(self._pair.dense * stages, axis=0, out=pieces[4])
        return pieces
