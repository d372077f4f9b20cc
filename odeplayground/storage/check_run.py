"""Does a stored training run hold together: weights that fill the network, samples that fit the states?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from odeplayground.spec import Array, LearnedSystem, Samples, TrainedRun, number_of_weights


def check_run(run: TrainedRun, states: tuple[str, ...], path: str) -> Iterator[str]:
    """Problems of a run for a system with these states."""
    yield from _check_samples(run.samples, states, f"{path}.samples")
    yield from _check_field(run.field, states, f"{path}.field")
    if run.best_epoch < 0:
        yield f"{path}.best_epoch: Expected 0 or more, got {run.best_epoch}."
    if run.seconds < 0:
        yield f"{path}.seconds: Expected 0 or more, got {run.seconds!r}."


def _check_samples(samples: Samples, states: tuple[str, ...], path: str) -> Iterator[str]:
    yield from _check_states(samples.states, states, path)
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
    yield from _check_finite(values, f"{path}.values[{i}]")
    yield from _check_finite(times, f"{path}.times[{i}]")
    if not np.all(np.diff(np.asarray(times)) > 0):
        yield f"{path}.times[{i}]: The times must increase."


def _check_field(field: LearnedSystem, states: tuple[str, ...], path: str) -> Iterator[str]:
    yield from _check_states(field.states, states, path)
    n = len(states)
    layers = field.layers
    if len(layers) < 2 or layers[0] != n or layers[-1] != n or min(layers) < 1:
        yield f"{path}.layers: Expected sizes from {n} to {n}, got {list(layers)}."
    elif field.weights.shape != (number_of_weights(layers),):
        yield f"{path}.weights: The layers need {number_of_weights(layers)} weights, got shape {field.weights.shape}."
    yield from _check_finite(field.weights, f"{path}.weights")
    for name in ("mean", "scale_in", "scale_out", "initial"):
        numbers = getattr(field, name)
        if len(numbers) != n:
            yield f"{path}.{name}: Expected {n} numbers, one per state, got {len(numbers)}."
    if any(scale <= 0 for scale in field.scale_in):
        yield f"{path}.scale_in: Expected positive numbers."
    if not field.t_span[0] < field.t_span[1]:
        yield f"{path}.t_span: The numbers must increase, got {field.t_span[0]!r}, {field.t_span[1]!r}."


def _check_states(names: tuple[str, ...], states: tuple[str, ...], path: str) -> Iterator[str]:
    if names != states:
        yield f"{path}.states: Expected the states of the system, {', '.join(states)}; got {', '.join(names)}."


def _check_finite(array: Array, path: str) -> Iterator[str]:
    if not np.all(np.isfinite(np.asarray(array))):
        yield f"{path}: Not all numbers are finite."
