"""Comparisons of fields whose errors are known beforehand."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from odeplayground import dynamics, expr, neural
from odeplayground.neural.matching import match
from odeplayground.neural.paths import solve_paths, spans_of
from odeplayground.neural.tube import field_errors, sample_tube
from odeplayground.spec import Activation, Array, EquilibriumKind, LearnedSystem, System, TrainSpec


def system_of(text: str) -> System:
    system = expr.parse(text).system
    assert system is not None
    return system


SPIRAL = system_of("x' = -0.1*x - y; y' = x - 0.1*y; x(0) = 2; t in [0, 12]")


def linear(matrix, bias=(0.0, 0.0)):
    """The linear field as a learned system, by a network that is almost linear."""
    small = 1e-4
    first, second = small * np.eye(2), np.asarray(matrix, dtype=float) / small
    weights = np.concatenate([first.ravel(), np.zeros(2), second.ravel(), np.asarray(bias, dtype=float)])
    one = (1.0, 1.0)
    return LearnedSystem(
        ("x", "y"), (2, 2, 2), Activation.TANH, Array.of(weights), (0.0, 0.0), one, one, (2.0, 0.0), (0.0, 12.0)
    )


TRUE = np.array([[-0.1, -1.0], [1.0, -0.1]])


@pytest.fixture(scope="module")
def data():
    return neural.sample(SPIRAL, n_points=40, noise=0.02)


def scores(report):
    return {score.name: score.value for score in report.scores}


def test_the_true_field_has_no_error(data):
    report = neural.compare(SPIRAL, linear(TRUE), data)
    assert report.field_error < 1e-6
    assert report.trajectory_error < 1e-4
    assert max(abs(value) for value in scores(report).values()) < 0.01
    assert report.good
    (pair,) = report.equilibria
    assert pair.true_kind == pair.learned_kind == EquilibriumKind.STABLE_FOCUS
    assert pair.distance == pytest.approx(0, abs=1e-6)
    assert np.array(pair.learned_eigenvalues) == pytest.approx(np.array(pair.true_eigenvalues), abs=1e-4)


def test_a_field_that_is_a_tenth_too_strong(data):
    report = neural.compare(SPIRAL, linear(1.1 * TRUE), data)
    assert report.field_error == pytest.approx(0.1, rel=1e-4)
    assert scores(report)["Direction"] == pytest.approx(0, abs=1e-3)
    assert "10 %" in report.verdict


def test_a_field_that_is_turned(data):
    turn = np.radians(20)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    report = neural.compare(SPIRAL, linear(rotation @ TRUE), data)
    assert scores(report)["Direction"] == pytest.approx(20, abs=0.5)
    assert report.field_error == pytest.approx(2 * np.sin(turn / 2), rel=0.02)
    assert not report.good


def test_trajectory_error_is_relative_to_the_deviation():
    """x' = -x against x' = -1.2 x, by the closed form over one horizon and its double."""
    system = system_of("x' = -x; x(0) = 1; t in [0, 4]")
    data = neural.sample(system, initial=[[1.0]], n_points=50)
    weights = np.array([1e-4, 0.0, -1.2e4, 0.0])
    field = LearnedSystem(
        ("x",), (1, 1, 1), Activation.TANH, Array.of(weights), (0.0,), (1.0,), (1.0,), (1.0,), (0.0, 4.0)
    )
    report = neural.compare(system, field, data)
    t = np.linspace(0, 4, 601)
    gap = np.exp(-1.2 * t) - np.exp(-t)
    deviation = np.exp(-t[:301]).std()
    found = scores(report)
    assert found["Within the samples"] == pytest.approx(100 * np.sqrt(np.mean(gap[:301] ** 2)) / deviation, rel=1e-3)
    assert found["One horizon beyond"] == pytest.approx(100 * np.sqrt(np.mean(gap[301:] ** 2)) / deviation, rel=1e-3)
    assert report.trajectory_error == pytest.approx(np.sqrt(np.mean(gap**2)) / deviation, rel=1e-3)


def test_divergence_is_infinite_and_said(data):
    strong = linear(np.array([[60.0, 0.0], [0.0, 60.0]]))
    weights = np.array(strong.weights)
    weights[-2:] = 0
    wild = LearnedSystem(
        ("x", "y"), (2, 2, 2), Activation.SILU, Array.of(np.array([50.0, 0, 0, 50, 0, 0, 1e3, 0, 0, 1e3, 0, 0])),
        (0.0, 0.0), (1.0, 1.0), (1.0, 1.0), (2.0, 0.0), (0.0, 12.0),
    )  # fmt: skip
    report = neural.compare(SPIRAL, wild, data)
    assert math.isinf(report.trajectory_error)
    assert "diverge" in report.verdict
    assert not report.good


def test_bounds_and_parameters_are_used():
    system = system_of("x' = y; y' = -k*sin(x) - 0.3*y; k = 1; x(0) = 1; t in [0, 10]")
    data = neural.sample(system, parameters={"k": 0.5}, n_points=40)
    field = linear([[0.0, 1.0], [-0.5, -0.3]])
    wide = neural.compare(system, field, data, bounds={"x": (-4, 4), "y": (-2, 2)})
    assert sum(pair.true_state is not None for pair in wide.equilibria) == 3
    assert "1 of 3 equilibria" in wide.verdict
    near = neural.compare(system, field, data)
    other = neural.compare(system, field, data, parameters={"k": 1.0})
    assert near.field_error < 0.15 < other.field_error


def test_an_unmatched_learned_equilibrium_is_spurious():
    system = system_of("x' = 1 + 0*x; y' = -y; x(0) = 0; y(0) = 1; t in [0, 4]")
    data = neural.sample(system, n_points=30)
    report = neural.compare(system, linear([[1.0, 0.0], [0.0, -1.0]], bias=(-0.5, 0.0)), data)
    assert [pair.true_state for pair in report.equilibria] == [None]
    assert "1 equilibrium where the true one has none" in report.verdict


def test_report_says_that_the_true_system_is_driven():
    system = system_of("x' = y; y' = -x + 0.1*cos(t); x(0) = 1; t in [0, 10]")
    data = neural.sample(system, n_points=30)
    assert "drives the true system" in neural.compare(system, linear([[0, 1], [-1, 0]]), data).verdict


def test_tube_points_are_within_their_radius(data):
    deviation = data.deviation
    truth = solve_paths(SPIRAL, data.starts, spans_of(data))
    tube = sample_tube(truth, deviation)
    lines = truth.y[..., : truth.half + 1].transpose(0, 2, 1).reshape(-1, 2) / deviation
    some = tube.states[::17] / deviation
    nearest = np.linalg.norm(some[:, None] - lines[None], axis=2).min(axis=1)
    assert nearest.max() < 0.1 + 0.02
    assert nearest.max() > 0.08


def test_field_error_is_the_formula(data):
    truth = solve_paths(SPIRAL, data.starts, spans_of(data))
    tube = sample_tube(truth, data.deviation)
    other = linear([[-0.2, -1.1], [0.9, 0.0]])
    f, g = dynamics.evaluate(SPIRAL, tube.states), dynamics.evaluate(other, tube.states)
    expected = np.sqrt((((g - f) / f.std(axis=0)) ** 2).sum() / ((f / f.std(axis=0)) ** 2).sum())
    assert field_errors(SPIRAL, other, tube, data.deviation).relative == pytest.approx(expected, rel=1e-12)


def point(*state, kind=EquilibriumKind.SADDLE):
    return SimpleNamespace(state=np.array(state), kind=kind, eigenvalues=np.array([1.0, -1.0]))


def test_pairs_have_the_smallest_total_distance():
    true, learned = [point(0.0, 0.0), point(0.4, 0.0)], [point(0.3, 0.0), point(0.75, 0.0)]
    rows = match(true, learned, np.ones(2))
    assert [(row.true_state[0], row.learned_state[0]) for row in rows] == [(0.0, 0.3), (0.4, 0.75)]


def test_partners_out_of_reach_stay_alone():
    rows = match([point(0.0, 0.0)], [point(3.0, 0.0)], np.ones(2))
    assert [(row.true_state, row.learned_state) for row in rows] == [((0.0, 0.0), None), (None, (3.0, 0.0))]
    assert match([point(0.0, 0.0)], [point(3.0, 0.0)], np.array([10.0, 1.0]))[0].distance == pytest.approx(0.3)
    assert match([], [], np.ones(2)) == ()


def test_fit_compares_what_it_trained(data):
    events = []
    fit = neural.fit(data, TrainSpec(hidden=(8,), epochs=20), on_event=events.append)
    assert fit.report == neural.compare(SPIRAL, fit.field, data)
    assert events[-1].field == fit.field
    assert len(fit.history) == 21
    unknown = neural.fit(neural.Dataset.from_samples(data.to_samples()), TrainSpec(hidden=(4,), epochs=3))
    assert unknown.report is None


def test_warm_up_changes_nothing():
    import torch

    before = torch.get_rng_state(), torch.get_num_threads()
    neural.warm_up()
    assert torch.equal(before[0], torch.get_rng_state())
    assert before[1] == torch.get_num_threads()


def test_a_system_at_rest_everywhere_gives_a_sober_percentage():
    system = system_of("x' = 0*x\ny' = 0*y\nx(0) = 1\ny(0) = 1\nt in [0, 4]")
    data = neural.sample(system, n_trajectories=3, n_points=20, noise=0.0, seed=0)
    still = neural.compare(system, linear([[0.0, 0.0], [0.0, 0.0]]), data)
    moving = neural.compare(system, linear([[0.1, 0.0], [0.0, 0.1]]), data)
    assert still.field_error == 0
    assert 0.01 < moving.field_error < 100
