"""Does an experiment make sense? What types cannot say: lengths that fit, names that exist, ranges in order.

Every check lists problems as sentences that begin with the path of the field.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from odeplayground.spec import Experiment, SamplePlan, SeriesSettings, SolverSettings, TrainSpec
from odeplayground.spec.series import MOST_EXPRESSIONS
from odeplayground.storage.check_controls import check_controls
from odeplayground.storage.check_run import check_run, check_samples
from odeplayground.storage.check_system import checked_system
from odeplayground.storage.check_view import check_order, check_view

_ROOT = "$.experiment"
MOST_EPOCHS = 100_000
MOST_TRAJECTORIES = 10_000
MOST_POINTS = 1_000_000
MOST_UNITS = 4096
MOST_LAYERS = 32
LEAST_TOLERANCE = 1e-12
_LARGEST_SEED = 2**63 - 1


def checked(experiment: Experiment) -> tuple[Experiment, list[str]]:
    """The experiment with its system read anew, and the problems found (none: it is good).

    One without starting points gets the system's own initial state, as there is always one to select.
    """
    system, problems = checked_system(experiment.system, f"{_ROOT}.system")
    if problems:
        return experiment, problems
    starts = experiment.starts or (system.initial,)
    experiment = msgspec.structs.replace(experiment, system=system, starts=starts)
    problems += _check_starts(experiment)
    problems += check_view(experiment.view, system, f"{_ROOT}.view")
    for i, view in enumerate(experiment.beside):
        problems += check_view(view, system, f"{_ROOT}.beside[{i}]")
    problems += _check_solver(experiment.solver, f"{_ROOT}.solver")
    problems += _check_plan(experiment.plan, f"{_ROOT}.plan")
    problems += _check_series(experiment.series, f"{_ROOT}.series")
    problems += check_training(experiment.training, f"{_ROOT}.training")
    problems += check_controls(experiment.controls, system.parameters, f"{_ROOT}.controls")
    if experiment.data is not None:
        problems += check_samples(experiment.data, f"{_ROOT}.data")
    if experiment.run is not None:
        problems += check_training(experiment.run.spec, f"{_ROOT}.run.spec")
        problems += check_run(experiment.run, system.states, f"{_ROOT}.run")
    return experiment, problems


def _check_starts(experiment: Experiment) -> Iterator[str]:
    n = len(experiment.system.states)
    for i, start in enumerate(experiment.starts):
        if len(start) != n:
            yield f"{_ROOT}.starts[{i}]: Expected {n} numbers, one per state, got {len(start)}."
    if not 0 <= experiment.selected < len(experiment.starts):
        yield f"{_ROOT}.selected: There is no starting point number {experiment.selected}."


def _check_solver(solver: SolverSettings, path: str) -> Iterator[str]:
    for name in ("rtol", "atol"):
        if not 0 < getattr(solver, name) < 1:
            yield f"{path}.{name}: Expected a tolerance between 0 and 1, got {getattr(solver, name)!r}."
    if solver.step is not None and solver.step <= 0:
        yield f"{path}.step: Expected a positive step, got {solver.step!r}."
    if solver.max_step is not None and solver.max_step <= 0:
        yield f"{path}.max_step: Expected a positive step, got {solver.max_step!r}."
    if solver.t_span is not None:
        yield from check_order(solver.t_span, f"{path}.t_span")


def _check_plan(plan: SamplePlan, path: str) -> Iterator[str]:
    yield from _check_between(plan.n_trajectories, 1, MOST_TRAJECTORIES, f"{path}.n_trajectories")
    yield from _check_between(plan.n_points, 2, MOST_POINTS, f"{path}.n_points")
    yield from _check_between(plan.seed, 0, _LARGEST_SEED, f"{path}.seed")
    if plan.noise < 0:
        yield f"{path}.noise: Expected 0 or more, got {plan.noise!r}."
    if plan.t_span is not None:
        yield from check_order(plan.t_span, f"{path}.t_span")


def _check_series(series: SeriesSettings, path: str) -> Iterator[str]:
    if series.t_range is not None:
        yield from check_order(series.t_range, f"{path}.t_range")
    if series.delay is not None and series.delay < 0:
        yield f"{path}.delay: Expected 0 or more, got {series.delay!r}."
    if len(series.expressions) > MOST_EXPRESSIONS:
        yield f"{path}.expressions: Expected at most {MOST_EXPRESSIONS}, got {len(series.expressions)}."


def check_training(training: TrainSpec, path: str) -> Iterator[str]:
    """Settings of a training run beyond what can be computed; what makes no sense is refused where it is made."""
    yield from _check_between(training.epochs, 1, MOST_EPOCHS, f"{path}.epochs")
    yield from _check_between(training.seed, 0, _LARGEST_SEED, f"{path}.seed")
    yield from _check_between(len(training.hidden), 1, MOST_LAYERS, f"{path}.hidden")
    for i, units in enumerate(training.hidden):
        yield from _check_between(units, 1, MOST_UNITS, f"{path}.hidden[{i}]")
    if training.tolerance is not None and training.tolerance < LEAST_TOLERANCE:
        yield f"{path}.tolerance: Expected at least {LEAST_TOLERANCE:g}, got {training.tolerance!r}."


def _check_between(value: int, low: int, high: int, path: str) -> Iterator[str]:
    if not low <= value <= high:
        yield f"{path}: Expected {low} to {high}, got {value}."
