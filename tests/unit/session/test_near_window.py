from __future__ import annotations

import numpy as np

from odeplayground.session import edits
from odeplayground.session.near_window import starts_in_window
from odeplayground.session.training_data import sample
from odeplayground.storage import presets


def rotating():
    """A pendulum without friction that goes over the top for ever."""
    experiment = presets.load("pendulum").experiment
    return edits.set_start(edits.set_parameter(experiment, "b", 0.0), 0, (3.6, 2.0))


def reach(experiment) -> float:
    low, high = experiment.view.x_range
    return high + 0.5 * (high - low)


def test_samples_stay_near_the_window_and_there_are_enough():
    experiment = rotating()
    data = sample(experiment)
    assert max(np.abs(one.clean[0]).max() for one in data.trajectories) <= reach(experiment) + 1
    assert sum(one.t.size for one in data.trajectories) >= 100
    assert np.allclose(data.trajectories[0].clean[:, 0], experiment.starts[0])


def test_what_stays_in_the_window_is_left_alone():
    data = sample(presets.load("pendulum").experiment)
    assert [one.t.size for one in data.trajectories] == [60] * 5


def test_starts_lie_in_the_window_and_depend_on_the_seed_alone():
    experiment = rotating()
    starts = starts_in_window(experiment)
    assert np.array_equal(starts, starts_in_window(experiment))
    assert np.array_equal(starts[0], experiment.starts[0])
    for column, (low, high) in enumerate((experiment.view.x_range, experiment.view.y_range)):
        assert ((starts[1:, column] >= low) & (starts[1:, column] <= high)).all()
