"""What a training learns from."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground.neural import Dataset
from odeplayground.session import UserError, edits
from odeplayground.session.training_data import data_for, sample, source
from odeplayground.spec import Samples, TrainedRun, TrainSpec
from odeplayground.storage import presets
from tests.unit.session.systems import experiment

WHOLE = "x' = y\ny' = -k*x\nk = 2\nx(0) = 1\nt in [0, 6]\n"
HALF = WHOLE.replace("-k*x", "[?](x)")


def same(data: Dataset, other: Dataset) -> bool:
    pairs = zip(data.trajectories, other.trajectories, strict=True)
    return all(np.array_equal(a.t, b.t) and np.array_equal(a.y, b.y) for a, b in pairs)


def test_a_whole_system_is_sampled() -> None:
    start = experiment(WHOLE)
    assert source(start) is start
    assert same(data_for(start), sample(start))


def test_a_term_without_data_is_refused_with_advice() -> None:
    with pytest.raises(UserError, match="train once"):
        source(experiment(HALF))


def test_samples_of_the_last_training_stay_when_a_term_becomes_unknown() -> None:
    start = experiment(WHOLE)
    samples = sample(start).to_samples()
    trained = edits.set_run(start, TrainedRun(samples, TrainSpec(), start.system, 0, 0.0))
    half = edits.set_text(trained, HALF)
    assert isinstance(source(half), Samples)
    data = data_for(half)
    assert same(data, sample(start))
    assert data.system == half.system


def test_a_preset_with_an_unknown_term_is_sampled_as_it_was() -> None:
    whole = presets.load("lotka-volterra").experiment
    whole = edits.set_parameter(whole, "alpha", 0.6)
    half = edits.set_text(whole, whole.text.replace("- beta*x*y", "- [?](x, y)"))
    assert half.system != whole.system
    data = data_for(half)
    assert same(data, sample(whole))
    assert (data.system, data.parameters) == (half.system, half.parameters)
