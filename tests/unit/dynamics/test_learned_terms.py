"""Equations with learned terms: the same numbers as typed equations wherever both can say the same."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import msgspec
import numpy as np
import pytest

from odeplayground import dynamics, expr
from odeplayground.dynamics.continuation import continue_equilibria
from odeplayground.dynamics.dense import DenseNetwork
from odeplayground.dynamics.fields import field_of
from odeplayground.dynamics.kernels import evaluate as kernels_evaluate
from odeplayground.dynamics.kernels import program
from odeplayground.dynamics.kernels.store import wait_for_workshop
from odeplayground.dynamics.tape import Program
from odeplayground.expr.errors import ModelError
from odeplayground.spec import Activation, Array, LearnedTerm, System
from tests.unit.dynamics.systems import typed

LINEAR = [-1.5, -0.25, 0.5]
"""Weights of u, v and the bias."""
STATES = np.random.default_rng(1).normal(size=(37, 2))


def term(
    *layers: int, seed: int = 0, activation: Activation = Activation.TANH, weights: Sequence[float] | None = None
) -> LearnedTerm:
    rng = np.random.default_rng(seed)
    parts = [rng.normal(size=n) for pair in itertools.pairwise(layers) for n in (pair[0] * pair[1], pair[1])]
    data = np.concatenate(parts) if weights is None else np.array(weights)
    n = layers[0]
    if weights is not None:
        return LearnedTerm(layers, activation, Array.of(data), (0.0,) * n, (1.0,) * n, 1.0)
    mean, scale = tuple(rng.normal(size=n)), tuple(rng.uniform(0.5, 2.0, n))
    return LearnedTerm(layers, activation, Array.of(data), mean, scale, 1.3)


def learned(text: str, *terms: LearnedTerm | None) -> System:
    return msgspec.structs.replace(typed(text), terms=terms)


HALF_KNOWN = learned("x' = y\ny' = [?](x, y) + cos(t) - b*x\nb = 0.3", term(2, 1, weights=LINEAR))
KNOWN = typed("x' = y\ny' = -1.5*x - 0.25*y + 0.5 + cos(t) - b*x\nb = 0.3")


def test_a_linear_term_is_the_typed_sum():
    for m in (1, 37, 2000):
        states = np.random.default_rng(m).normal(size=(m, 2))
        for function in (dynamics.evaluate, dynamics.jacobian):
            expected = function(KNOWN, states, 0.7)
            np.testing.assert_allclose(function(HALF_KNOWN, states, 0.7), expected, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("method", ["tsit5", "dop853", "rk4", "rodas4", "radau", "auto"])
def test_it_is_solved_as_the_typed_system(method):
    starts = STATES[:2] if method == "radau" else STATES
    one, other = (dynamics.simulate_many(s, starts, t_span=(0, 5), method=method) for s in (HALF_KNOWN, KNOWN))
    np.testing.assert_allclose(one.y, other.y, rtol=1e-11, atol=1e-11)
    assert one.stats == other.stats


def test_parameters_may_differ_between_trajectories():
    parameters = {"b": np.linspace(0, 2, len(STATES))}
    for method in ("tsit5", "rodas4"):
        one, other = (
            dynamics.simulate_many(s, STATES, parameters, t_span=(0, 5), method=method) for s in (HALF_KNOWN, KNOWN)
        )
        np.testing.assert_allclose(one.y, other.y, rtol=1e-11, atol=1e-11)
    one, other = (dynamics.evaluate(s, STATES, parameters=parameters) for s in (HALF_KNOWN, KNOWN))
    np.testing.assert_allclose(one, other, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("activation", Activation)
def test_derivatives_agree_with_differences(activation):
    system = learned(
        "x' = sin([?](x*y, a, t))*y\ny' = x*g + [?]([?](y) + x, y)\ng = [?](x)^2\na = 0.4",
        term(3, 5, 1, seed=1, activation=activation),
        term(1, 7, 3, 1, seed=2, activation=activation),
        term(2, 4, 1, seed=3, activation=activation),
        term(1, 6, 1, seed=4, activation=activation),
    )
    exact, h = dynamics.jacobian(system, STATES, 0.3), 1e-5
    for j, step in enumerate(h * np.eye(2)):
        ends = [dynamics.evaluate(system, STATES + sign * step, 0.3) for sign in (1, -1)]
        np.testing.assert_allclose(exact[:, :, j], (ends[0] - ends[1]) / (2 * h), rtol=2e-7, atol=2e-8)


def test_the_derivative_by_time_is_exact():
    """Without it Rodas4 loses its order, and needs many more steps for a tighter tolerance."""
    system = learned("x' = -2*x + [?](3*t, x)", term(2, 8, 1, seed=5))
    exact = dynamics.simulate(system, t_span=(0, 2), method="dop853", rtol=1e-12, atol=1e-13).y[0, -1]
    loose, tight = (
        dynamics.simulate(system, t_span=(0, 2), method="rodas4", rtol=tol, atol=tol) for tol in (1e-4, 1e-8)
    )
    assert abs(loose.y[0, -1] - exact) < 1e-3
    assert abs(tight.y[0, -1] - exact) < 1e-7
    assert tight.stats["steps"] < 14 * loose.stats["steps"]  # 10 for the fourth order


def test_a_trajectory_does_not_depend_on_its_neighbours():
    system = learned("x' = y\ny' = -sin(x) + [?](x, y, t)", term(3, 33, 7, 1))
    for method in ("tsit5", "rodas4"):
        together = dynamics.simulate_many(system, STATES, t_span=(0, 3), method=method).y
        alone = [dynamics.simulate_many(system, state[None], t_span=(0, 3), method=method).y[0] for state in STATES[:5]]
        np.testing.assert_array_equal(together[:5], alone)
    together = dynamics.jacobian(system, STATES)
    np.testing.assert_array_equal(together[:3], [dynamics.jacobian(system, state[None])[0] for state in STATES[:3]])


def test_definitions_know_their_terms():
    system = learned("x' = y\ny' = -g\ng = 2*[?](x, y)", term(2, 1, weights=LINEAR))
    solution = dynamics.simulate(system, t_span=(0, 1))
    x, y = solution.y
    np.testing.assert_allclose(solution["g"], 2 * (-1.5 * x - 0.25 * y + 0.5), rtol=1e-13)


def test_a_term_of_parameters_alone():
    system = learned("x' = [?](a)*x\na = 2", term(1, 1, weights=[0.5, -2.0]))
    np.testing.assert_allclose(dynamics.simulate(system, t_span=(0, 1), initial={"x": 1.0}).y[0, -1], np.exp(-1), 1e-6)


def test_what_is_not_trained_is_zero():
    system = typed("x' = -x + [?](x)")
    np.testing.assert_array_equal(dynamics.evaluate(system, [[2.0]]), [[-2.0]])


def test_no_weights_and_no_sizes_compile_anything(monkeypatch):
    text = "x' = y\ny' = -sin(x) + [?](x, y)"
    systems = [learned(text, term(2, 32, 1)), learned(text, term(2, 5, 70, 1, seed=1, activation=Activation.SILU))]

    def use(system):
        dynamics.evaluate(system, STATES)
        return [dynamics.simulate_many(system, STATES, t_span=(0, 1), method=m).y for m in ("tsit5", "rodas4")]

    use(systems[0])
    wait_for_workshop()

    def refuse(*_):
        raise AssertionError("something is compiled")

    monkeypatch.setattr(program, "compile_module", refuse)
    monkeypatch.setattr(kernels_evaluate, "compile_module", refuse)
    one, other = (use(system)[0] for system in systems)
    assert np.abs(one - other).max() > 0.01


def test_the_tools_work_on_it():
    text = "x' = y\ny' = -sin(x) {}"
    system = learned(text.format("+ [?](y)"), term(1, 1, weights=[-0.3, 0.0]))
    known = typed(text.format("- 0.3*y"))
    bounds = {"x": (-4, 4), "y": (-2, 2)}
    one, other = (dynamics.equilibria(s, bounds) for s in (system, known))
    assert [e.kind for e in one] == [e.kind for e in other]
    np.testing.assert_allclose([e.eigenvalues for e in one], [e.eigenvalues for e in other], atol=1e-10)


def test_networks_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="need 97 weights"):
        field_of(learned("x' = [?](x, x)", msgspec.structs.replace(term(2, 1), layers=(2, 24, 1))))
    with pytest.raises(ValueError, match="need a mean and a scale"):
        field_of(learned("x' = [?](x)", msgspec.structs.replace(term(1, 1), mean=())))
    with pytest.raises(ModelError, match="does not fit a network"):
        field_of(learned("x' = [?](x)", term(2, 1)))


@pytest.mark.parametrize("activation", Activation)
def test_the_interpreter_agrees_with_native_code(activation):
    system = learned(
        "x' = sin([?](x*y, a, t))*y\ny' = x + [?](a)\na = 0.4",
        term(3, 5, 4, 1, seed=1, activation=activation),
        term(1, 7, 1, seed=2, activation=activation),
    )
    model = expr.model(system)
    networks = [DenseNetwork(one) for one in system.terms]
    entries = [node for row in model.jacobian for node in row]
    for outputs, exact in ((model.rhs, dynamics.evaluate), (entries, dynamics.jacobian)):
        interpreter = Program(model.tape(outputs), networks)
        found = interpreter.run(interpreter.prepare(np.array([0.4])), 0.3, STATES.T)
        expected = exact(system, STATES, 0.3).reshape(len(STATES), -1).T
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13)


def test_its_equilibria_are_continued():
    system = learned("x' = r + [?](x) - 2*x\nr = 0.5", term(1, 1, weights=[0.5, 0.25]))
    branch = continue_equilibria(system, "r", (0.0, 3.0)).branches[0]
    np.testing.assert_allclose(branch.states[0], (branch.parameter + 0.25) / 1.5, atol=1e-9)
