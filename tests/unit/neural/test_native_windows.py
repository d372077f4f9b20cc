"""The loss of windows and its gradient in native code, against those of torch through small steps."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from odeplayground import neural
from odeplayground.neural.learners import learner
from odeplayground.neural.native_windows import CONTROL
from odeplayground.neural.preparation import prepare
from odeplayground.neural.shooting import Windows
from odeplayground.spec import Gradient, TrainSpec
from odeplayground.storage import presets


def _windows(gradient: Gradient, dtype: torch.dtype) -> Windows:
    data = neural.sample(presets.preset("pendulum"), n_trajectories=2, n_points=12, t_span=(0.0, 1.5), seed=0)
    spec = TrainSpec(gradient=gradient, seed=0)
    parts = prepare(data, 0.0, 0, dtype=dtype)
    made = learner(data, spec, parts.scaling, dtype)
    control = CONTROL if gradient is Gradient.DISCRETE else None
    return Windows(made, parts.training(5), gradient, 6, 1e-3, control)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 3e-5), (torch.float32, 3e-4)])
def test_agrees_with_torch(dtype: torch.dtype, tolerance: float) -> None:
    native, reference = _windows(Gradient.DISCRETE, dtype), _windows(Gradient.ADJOINT, dtype)
    turn = range(len(native.batches))
    loss, weights, starts = native.loss(turn)
    expected, its_weights, its_starts = reference.loss(turn)
    assert native.evaluations(1) > 0
    assert loss == pytest.approx(expected, rel=tolerance)
    for found, known in zip([*weights, *starts], [*its_weights, *its_starts], strict=True):
        assert found.dtype == dtype
        assert (found - known).abs().max() < tolerance * max(1.0, float(known.abs().max()))


def test_a_window_that_explodes_is_no_number() -> None:
    native = _windows(Gradient.DISCRETE, torch.float64)
    with torch.no_grad():
        native.starts[0][0] = np.nan
    with pytest.raises(FloatingPointError):
        native.loss([0])
