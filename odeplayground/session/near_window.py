"""Sampled data that stay where the picture is: what runs away would teach the network about nowhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from odeplayground.spec import Experiment

if TYPE_CHECKING:
    from odeplayground import neural

_ROOM = 0.5
"""Samples may lie this many window sizes beyond each side of the window."""
_FEWEST = 12
"""Samples that a trajectory needs to be of use."""


def near_window(data: neural.Dataset, experiment: Experiment) -> neural.Dataset:
    """The data with every trajectory cut where it leaves the surroundings of the window for good.

    A pendulum that goes over the top again and again is an example. If nothing of use would be left, the data stay.
    """
    lengths = [_stay(one.y, data.states, experiment) for one in data.trajectories]
    kept = [i for i, n in enumerate(lengths) if n >= _FEWEST]
    if not kept or all(n == one.t.size for n, one in zip(lengths, data.trajectories, strict=True)):
        return data
    trajectories = []
    for i in kept:
        one, n = data.trajectories[i], lengths[i]
        clean = None if one.clean is None else one.clean[:, :n]
        trajectories.append(replace(one, t=one.t[:n], y=one.y[:, :n], clean=clean))
    starts = None if data.starts is None else data.starts[kept]
    return replace(data, trajectories=tuple(trajectories), starts=starts)


def starts_in_window(experiment: Experiment) -> np.ndarray:
    """The first starting point, and others at random in the window: (n_trajectories, n_states)."""
    view, states = experiment.view, experiment.system.states
    draw = np.random.default_rng(experiment.plan.seed)
    starts = np.tile(np.asarray(experiment.starts[0], dtype=float), (experiment.plan.n_trajectories, 1))
    for axis, ends in ((view.x, view.x_range), (view.y, view.y_range)):
        if axis in states:
            starts[1:, states.index(axis)] = draw.uniform(*ends, experiment.plan.n_trajectories - 1)
    return starts


def _stay(values: np.ndarray, states: tuple[str, ...], experiment: Experiment) -> int:
    """How many samples, (n_states, n), come before the first one that is too far away."""
    view = experiment.view
    inside = np.ones(values.shape[1], dtype=bool)
    for axis, (low, high) in ((view.x, view.x_range), (view.y, view.y_range)):
        if axis in states:
            room = _ROOM * (high - low)
            row = values[states.index(axis)]
            inside &= (row >= low - room) & (row <= high + room)
    return int(inside.size if inside.all() else np.argmin(inside))
