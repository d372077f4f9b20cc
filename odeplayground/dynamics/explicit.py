"""The adaptive explicit Runge-Kutta method, for many trajectories at once.

Each trajectory has its own time and step size, so that its result does not depend on its neighbours, not even in the
last digit: sums are made by ``np.add.reduce`` over at most seven terms, which numpy adds in order for any number of
trajectories; matrix products do not promise that. Trajectories that end drop out of the arrays.
Hairer, Norsett, Wanner, Solving ODEs I, 2nd ed., sections II.4 to II.6.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from odeplayground.dynamics.arrays import Endings, Flags, Floats, Integers
from odeplayground.dynamics.blocks import Blocks
from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.initial_step import initial_step
from odeplayground.dynamics.tableaus import DOPRI5, EmbeddedPair
from odeplayground.dynamics.task import TOO_LARGE, Outcome, Recorder, Task, defined, runs_away

RUNNING = int(Ending.RUNNING)
SAFETY, SHRINK, GROW = 0.85, 0.2, 4.0
BETA = 0.04
"""Strength of the proportional part of the step controller (Gustafsson 1991; Hairer's default)."""
SMALLEST_ERROR = 1e-4
"""The controller takes no error for smaller than this."""
LONGEST = 1 / 32
"""No step is longer than this share of the time span, so that a short pulse is not jumped over so easily."""
STRIKES = 30
"""Steps at the edge of stability count 2, others -1; at this sum the system is called stiff."""
WORTH_SWITCHING = 500
"""Stiffness matters only if so many steps lie ahead."""
PATIENCE, HOPELESS = 1000, 1e7
"""After so many attempts, a pace that would need so many more steps counts as stiff, too: at tight tolerances the
error may keep the step small before stability does."""
CHECK_EVERY = 8
"""After so many attempts it is looked at again what needs no look at every step."""


def solve_adaptive(task: Task, recorder: Recorder | None = None, watch_stiffness: bool = False) -> Outcome:
    """Solve with Dormand-Prince 5(4). With ``watch_stiffness``, stiff trajectories end as ``Ending.STIFF``."""
    run = _Run(task, DOPRI5, recorder, watch_stiffness)
    run.to_the_end()
    return run.outcome


class _Run:
    """The trajectories that are still worked on.

    ``lanes`` are their numbers among all. ``t`` is the time since the start and ``h`` the next step, both positive
    also if time runs backwards; only the field sees the real time.
    """

    def __init__(self, task: Task, pair: EmbeddedPair, recorder: Recorder | None, watch_stiffness: bool) -> None:
        self.task, self.pair, self.watch_stiffness = task, pair, watch_stiffness
        self.blocks = None if recorder is None else Blocks(task, pair, recorder)
        self.outcome = Outcome(task)
        self.exponent = 0.75 * BETA - 1 / pair.tableau.order
        self.span = abs(task.t1 - task.t0)
        m = task.y0.shape[1]
        self.field = task.field
        self.lanes = np.arange(m)
        self.t = np.zeros(m)
        self.y = task.y0.copy()
        self.limits = task.limits()
        self.slope = self.field.rhs(self._real(self.t), self.y)
        self.h = np.fmin(initial_step(task, self.slope * task.direction, pair.tableau.order), self.span * LONGEST)
        self.gain = np.full(m, SAFETY * SMALLEST_ERROR**BETA)
        self.largest_growth = np.full(m, GROW)
        self.ahead = np.zeros(m, dtype=bool)
        self.strikes = np.zeros(m, dtype=np.int64)
        self.accepted = np.zeros(m, dtype=np.int64)
        self.attempts = 0
        self._allocate()

    def to_the_end(self) -> None:
        """Work until no trajectory is left."""
        self._retire_where(~defined(self.slope), Ending.UNDEFINED)
        while self.lanes.size:
            if self.task.cancelled:
                self._retire_where(self.lanes >= 0, Ending.CANCELLED)
            elif self.attempts >= self.task.max_steps:
                self._retire_where(self.lanes >= 0, Ending.STEP_LIMIT)
            else:
                self._attempt()
        if self.blocks is not None:
            self.blocks.flush()

    def _real(self, t: Floats) -> Floats:
        return self.task.t0 + self.task.direction * t

    def _allocate(self) -> None:
        """Working memory: the stages times h, and a place for what is to be summed."""
        self.stages = np.empty((len(self.pair.tableau.a) + 2, *self.y.shape))
        self.work = np.empty_like(self.stages)

    def _plus(self, weights: Floats) -> Floats:
        """The state (it stands at the head of ``work``) plus the weighted sum of the first stages."""
        count = weights.shape[0]
        np.multiply(weights, self.stages[:count], out=self.work[1 : count + 1])
        total: Floats = np.add.reduce(self.work[: count + 1], axis=0)
        return total

    def _attempt(self) -> None:
        """One step, accepted or not, of every trajectory."""
        self.attempts += 1
        left = self.span - self.t
        h = np.minimum(self.h, left)
        last = h == left
        t_new = self.t + h
        y_before_last, y_new, slope = self._stages(h)
        magnitude = np.abs(y_new)
        error = self._error(magnitude)
        accepted = error <= 1.0
        endings = np.full(self.lanes.size, RUNNING, dtype=np.int8)
        if last.any():
            t_new[last] = self.span
            endings[last & accepted] = Ending.FINISHED
        if self.watch_stiffness:
            self._look_for_stiffness(accepted, left, h, y_new - y_before_last, endings)
        if self.blocks is not None:
            self.blocks.append(self.lanes, self.t, h, t_new, self.y, self.stages, accepted)
            self.stages = np.empty_like(self.stages)
        self._adapt_step(error, accepted, h)
        np.copyto(self.t, t_new, where=accepted)
        np.copyto(self.y, y_new, where=accepted)
        np.copyto(self.slope, slope, where=accepted)
        self.accepted += accepted
        self._look_outside(accepted, magnitude, endings)
        if self.attempts % CHECK_EVERY == 0 or not accepted.all():
            self._look_for_tiny_steps(error, accepted, endings)
        if endings.any():
            self._retire(endings)

    def _stages(self, h: Floats) -> tuple[Floats, Floats, Floats]:
        """Fill the stages; the states of the last two of them (the latter is the new state) and its slope."""
        tableau = self.pair.tableau
        signed = h * self.task.direction
        times = self._stage_times(h)
        np.multiply(self.slope, signed, out=self.stages[0])
        self.work[0] = self.y
        y_stage = self.y
        for i, weights in enumerate(tableau.a, start=1):
            y_stage = self._plus(weights)
            np.multiply(self.field.rhs(times[i], y_stage), signed, out=self.stages[i])
        y_new = self._plus(tableau.b)
        # The last of these stages lies at the end of the step, too.
        slope = self.field.rhs(times[-1], y_new)
        np.multiply(slope, signed, out=self.stages[-1])
        return y_stage, y_new, slope

    def _stage_times(self, h: Floats) -> Sequence[float | Floats]:
        """Real times of the stages; any will do for autonomous systems."""
        nodes = self.pair.tableau.c
        if self.field.autonomous:
            return [0.0] * len(nodes)
        return [self._real(self.t + node * h) for node in nodes]

    def _error(self, magnitude: Floats) -> Floats:
        """The largest estimated error of the states, relative to what is tolerated, (m,)."""
        np.multiply(self.pair.error, self.stages, out=self.work)
        error = np.abs(np.add.reduce(self.work, axis=0))
        error /= self.task.atol + self.task.rtol * np.maximum(np.abs(self.y), magnitude)
        largest: Floats = np.maximum.reduce(error, axis=0)
        return largest

    def _look_for_stiffness(self, accepted: Flags, left: Floats, h: Floats, apart: Floats, endings: Endings) -> None:
        """Estimate h |lambda| from the last two stages, both at the end of the step (Hairer, Wanner II, IV.2)."""
        if self.attempts % CHECK_EVERY == 0:
            self.ahead = left > WORTH_SWITCHING * h
            if self.attempts >= PATIENCE:
                endings[accepted & (left > HOPELESS * h)] = Ending.STIFF
        if not self.ahead.any():
            return
        rise = np.maximum.reduce(np.abs(self.stages[-1] - self.stages[-2]), axis=0)
        edge = rise > self.pair.stability * np.maximum.reduce(np.abs(apart), axis=0)
        self.strikes += np.where(edge, 2, -1) * (accepted & self.ahead)
        np.maximum(self.strikes, 0, out=self.strikes)
        endings[accepted & self.ahead & (self.strikes >= STRIKES)] = Ending.STIFF

    def _adapt_step(self, error: Floats, accepted: Flags, h: Floats) -> None:
        """The next step by a proportional-integral controller; after a rejection it does not grow at once."""
        bounded = np.maximum(error, SMALLEST_ERROR)
        growth = np.minimum(self.gain * bounded**self.exponent, self.largest_growth)
        # fmax: an error that is not a number shrinks the step.
        self.h = np.minimum(h * np.fmax(growth, SHRINK), self.span * LONGEST)
        np.copyto(self.gain, SAFETY * bounded**BETA, where=accepted)
        self.largest_growth = np.where(accepted, GROW, 1.0)

    def _look_outside(self, accepted: Flags, magnitude: Floats, endings: Endings) -> None:
        """Mark trajectories that are too far out."""
        if self.task.box is not None:
            low, high = self.task.box
            endings[((self.y < low) | (self.y > high)).any(axis=0)] = Ending.LEFT
        elif not np.maximum.reduce(magnitude, axis=None) <= TOO_LARGE:
            out = accepted & (magnitude.max(axis=0) > self.limits)
            endings[out & (endings != Ending.FINISHED)] = Ending.TOO_LARGE

    def _look_for_tiny_steps(self, error: Floats, accepted: Flags, endings: Endings) -> None:
        """Mark trajectories whose step can hardly be resolved.

        Only what was just rejected, except at every so many attempts: others' rejections must have no influence.
        """
        time = np.abs(self._real(self.t))
        stuck = (self.h < 8 * np.spacing(time)) & (endings == RUNNING)
        if self.attempts % CHECK_EVERY:
            stuck &= ~accepted
        if stuck.any():
            reason = np.where(np.isfinite(error), Ending.STEP_TOO_SMALL, Ending.UNDEFINED)
            reason = np.where(runs_away(time, self.y, self.slope * self.task.direction), Ending.TOO_LARGE, reason)
            endings[stuck] = reason[stuck]

    def _retire_where(self, stop: Flags, ending: Ending) -> None:
        self._retire(np.where(stop, ending, RUNNING).astype(np.int8))

    def _retire(self, endings: Endings) -> None:
        """Put away the trajectories with an ending, and keep the others."""
        done = endings != RUNNING
        outcome, lanes = self.outcome, self.lanes[done]
        outcome.endings[lanes], outcome.step[lanes] = endings[done], self.h[done]
        time = self._real(self.t[done])
        outcome.t[lanes] = np.where(endings[done] == Ending.FINISHED, self.task.t1, time)
        outcome.y[:, lanes] = self.y[:, done]
        outcome.steps[lanes], outcome.accepted[lanes] = self.attempts, self.accepted[done]
        outcome.evaluations[lanes] = 2 + (len(self.pair.tableau.a) + 1) * self.attempts
        self._keep(np.flatnonzero(~done))

    def _keep(self, at: Integers) -> None:
        self.field = self.field.take(at)
        self.lanes, self.t, self.h = self.lanes[at], self.t[at], self.h[at]
        self.y, self.slope, self.limits = self.y[:, at], self.slope[:, at], self.limits[at]
        self.gain, self.largest_growth = self.gain[at], self.largest_growth[at]
        self.ahead, self.strikes, self.accepted = self.ahead[at], self.strikes[at], self.accepted[at]
        self._allocate()
