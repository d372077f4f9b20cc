from __future__ import annotations

import numpy as np
import pytest
import torch

from odeplayground.neural import MLP, Dataset, Trajectory
from odeplayground.neural.audit import audit


def data(end=1.0):
    t = np.linspace(0, end, 4)
    return Dataset(("x", "v"), (Trajectory(t, np.stack([np.cos(t), -np.sin(t)])),))


def net():
    torch.manual_seed(0)
    return MLP([2, 5, 2]).double()


def test_all_ways_agree_and_get_better_with_the_tolerance():
    report = audit(net(), data(), (1e-4, 1e-8))
    for mode in ("direct", "discrete", "interpolating", "adjoint", "adjoint, pure"):
        assert report.worst(mode, 1e-8) < 1e-5
        assert report.worst(mode, 1e-8) < report.worst(mode, 1e-4)
    others = {row.mode: row for row in report.rows if row.mode in ("finite differences", "forward sensitivities")}
    assert len(others) == 2
    assert all(row.error < 1e-5 for row in report.rows if row.mode in others)
    assert report.drift[1][1] < report.drift[0][1]
    assert {row.block for row in report.rows} >= {"layers.0.weight", "start", "times", "times[0]", "times[3]"}


def test_a_wrong_gradient_is_seen():
    class Lying(MLP):
        def forward(self, t, y):
            value = super().forward(t, y)
            return value + 0.5 * (y - y.detach())

    torch.manual_seed(0)
    report = audit(Lying([2, 5, 2]).double(), data(), (1e-8,))
    assert max(row.error for row in report.rows if row.mode == "finite differences") > 1e-2


@pytest.mark.soak
def test_contraction_makes_the_reconstruction_drift():
    class Fast(MLP):
        def forward(self, t, y):
            return -20 * y + 0 * super().forward(t, y)

    report = audit(Fast([2, 3, 2]).double(), data(), (1e-6,))
    assert report.drift[0][1] > 1e4 * 1e-6


def test_single_precision_is_refused():
    with pytest.raises(ValueError, match="double precision"):
        audit(net().float(), data())
