"""Sensitivities of dense networks against their own gradients, finite differences and a conservation law."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from odeplayground.dynamics import dense_sensitivities
from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.dense_block import DenseControl
from odeplayground.dynamics.dense_sensitivities import Sensitivities, SensitivitySolver
from odeplayground.dynamics.dense_shape import DenseShape
from odeplayground.dynamics.dense_solver import DenseSolver
from odeplayground.dynamics.endings import Ending
from odeplayground.spec import Activation

SHAPE = DenseShape((2, 9, 5, 2), Activation.TANH, "float64")
TIGHT = DenseControl(rtol=1e-11, atol=1e-12, capped=False)


def _weights(shape: DenseShape = SHAPE) -> Floats:
    return np.random.default_rng(1).normal(size=shape.count) * 0.8


def _starts(count: int) -> tuple[Floats, Floats]:
    numbers = np.random.default_rng(2)
    return numbers.normal(size=(count, 2)), numbers.uniform(0.1, 2.0, count)


def sensitivities(
    shape: DenseShape,
    weights: Floats,
    y0: Floats,
    spans: Floats,
    control: DenseControl,
    poll: Callable[[], None] = lambda: None,
) -> Sensitivities:
    return SensitivitySolver(shape, control).solve(weights, y0, spans, poll)


def _ends(weights: Floats, y0: Floats, spans: Floats) -> Floats:
    return sensitivities(SHAPE, weights, y0, spans, TIGHT).ends


def test_sums_of_sensitivities_are_the_gradient() -> None:
    weights, (y0, spans) = _weights(), _starts(11)
    found = sensitivities(SHAPE, weights, y0, spans, TIGHT)
    times = np.stack([np.zeros_like(spans), spans], axis=1)
    run = DenseSolver(SHAPE, TIGHT).solve(weights, y0, times, keep=True)
    cotangent = np.zeros((2, 11, 2))
    cotangent[1] = np.random.default_rng(3).normal(size=(11, 2))
    by_weights, by_start = run.pull(cotangent)
    np.testing.assert_allclose(np.einsum("mi,mip->p", cotangent[1], found.by_weights), by_weights, rtol=1e-11)
    np.testing.assert_allclose(np.einsum("mi,mij->mj", cotangent[1], found.by_start), by_start, rtol=1e-11)
    assert np.array_equal(found.ends, run.values[1])


def test_finite_differences() -> None:
    weights, (y0, spans) = _weights(), _starts(3)
    found = sensitivities(SHAPE, weights, y0, spans, TIGHT)
    direction = np.random.default_rng(4).normal(size=SHAPE.count)
    h = 1e-5
    change = (_ends(weights + h * direction, y0, spans) - _ends(weights - h * direction, y0, spans)) / (2 * h)
    np.testing.assert_allclose(found.by_weights @ direction, change, rtol=1e-5, atol=1e-7)
    shift = np.array([0.3, -0.7])
    change = (_ends(weights, y0 + h * shift, spans) - _ends(weights, y0 - h * shift, spans)) / (2 * h)
    np.testing.assert_allclose(found.by_start @ shift, change, rtol=1e-5, atol=1e-7)


def test_volume_changes_by_the_divergence() -> None:
    """Liouville: of a field that is linear, z' = A z + b, the volume grows by exp(t tr A)."""
    shape = DenseShape((2, 2), Activation.TANH, "float64")
    weights, (y0, spans) = _weights(shape), _starts(5)
    found = sensitivities(shape, weights, y0, spans, TIGHT)
    trace = weights[0] + weights[3]
    np.testing.assert_allclose(np.linalg.det(found.by_start), np.exp(spans * trace), rtol=1e-9)


@pytest.mark.parametrize("count", [1, 8, 13])
def test_independent_of_neighbours(count: int) -> None:
    weights, (y0, spans) = _weights(), _starts(13)
    together = sensitivities(SHAPE, weights, y0, spans, TIGHT)
    some = sensitivities(SHAPE, weights, y0[:count], spans[:count], TIGHT)
    for name in ("ends", "by_start", "by_weights"):
        assert np.array_equal(getattr(some, name), getattr(together, name)[:count])


def test_single_precision() -> None:
    shape = DenseShape(SHAPE.sizes, SHAPE.activation, "float32")
    weights, (y0, spans) = _weights(), _starts(5)
    exact = sensitivities(SHAPE, weights, y0, spans, TIGHT)
    loose = DenseControl(rtol=1e-6, atol=1e-6, capped=False)
    rough = sensitivities(shape, weights.astype(np.float32), y0.astype(np.float32), spans, loose)
    assert rough.by_weights.dtype == np.float32
    size = np.abs(exact.by_weights).max()
    np.testing.assert_allclose(rough.by_weights, exact.by_weights, atol=1e-4 * size)


def test_a_trajectory_that_ends_early_says_so_and_leaves_others_alone() -> None:
    weights, (y0, spans) = _weights(), _starts(4)
    whole = sensitivities(SHAPE, weights, y0, spans, TIGHT)
    y0[1] = np.nan
    found = sensitivities(SHAPE, weights, y0, spans, TIGHT)
    assert found.endings[1] != Ending.FINISHED
    assert np.isnan(found.ends[1]).all()
    others = [0, 2, 3]
    assert np.array_equal(found.by_weights[others], whole.by_weights[others])


def test_can_be_interrupted() -> None:
    def stop() -> None:
        raise InterruptedError

    weights, (y0, spans) = _weights(), _starts(4)
    with pytest.raises(InterruptedError):
        sensitivities(SHAPE, weights, y0, spans, TIGHT, stop)


def test_memory_that_is_used_again_leaves_no_trace() -> None:
    solver, (y0, spans) = SensitivitySolver(SHAPE, TIGHT), _starts(9)
    first = solver.solve(_weights(), y0, spans)
    solver.solve(2 * _weights(), y0[::-1], 5 * spans)
    again = solver.solve(_weights(), y0, spans)
    assert np.array_equal(first.by_weights, again.by_weights)
    assert np.array_equal(first.by_start, again.by_start)


def test_a_cut_tape_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    weights, (y0, spans) = _weights(), _starts(3)
    whole = sensitivities(SHAPE, weights, y0, 10 * spans, TIGHT)
    monkeypatch.setattr(dense_sensitivities, "TAPE_BYTES", 1)
    cut = sensitivities(SHAPE, weights, y0, 10 * spans, TIGHT)
    np.testing.assert_allclose(cut.by_start, whole.by_start, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(cut.by_weights, whole.by_weights, rtol=1e-12, atol=1e-14)
    assert np.array_equal(cut.endings, whole.endings)
