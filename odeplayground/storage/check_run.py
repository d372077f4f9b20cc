"""Does a stored training run hold together: weights that fill the network, samples that fit the states?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from odeplayground.expr.known import structure_problem
from odeplayground.spec import AnySystem, Array, Samples, System, TrainedRun
from odeplayground.storage.check_network import check_count, check_finite, check_network
from odeplayground.storage.check_system import checked_system


def check_run(run: TrainedRun, states: tuple[str, ...], path: str) -> Iterator[str]:
    """Problems of a run for a system with these states."""
    yield from _check_states(run.samples.states, states, f"{path}.samples")
    yield from check_samples(run.samples, f"{path}.samples")
    yield from _check_field(run.field, states, f"{path}.field")
    if run.best_epoch < 0:
        yield f"{path}.best_epoch: Expected 0 or more, got {run.best_epoch}."
    if run.seconds < 0:
        yield f"{path}.seconds: Expected 0 or more, got {run.seconds!r}."


def check_samples(samples: Samples, path: str) -> Iterator[str]:
    """Problems of samples, whose states may be any."""
    states = samples.states
    if not states or len(set(states)) < len(states):
        yield f"{path}.states: Expected different names, at least one."
    if not samples.times:
        yield f"{path}.times: Expected at least one trajectory."
    if len(samples.times) != len(samples.values):
        yield f"{path}.values: Expected as many as times, {len(samples.times)}, got {len(samples.values)}."
    for i, (times, values) in enumerate(zip(samples.times, samples.values, strict=False)):
        yield from _check_trajectory(times, values, len(states), path, i)
    if len(samples.starts) not in (0, len(samples.times)):
        yield f"{path}.starts: Expected none or one per trajectory, {len(samples.times)}, got {len(samples.starts)}."
    for i, start in enumerate(samples.starts):
        if len(start) != len(states):
            yield f"{path}.starts[{i}]: Expected {len(states)} numbers, one per state, got {len(start)}."
    if samples.noise < 0:
        yield f"{path}.noise: Expected 0 or more, got {samples.noise!r}."


def _check_trajectory(times: Array, values: Array, n_states: int, path: str, i: int) -> Iterator[str]:
    if len(times.shape) != 1 or times.shape[0] < 1:
        yield f"{path}.times[{i}]: Expected a list of times, got an array of shape {times.shape}."
        return
    if values.shape != (n_states, times.shape[0]):
        yield f"{path}.values[{i}]: Expected the shape {(n_states, times.shape[0])}, got {values.shape}."
    if np.isinf(np.asarray(values)).any():
        yield f"{path}.values[{i}]: The numbers must be finite, or NaN where nothing was measured."
    yield from check_finite(times, f"{path}.times[{i}]")
    if not np.all(np.diff(np.asarray(times)) > 0):
        yield f"{path}.times[{i}]: The times must increase."


def _check_field(field: AnySystem, states: tuple[str, ...], path: str) -> Iterator[str]:
    yield from _check_states(field.states, states, path)
    if isinstance(field, System):
        yield from checked_system(field, path)[1]
        return
    problem = structure_problem(field)
    if problem:
        yield f"{path}.structure: {problem}"
    yield from check_network(field, field.inputs, field.outputs, path)
    yield from check_count(field.initial, len(states), "state", f"{path}.initial")
    if not field.t_span[0] < field.t_span[1]:
        yield f"{path}.t_span: The numbers must increase, got {field.t_span[0]!r}, {field.t_span[1]!r}."


def _check_states(names: tuple[str, ...], states: tuple[str, ...], path: str) -> Iterator[str]:
    if names != states:
        yield f"{path}.states: Expected the states of the system, {', '.join(states)}; got {', '.join(names)}."
