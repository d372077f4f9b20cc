"""Fields with something known beside the network: derivatives, and the same numbers after export."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from odeplayground import dynamics, expr, neural
from odeplayground.neural.learners import learner
from odeplayground.neural.linearise import by_autograd, linearise
from odeplayground.neural.preparation import prepare
from odeplayground.neural.sensitivity import record, sensitivities
from odeplayground.spec import Model, System, TrainSpec

DOUBLE = torch.float64


def system_of(text):
    system = expr.parse(text).system
    assert system is not None
    return system


KINDS = [
    {},
    {"angles": ("x",)},
    {"time_input": True},
    {"time_input": True, "angles": ("x",), "model": Model.SECOND_ORDER},
    {"model": Model.SECOND_ORDER},
    {"model": Model.HAMILTONIAN},
    {"model": Model.HAMILTONIAN, "angles": ("x",)},
    {"model": Model.EQUATIONS},
]


@pytest.fixture(scope="module")
def data():
    return neural.sample(
        system_of("x' = v; v' = -c*sin(x) - b*v; c = 1; b = 0.2; x(0) = 1; t in [0, 10]"), n_trajectories=3, n_points=30
    )


def made(data, **settings):
    spec = TrainSpec(hidden=(5, 4), **settings)
    parts = prepare(data, 0.0, 0, dtype=DOUBLE)
    one = learner(data, spec, parts.scaling, DOUBLE)
    numbers = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for p in one.field.parameters():
            p.add_(0.3 * torch.randn(p.shape, generator=numbers, dtype=DOUBLE))
    return one, parts


@pytest.mark.parametrize("settings", KINDS)
def test_exported_systems_are_the_same_fields(data, settings):
    one, parts = made(data, **settings)
    numbers = np.random.default_rng(0)
    z, t = numbers.normal(size=(7, 2)), numbers.uniform(0, 5, 7)
    with torch.no_grad():
        u = one.field(torch.tensor(t), torch.tensor(z)).numpy()
    x = parts.scaling.mean + parts.scaling.scale_in * z
    f = dynamics.evaluate(one.export(one.field), x, t)
    assert f == pytest.approx(u * parts.scaling.scale_in, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("settings", KINDS)
def test_written_out_derivatives_are_those_of_autograd(data, settings):
    one, _ = made(data, **settings)
    numbers = torch.Generator().manual_seed(1)
    z, t = torch.randn(6, 2, generator=numbers, dtype=DOUBLE), torch.linspace(0, 3, 6, dtype=DOUBLE)
    factors = torch.randn(2, 3, 2, 2, generator=numbers, dtype=DOUBLE)
    own, general = linearise(one.field, t, z), by_autograd(one.field, t, z)
    assert torch.allclose(own.jacobian, general.jacobian, rtol=1e-10, atol=1e-12)
    assert torch.allclose(own.gather(factors), general.gather(factors), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("settings", KINDS)
def test_sensitivities_are_finite_differences(data, settings):
    one, _ = made(data, **settings)
    start = torch.tensor([[0.3, -0.5], [1.0, 0.2], [-0.4, 0.6]], dtype=DOUBLE)
    t = torch.cumsum(torch.tensor([[0.0] * 3, [0.2, 0.3, 0.1], [0.4, 0.1, 0.3]], dtype=DOUBLE), dim=0)
    by_parameters, by_start = sensitivities(one.field, record(one.field, start, t, 2))
    parameters = list(one.field.parameters())
    x = torch.nn.utils.parameters_to_vector(parameters).detach()
    towards = torch.randn(x.shape, generator=torch.Generator().manual_seed(2), dtype=DOUBLE)
    moved = torch.tensor([0.2, -0.7], dtype=DOUBLE)
    ends = []
    for sign in (1, -1):
        torch.nn.utils.vector_to_parameters(x + sign * 1e-6 * towards, parameters)
        ends.append(record(one.field, start + sign * 1e-6 * moved, t, 2).y)
    expected = (ends[0] - ends[1]) / 2e-6
    assert torch.allclose(by_parameters @ towards + by_start @ moved, expected, rtol=1e-6, atol=1e-8)


def test_models_that_do_not_fit_are_refused(data):
    parts = prepare(data, 0.0, 0)
    for settings, sentence in (
        ({"angles": ("phi",)}, "no state phi"),
        ({"model": Model.EQUATIONS, "unknowns": ("mass",)}, "no parameter mass"),
    ):
        with pytest.raises(ValueError, match=sentence):
            learner(data, TrainSpec(**settings), parts.scaling, DOUBLE)
    odd = neural.sample(system_of("x' = -x; x(0) = 1; t in [0, 3]"))
    with pytest.raises(ValueError, match="in pairs"):
        learner(odd, TrainSpec(model=Model.SECOND_ORDER), prepare(odd, 0.0, 0).scaling, DOUBLE)


def test_parameters_of_equations_are_found(data):
    fit = neural.fit(data, TrainSpec(model=Model.EQUATIONS, optimiser="marquardt", epochs=40))
    assert isinstance(fit.field, System)
    assert dict(zip(fit.field.parameters, fit.field.values, strict=True)) == pytest.approx(
        {"c": 1.0, "b": 0.2}, rel=1e-3
    )


def test_a_driven_field_is_learned_with_the_time():
    system = system_of("x' = -x + cos(2*t); x(0) = 1; t in [0, 10]")
    data = neural.sample(system, n_points=30, n_trajectories=2)
    errors = [
        neural.fit(data, TrainSpec(hidden=(12,), optimiser="marquardt", epochs=30, time_input=told)).report.field_error
        for told in (True, False)
    ]
    assert errors[0] < 0.1 < errors[1]
