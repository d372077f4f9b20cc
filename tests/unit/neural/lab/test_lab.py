"""The laws that the gradient lab shows."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from torch import nn

from odeplayground.neural import odeint
from odeplayground.neural.lab.both_ways import both_ways, exact
from odeplayground.neural.lab.costs import WAYS, costs
from odeplayground.neural.lab.residual import residual_study
from odeplayground.neural.lab.study import TOLERANCES, study
from odeplayground.neural.lab.subject import Subject, learned_subject, random_subject
from odeplayground.neural.solution import solve
from odeplayground.spec import Activation, Array, LearnedSystem, Samples


class Contraction(nn.Module):
    """z' = -rate * z, in one state."""

    def __init__(self, rate):
        super().__init__()
        self.rate = nn.Parameter(torch.tensor(rate, dtype=torch.float64))

    def forward(self, t, z):
        return -self.rate * z


def contraction(rate):
    times = np.linspace(0, 2, 5)
    return Subject(Contraction(rate), times, np.ones(1), np.linspace(0.5, 1.5, 4)[:, None], ("x",))


def loss_by_autograd(subject):
    start = torch.tensor(subject.start, requires_grad=True)
    z = odeint(subject.field, start, torch.tensor(subject.times), rtol=1e-11, atol=1e-13)
    loss = z[1:].square().sum() / z.numel()
    return torch.autograd.grad(loss, start)[0].numpy()


@pytest.mark.parametrize("way", [exact, lambda subject: both_ways(subject, 1e-9)])
def test_the_adjoint_ends_as_the_gradient_of_the_start(way):
    subject = random_subject(1)
    np.testing.assert_allclose(way(subject).a[-1], loss_by_autograd(subject), rtol=1e-6)


def test_the_adjoint_of_a_contraction_is_known():
    k, subject = 1.5, contraction(1.5)
    found, times = exact(subject), subject.times
    np.testing.assert_allclose(found.z[:, 0], np.exp(-k * found.t), atol=1e-8)
    # a(t) = sum of g_i exp(-k (t_i - t)) over the times that are still to come
    pulls = 2 / len(times) * np.exp(-k * times)
    later = found.t_back[1:, None] < times[None, :] - 1e-9
    known = (later * pulls * np.exp(-k * (times - found.t_back[1:, None]))).sum(axis=1)
    smooth = ~np.isin(found.t_back[1:], times)
    np.testing.assert_allclose(found.a[1:, 0][smooth], known[smooth], rtol=1e-7)


def test_it_jumps_by_the_pull_of_the_loss():
    subject = random_subject(0)
    found = exact(subject)
    twice = np.flatnonzero(np.diff(found.t_back) == 0)
    pulls = 2 / (len(subject.times) * 2) * found.z[found.samples][:0:-1][1:]
    np.testing.assert_allclose((found.a[twice + 1] - found.a[twice])[-len(pulls) :], pulls, atol=1e-8)


def test_the_way_back_drifts_with_the_contraction():
    drifts = [both_ways(contraction(rate), 1e-6).last_drift for rate in (2.0, 6.0, 10.0)]
    assert drifts[0] < drifts[1] / 100 < drifts[2] / 100_000


def test_it_drifts_less_at_a_tighter_tolerance_and_where_states_are_restored():
    subject = random_subject(0, pull=2.0)
    loose, tight = both_ways(subject, 1e-4), both_ways(subject, 1e-8)
    assert tight.last_drift < 1e-2 * loose.last_drift
    restored = both_ways(subject, 1e-4, restored=True)
    assert np.nanmax(restored.drift) < 1e-2 * np.nanmax(loose.drift)


def test_where_the_way_back_ends_too_early_there_are_gaps():
    class Finite(nn.Module):
        """z' = -z^3: its way back reaches infinity if it begins a little too far out."""

        def forward(self, t, z):
            return -(z**3)

    subject = Subject(Finite(), np.linspace(0, 40, 5), np.array([12.0]), np.ones((2, 1)), ("x",))
    found = both_ways(subject, 1e-3)
    assert np.isfinite(found.z).all()
    assert found.last_drift == np.inf or found.last_drift > 1e-3


def test_the_distance_of_residual_networks_falls_as_one_over_their_blocks():
    distance = residual_study(random_subject(0)).distance
    slopes = np.log2(distance[[15, 31]] / distance[[31, 63]])
    np.testing.assert_allclose(slopes, 1.0, atol=0.1)


def test_one_residual_block_is_one_step_of_euler():
    subject = contraction(0.7)
    found = residual_study(subject, most=3)
    h = found.t[-1] - found.t[0]
    np.testing.assert_allclose(found.blocks[0][1], subject.points * (1 - 0.7 * h))
    np.testing.assert_allclose(found.blocks[2][-1], subject.points * (1 - 0.7 * h / 3) ** 3)
    assert [len(path) for path in found.blocks] == [2, 3, 4]


def test_what_is_held_grows_with_the_steps_but_for_the_pure_adjoint():
    subject = random_subject(0)
    loose, tight = ({cost.way: cost for cost in costs(subject, tol)} for tol in (1e-4, 1e-8))
    assert loose.keys() == set(WAYS)
    assert tight["adjoint, pure"].held == loose["adjoint, pure"].held
    for way in ("direct", "discrete", "interpolating"):
        held = tight[way].held / loose[way].held
        steps = tight[way].steps / loose[way].steps
        assert 0.5 * steps < held < 2 * steps
    assert tight["adjoint, pure"].held < tight["adjoint"].held < tight["discrete"].held < tight["direct"].held
    assert all(cost.backward > 0 for way, cost in tight.items() if way != "direct")


def test_adjoint_and_discrete_agree_at_a_tight_tolerance():
    subject = random_subject(2, pull=0.5)
    start, times = torch.tensor(subject.start), torch.tensor(subject.times)
    found = {}
    for way in ("discrete", "adjoint", "interpolating"):
        values = solve(subject.field, start, times, gradient=way, engine="torch", rtol=1e-9, atol=1e-11).values
        found[way] = torch.autograd.grad(values.square().sum(), list(subject.field.parameters()))
    for way in ("adjoint", "interpolating"):
        for one, other in zip(found[way], found["discrete"], strict=True):
            torch.testing.assert_close(one, other, rtol=1e-6, atol=1e-8)


def test_a_study_tells_its_tolerance_first_and_the_audit_last():
    findings = itertools.takewhile(lambda one: one[0] != "audit", study(contraction(1.0), first=1e-6))
    kinds, found = zip(*findings, strict=True)
    ways = [one[0].tolerance for kind, one in zip(kinds, found, strict=True) if kind == "ways"]
    assert ways == [1e-6, *(tol for tol in TOLERANCES if tol != 1e-6)]
    assert kinds[0] == "ways"
    assert set(kinds) == {"ways", "exact", "residual", "costs"}


def test_a_learned_field_is_studied_in_standard_deviations():
    weights = Array.of(np.array([0.0, 1.0, -1.0, 0.0, 0.0, 0.0]))
    system = LearnedSystem(
        ("x", "y"), (2, 2), Activation.TANH, weights, (10.0, 0.0), (2.0, 3.0), (2.0, 3.0), (8.0, 0.0)
    )
    t = np.linspace(0, 4, 30)
    y = np.stack([10 + 2 * np.cos(t), -3 * np.sin(t)])
    samples = Samples(("x", "y"), (Array.of(t),), (Array.of(y),), 0.0, ((12.0, 0.0),))
    subject = learned_subject(system, samples)
    np.testing.assert_allclose(subject.start, [1.0, 0.0])
    found = exact(subject)
    np.testing.assert_allclose(found.z[:, 0], np.cos(found.t), atol=1e-7)
    assert found.t[-1] == pytest.approx(4.0)
