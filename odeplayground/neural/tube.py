"""The tube: where the data are, and how well the field is known there.

A point belongs to the tube if it is within 0.1 of a true trajectory of the sampled set, each state divided by its
standard deviation over the clean data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from odeplayground import dynamics
from odeplayground.neural.data import Floats, positive
from odeplayground.neural.paths import Parameters, Paths
from odeplayground.spec import AnySystem

RADIUS = 0.1
ALONG = 400
"""Points per trajectory."""
MOST = 20_000
OUTSIDE = 500
"""Places that are tried outside of the tube."""


@dataclass(frozen=True, eq=False)
class Tube:
    """Random points of a tube, spread evenly along the trajectories: states (k, n_states) and times (k,)."""

    states: Floats
    times: Floats


def sample_tube(truth: Paths, deviation: Floats, seed: int = 0) -> Tube:
    """Points at equal distances along the trajectories, each moved at random within the radius."""
    numbers = np.random.default_rng(seed)
    along = max(10, min(ALONG, MOST // len(truth.y)))
    states, times = [], []
    for t, y in zip(truth.t, truth.y, strict=True):
        end = truth.half + 1
        good = np.isfinite(y[:, :end]).all(axis=0)
        t_in, u = t[:end][good], (y[:, :end][:, good] / deviation[:, None]).T
        arc = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(u, axis=0), axis=1))])
        moment = np.interp(np.linspace(0, arc[-1], along), arc, t_in)
        path = np.stack([np.interp(moment, t_in, column) for column in u.T], axis=1)
        states.append((path + _in_ball(path.shape, numbers)) * deviation)
        times.append(moment)
    return Tube(np.concatenate(states), np.concatenate(times))


def sample_outside(tube: Tube, deviation: Floats, seed: int = 1) -> Tube:
    """Random points of the box around the tube that are not in it, as many as are found among as many tries."""
    numbers = np.random.default_rng(seed)
    u = tube.states / deviation
    places = numbers.uniform(u.min(axis=0), u.max(axis=0), size=(OUTSIDE, u.shape[1]))
    near = np.array([np.min(np.sum((u - place) ** 2, axis=1)) for place in places]) <= (2 * RADIUS) ** 2
    left = places[~near]
    return Tube(left * deviation, numbers.choice(tube.times, len(left)))


@dataclass(frozen=True)
class FieldErrors:
    """Errors of a field in the tube."""

    relative: float
    """sqrt(sum |f_learned - f|^2 / sum |f|^2), each component divided by the standard deviation of f."""
    angle: float
    """Median angle between f_learned and f, in degrees, in states divided by their deviation."""


def field_errors(
    system: AnySystem, field: AnySystem, tube: Tube, deviation: Floats, parameters: Parameters = None
) -> FieldErrors:
    """Compare two fields in the tube; where the true one is undefined, points are left out."""
    true = dynamics.evaluate(system, tube.states, tube.times, parameters)
    learned = dynamics.evaluate(field, tube.states, tube.times)
    good = np.isfinite(true).all(axis=1)
    true, learned = true[good], learned[good]
    scale = positive(true.std(axis=0))
    size = np.sum((true / scale) ** 2)
    if not size > 0:  # a system at rest everywhere: relative to crossing the states' spread once in its time span
        size = len(true) * np.sum((deviation / (system.t_span[1] - system.t_span[0]) / scale) ** 2)
    relative = np.sqrt(np.sum(((learned - true) / scale) ** 2) / max(size, 1e-300))
    return FieldErrors(float(relative), _angle(true / deviation, learned / deviation))


def _angle(a: Floats, b: Floats) -> float:
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    moving = lengths > 0
    if not moving.any():
        return 0.0
    cosine = np.clip((a * b).sum(axis=1)[moving] / lengths[moving], -1, 1)
    return float(np.degrees(np.median(np.arccos(cosine))))


def _in_ball(shape: tuple[int, ...], numbers: np.random.Generator) -> Floats:
    """Evenly distributed points of a ball of the tube's radius."""
    direction = numbers.standard_normal(shape)
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    return RADIUS * direction * numbers.random((shape[0], 1)) ** (1 / shape[1])
