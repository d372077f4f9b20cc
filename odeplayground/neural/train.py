"""Training as a generator of events: each yield is a place to pause or to stop."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Generator, Iterator
from functools import partial

import msgspec
import torch
from torch import Tensor

from odeplayground import dynamics
from odeplayground.dynamics.dense_block import DenseControl
from odeplayground.neural import honesty, native_sensitivity, resuming, sensitivity
from odeplayground.neural.collocation import Collocation
from odeplayground.neural.control import Control, StopError
from odeplayground.neural.data import Dataset
from odeplayground.neural.engine import FALLBACK, engine_for, falls_back
from odeplayground.neural.errors import SolveError
from odeplayground.neural.improver import Improver, State, prefixed, under
from odeplayground.neural.judging import Judge
from odeplayground.neural.lbfgs import LBFGS
from odeplayground.neural.learners import learner
from odeplayground.neural.marquardt import LeastSquares
from odeplayground.neural.native_engine import supports
from odeplayground.neural.native_windows import CONTROL as JUDGED
from odeplayground.neural.native_windows import control_for
from odeplayground.neural.preparation import Batch, Slopes, prepare
from odeplayground.neural.recipe import LENGTHS, Phase, recipe
from odeplayground.neural.segments import Segments, SlopeResiduals
from odeplayground.neural.shooting import Shooting, step_error
from odeplayground.spec import (
    Engine,
    Epoch,
    FieldUpdate,
    Model,
    Optimiser,
    Stage,
    TrainDone,
    TrainEvent,
    TrainNote,
    TrainSpec,
)

AFTER_COLLOCATION = 0.3
"""Learning rate after a collocation start, relative to the setting: the network is already close."""
LAST_RATE = 0.01
"""Learning rate at the end, relative to the beginning."""
STEP_ERRORS = {Optimiser.ADAM: 0.02, Optimiser.LBFGS: 1e-3, Optimiser.MARQUARDT: 1e-4}
"""Largest error of the solver's steps that is accepted, in standard deviations of the data."""
MOST_SUBSTEPS = 8
MOST_STEPS = 24
"""Solver steps per window of Adam: longer windows are shortened, so that an epoch stays short."""
FOLLOW = 0.05
"""Share by which Adam's averaged weights follow the weights per epoch. Averages are what is judged and kept: single
steps scatter around them (Polyak and Juditsky 1992). Other optimisers do not scatter."""
RIDGE, RIDGE_PER_NOISE = 1e-6, 1.2
"""The ridge of least squares: at least this, and this in units of the variance of the noise, which makes it the
variance that one expects of the weights beforehand."""
SLOPES_RIDGE = 100 * RIDGE, 10 * RIDGE_PER_NOISE
"""The same for slopes, which are noisier than the samples."""
CLEAN = 0.005
"""Noise, in deviations of the data, up to which Adam starts from a least-squares fit of the slopes, too. More of it
would be fitted as well; then a few steps of Adam do better."""
QUICK_WORK = 500_000_000
"""Multiply-adds of a step of least squares that takes no longer than Adam's steps instead of it."""
ENOUGH = 1e-2
"""Share of the sum that a step must save; a stage of least squares has converged where steps save less."""
NOTICEABLE = 0.01
"""What solving more accurately at the end may change, in standard deviations of the data, before it is told."""
Reach = tuple[float, int]
"""Longest horizon of a stage, in units of time and in samples."""
UPDATE_SECONDS = 1 / 30
TIE = 0.3
"""Losses on n held-out numbers that differ by less than this share over the root of n differ by their noise. Then the
later field is the better one: longer windows have told it more."""
UNTRAINED = "Stopped before the first epoch: the field is untrained."
DIVERGED = 1e12
"""Stands for the loss of a network whose solutions diverge; project files hold finite numbers only."""


def train(
    data: Dataset, spec: TrainSpec, control: Control | None = None, resume: State | None = None
) -> Generator[TrainEvent, None, TrainDone]:
    """Fit a field to data. Yields events, returns the best weights by held-out loss and the whole history.

    The recipe: normalise; start from the slopes of the smoothed data; then multiple shooting over windows that grow
    from stage to stage, with the optimiser of the settings. Epoch 0 is the field before training. Equal data and
    settings give equal results. Without held-out samples the training windows judge. Sets torch to one thread.

    Args:
        data: what to learn from.
        spec: settings.
        control: through which to change some settings while it runs, to stop it, and to take checkpoints.
        resume: a checkpoint of a training with the same data and settings, after which to go on.

    Raises:
        ValueError: settings that do not fit the data, or a checkpoint of another training.
    """
    torch.set_num_threads(1)
    training = _Training(data, spec, control or Control(), resume)
    yield from training.run()
    return training.done()


class _Training:
    """The state of one training run."""

    def __init__(self, data: Dataset, spec: TrainSpec, control: Control, resume: State | None) -> None:
        self._began = self._last_update = time.perf_counter()
        self._data, self._spec, self._control = data, spec, control
        adam = spec.optimiser is Optimiser.ADAM
        dtype = torch.float32 if adam else torch.float64
        self._parts = prepare(data, spec.held_out, spec.seed, spec.held_out_by, dtype)
        self._learner = learner(data, spec, self._parts.scaling, dtype)
        self._field = self._learner.field
        self._engine = engine_for(spec, self._field)
        judges = self._parts.held_out or self._parts.training(LENGTHS[-1][0])
        seen = self._parts.training(LENGTHS[0][0])
        exactly = JUDGED if spec.engine is not Engine.TORCH and supports(self._field) else None
        self._judge, self._watcher = (Judge(self._learner, windows, exactly) for windows in (judges, seen))
        self._weights: list[Tensor] = list(self._field.parameters())
        self._average = copy.deepcopy(self._field)
        self._share = FOLLOW if adam else 1.0
        self._tolerance = STEP_ERRORS[spec.optimiser] if spec.tolerance is None else spec.tolerance
        self._horizon = control.horizon
        self._substeps = self._parts.substeps()
        self._slowdown = 1.0
        self._phases = recipe(spec, self._engine is Engine.NATIVE)
        self._phase = self._taken = self._shot = 0
        self._epoch = 0
        self._history: list[Epoch] = []
        self._stages: list[Stage] = []
        self._best: tuple[float, int, list[Tensor]] = (math.inf, 0, self._averaged())
        self._lowest, self._improved = math.inf, 0
        self._tie = TIE / math.sqrt(max(1, sum(int((batch.weight > 0).sum()) for batch in judges)))
        self._improver: Improver | None = None
        self._pending: State | None = None
        if resume is not None:
            self._resume(resume)
        control.offer(self._checkpoint)

    def run(self) -> Iterator[TrainEvent]:
        try:
            if not self._history:
                yield from self._before()
            while self._phase < len(self._phases):
                yield from self._run_phase()
                self._phase, self._taken = self._phase + 1, 0
        except StopError:
            yield TrainNote(self._epoch, "Stopped on request.")
            return
        yield from self._check_steps()

    def done(self) -> TrainDone:
        held_out, epoch, weights = self._best
        self._restore(weights)
        return TrainDone(
            field=self._learner.export(self._average),
            best_epoch=epoch,
            seconds=time.perf_counter() - self._began,
            history=tuple(self._history),
            stages=tuple(self._stages),
            message=f"Best after epoch {epoch}: held-out loss {held_out:.2g}." if self._history else UNTRAINED,
        )

    def _check_steps(self) -> Iterator[TrainNote]:
        """Say so if the solver's steps were part of the fit."""
        self._restore(self._best[2])
        system = self._learner.export(self._average)
        steps = self._steps()
        record = sensitivity.record if steps is None else partial(native_sensitivity.record, control=steps)
        try:
            share = honesty.solver_share(self._average, system, self._parts, self._substeps, self._poll, record)
        except StopError:
            return
        if share > NOTICEABLE:
            yield TrainNote(self._epoch, honesty.sentence(share))

    def _before(self) -> Iterator[TrainEvent]:
        """The field as it is before any training."""
        system, spec = self._data.system, self._spec
        sees_time = spec.time_input or spec.model is Model.EQUATIONS
        if system is not None and not sees_time and not dynamics.is_autonomous(system):
            yield TrainNote(0, "The system depends on time, and the network does not: it learns the average field.")
        if falls_back(spec, self._field):
            yield TrainNote(0, FALLBACK)
        loss = self._loss(self._watcher)
        before = self._record(time.perf_counter(), loss, 0.0, 0, 0)
        yield self._update()
        yield before

    def _run_phase(self) -> Iterator[TrainEvent]:
        windows = self._phases[self._phase].length is not None
        if windows and self._taken == 0:
            yield from self._refine()
        yield from self._begin()
        while not self._over():
            if windows:
                yield from self._heed()
            if self._control.take_back():
                yield from self._go_back()
            yield from self._step()

    def _begin(self) -> Iterator[Stage]:
        """An optimiser for the present stage; one that goes on, if the training was resumed within it."""
        self._improver, reach = self._make(self._phases[self._phase])
        if self._pending is not None and self._taken:
            self._improver.restore(self._pending)
        else:
            yield self._stage(reach)
        self._pending = None

    def _over(self) -> bool:
        """Whether the present stage has had its epochs, or there is no use in more of them."""
        assert self._improver is not None
        patience, began = self._spec.patience, self._stages[-1].epoch - 1
        idle = self._epoch - max(self._improved, began)
        spent = self._taken >= self._phases[self._phase].epochs
        return spent or self._improver.converged or bool(patience and idle >= patience)

    def _heed(self) -> Iterator[TrainEvent]:
        """Do what was asked for since the last epoch."""
        control = self._control
        tolerance = self._tolerance if control.tolerance is None else control.tolerance
        if control.horizon != self._horizon or tolerance != self._tolerance:
            self._horizon = control.horizon
            if tolerance != self._tolerance:
                self._tolerance, self._substeps = tolerance, self._parts.substeps()
                yield from self._refine()
            if control.horizon is not None:
                rest = sum(one.epochs for one in self._phases[self._phase :]) - self._taken
                self._phases[self._phase :] = [Phase(control.horizon, rest)]
                self._taken = 0
            yield from self._begin()

    def _go_back(self) -> Iterator[TrainEvent]:
        assert self._improver is not None
        self._restore(self._best[2])
        self._improver.forget()
        yield TrainNote(self._epoch, f"Back to the weights of epoch {self._best[1]}.")
        yield self._update()

    def _make(self, phase: Phase) -> tuple[Improver, Reach | None]:
        """The optimiser of a stage, and how far its windows reach; ``None`` for the start from slopes."""
        if self._control.horizon is not None and phase.length is not None:
            phase = Phase(self._control.horizon, phase.epochs)
        adam = self._spec.optimiser is Optimiser.ADAM
        if phase.length is None:
            rate = torch.tensor(self._parts.scaling.rate, dtype=self._parts.dtype)
            fine = self._parts.slopes()
            points = fine if adam and self._is_quick(fine) else self._parts.slopes(1)
            if adam and (self._noise > CLEAN or not self._is_quick(points)):
                return Collocation(self._field, fine, rate), None
            slopes = SlopeResiduals(self._field, points, rate, self._ridge(*SLOPES_RIDGE), self._poll)
            return LeastSquares(slopes, ENOUGH), None
        if adam:
            batches = self._windows(phase.length)
            args = self._learner, batches, self._spec.gradient, self._substeps
            noise = self._noise if self._spec.free_starts else 0.0
            return Shooting(*args, self._spec.ridge or 0.0, noise, self._steps()), _longest(batches)
        batches = self._parts.segments(phase.length)
        return self._second_order(batches), _longest(batches)

    def _windows(self, length: int) -> list[Batch]:
        """Windows for Adam: as long as torch solves quickly, or of any length and times for native code."""
        if self._engine is Engine.NATIVE:
            return self._parts.training(length, alike=False)
        return self._parts.training(min(length or MOST_STEPS, max(2, MOST_STEPS // self._substeps)))

    def _steps(self) -> DenseControl | None:
        """How native code chooses its steps; ``None``: torch solves."""
        return control_for(self._tolerance, self._parts.dtype) if self._engine is Engine.NATIVE else None

    @property
    def _noise(self) -> float:
        """Root mean square, in deviations of the data."""
        return float((self._parts.noise**2).mean() ** 0.5)

    def _is_quick(self, points: Slopes) -> bool:
        """Whether a step of least squares with these slopes takes few multiply-adds."""
        residuals, unknowns = points.slopes.numel(), sum(weight.numel() for weight in self._weights)
        return min(residuals, unknowns) ** 2 * max(residuals, unknowns) <= QUICK_WORK

    def _second_order(self, batches: list[Batch]) -> Improver:
        """The optimisers that know about curvature."""
        ridge, free = self._ridge(RIDGE, RIDGE_PER_NOISE), self._spec.free_starts
        if self._spec.optimiser is Optimiser.LBFGS:
            args = self._learner, batches, self._spec.gradient, self._substeps
            return LBFGS(*args, ridge, free, self._poll, self._steps())
        native = self._engine is Engine.NATIVE
        problem = Segments(self._field, batches, self._substeps, ridge, free, self._poll, native)
        return LeastSquares(problem, ENOUGH)

    def _ridge(self, least: float, per_noise: float) -> float:
        if self._spec.ridge is not None:
            return self._spec.ridge
        if self._spec.model is Model.EQUATIONS:
            return 0.0
        return max(least, per_noise * float((self._parts.noise**2).mean()))

    def _rate(self) -> float:
        """The learning rate of the coming epoch."""
        setting = self._spec.learning_rate if self._control.learning_rate is None else self._control.learning_rate
        phase = self._phases[self._phase]
        if phase.length is None:
            return setting * (1 - 0.9 * self._taken / phase.epochs)
        collocated = self._phases[0].length is None
        total = sum(one.epochs for one in self._phases if one.length is not None)
        decay = _decay(min(1.0, self._shot / max(total, 1)))
        return setting * (AFTER_COLLOCATION if collocated else 1.0) * decay * self._slowdown

    def _step(self) -> Iterator[TrainEvent]:
        improver = self._improver
        assert improver is not None
        self._poll()
        began = time.perf_counter()
        windows = self._phases[self._phase].length is not None
        rate = self._rate()
        self._epoch += 1
        try:
            loss, norm = improver.epoch(rate)
        except (SolveError, FloatingPointError):
            self._advance(windows)
            self._slowdown /= 2
            self._restore(self._best[2])
            improver.forget()
            yield TrainNote(self._epoch, "The solution diverged: back to the best weights, with half the step.")
            yield from self._updates()
            return
        self._advance(windows)
        self._follow(self._share if windows else 1.0)
        if not windows:
            loss = self._loss(self._watcher)
        epoch = self._record(began, loss, norm, improver.evaluations, improver.backward, improver.steps)
        yield from self._updates()
        yield epoch

    def _advance(self, windows: bool) -> None:
        self._taken += 1
        self._shot += windows

    def _poll(self) -> None:
        if self._control.stopped:
            raise StopError

    def _refine(self) -> Iterator[TrainEvent]:
        """Halve the solver's step until that changes nothing that matters. Native code chooses its steps itself."""
        if self._engine is Engine.NATIVE:
            return
        batches = self._parts.training(LENGTHS[0][0])
        while self._substeps < MOST_SUBSTEPS:
            self._poll()
            try:
                if step_error(self._learner, self._field, batches, self._substeps, self._poll) <= self._tolerance:
                    return
            except SolveError:
                pass  # a smaller step may do better
            self._substeps *= 2
            yield TrainNote(self._epoch, f"The solver now takes {self._substeps} steps between samples.")

    def _loss(self, judge: Judge) -> float:
        try:
            loss = judge.loss(self._average, self._substeps, self._poll)
        except SolveError:
            return DIVERGED
        return min(loss, DIVERGED) if math.isfinite(loss) else DIVERGED

    def _record(
        self, began: float, loss: float, norm: float, forward: int, backward: int, steps: tuple[int, int] = (0, 0)
    ) -> Epoch:
        held_out = self._loss(self._judge)
        if held_out < self._lowest:
            self._lowest, self._improved = held_out, self._epoch
            self._best = (held_out, self._epoch, self._averaged())
        elif held_out <= (1 + self._tie) * self._lowest < DIVERGED:
            self._best = (held_out, self._epoch, self._averaged())
        seconds = time.perf_counter() - began
        epoch = Epoch(self._epoch, loss, held_out, seconds, forward, backward, norm, self._best[1], *steps)
        self._history.append(epoch)
        return epoch

    def _stage(self, reach: Reach | None) -> Stage:
        if reach is None:
            stage = Stage(self._epoch + 1, "slopes of the smoothed data")
        else:
            stage = Stage(self._epoch + 1, f"horizon {reach[0]:.2g}", reach[1], self._tolerance, self._engine)
        self._stages.append(stage)
        return self._stages[-1]

    def _updates(self) -> Iterator[FieldUpdate]:
        """The field, often enough to watch it; always the last of a stage and each that is the best so far."""
        best = self._best[1] == self._epoch
        if best or self._over() or time.perf_counter() - self._last_update >= UPDATE_SECONDS:
            yield self._update()

    def _update(self) -> FieldUpdate:
        self._last_update = time.perf_counter()
        return FieldUpdate(self._epoch, self._learner.export(self._average))

    @torch.no_grad()
    def _follow(self, share: float) -> None:
        """Move the averaged weights towards the current ones."""
        torch._foreach_lerp_(list(self._average.parameters()), self._weights, share)

    def _averaged(self) -> list[Tensor]:
        return [weight.detach().clone() for weight in self._average.parameters()]

    @torch.no_grad()
    def _restore(self, weights: list[Tensor]) -> None:
        for weight, stored in zip(self._weights, weights, strict=True):
            weight.copy_(stored)
        self._follow(1.0)

    def _checkpoint(self) -> State:
        position = {
            "phases": [(phase.length, phase.epochs) for phase in self._phases],
            "phase": self._phase,
            "taken": self._taken,
            "shot": self._shot,
            "epoch": self._epoch,
            "substeps": self._substeps,
            "slowdown": self._slowdown,
            "tolerance": self._tolerance,
            "horizon": self._horizon,
            "best": (self._best[0], self._best[1]),
            "lowest": (self._lowest, self._improved),
            "stages": msgspec.to_builtins(self._stages),
        }
        weights: dict[str, list[Tensor]] = {
            "field": self._weights,
            "average": list(self._average.parameters()),
            "best": self._best[2],
        }
        improver = {} if self._improver is None else prefixed("improver/", self._improver.state())
        return resuming.pack(position, self._history, weights) | improver

    @torch.no_grad()
    def _resume(self, state: State) -> None:
        saved = resuming.unpack(state)
        position = saved.position
        self._phases = [Phase(length, epochs) for length, epochs in position["phases"]]
        self._phase, self._taken, self._shot = position["phase"], position["taken"], position["shot"]
        self._epoch, self._substeps = position["epoch"], position["substeps"]
        self._slowdown, self._tolerance = position["slowdown"], position["tolerance"]
        self._horizon = self._control.horizon = position["horizon"]
        self._stages = msgspec.convert(position["stages"], list[Stage])
        self._history = saved.history
        for target, name in ((self._weights, "field"), (list(self._average.parameters()), "average")):
            saved.copy_into(target, name)
        best = self._averaged()
        saved.copy_into(best, "best")
        self._best = (position["best"][0], position["best"][1], best)
        self._lowest, self._improved = position["lowest"]
        self._pending = under("improver/", state)


def _longest(batches: list[Batch]) -> Reach:
    horizon = max((batch.times[-1] - batch.times[0]).max().item() for batch in batches)
    return horizon, max(len(batch.times) for batch in batches)


def _decay(share: float) -> float:
    return LAST_RATE + (1 - LAST_RATE) * 0.5 * (1 + math.cos(math.pi * share))
