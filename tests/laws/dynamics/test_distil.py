"""Equations come back from fields: exactly from exact ones, nearly from those that are a little off."""

import msgspec
import numpy as np
import pytest

import odeplayground as odp
from odeplayground.dynamics.distil.places import near_samples
from odeplayground.spec import Activation, Array, LearnedTerm, Samples

ANGLES = {"pendulum": ("theta",)}
SYSTEMS = ("lotka-volterra", "pendulum", "lorenz")


def samples_of(system):
    """The system's own trajectory and two beside it."""
    begin, end = system.t_span
    t = np.linspace(begin, 0.5 * (begin + end), 120)
    starts = np.array(system.initial) * np.array([[1.0], [0.8], [1.3]]) + [[0.0], [0.1], [-0.2]]
    values = odp.simulate_many(system, starts, t_span=(t[0], t[-1]), t_eval=t).y
    assert np.isfinite(values).all()
    return Samples(system.states, (Array.of(t),) * 3, tuple(Array.of(np.ascontiguousarray(y)) for y in values))


def rippled(system, samples, share):
    """The system with waves added to each right-hand side, of this share of its root mean square near the samples."""
    states, _ = near_samples(samples)
    size = np.sqrt(np.mean(odp.evaluate(system, states) ** 2, axis=0))
    waves = [f"{5 / states[:, k].std():.9g}*{name}" for k, name in enumerate(system.states)]
    sides = (
        f"{one.rhs} + {share * np.sqrt(2) * size[k]:.9g}*sin({' + '.join(waves)} + {1.7 * k})"
        for k, one in enumerate(system.variables)
    )
    return msgspec.structs.replace(
        system,
        variables=tuple(
            msgspec.structs.replace(one, rhs=rhs) for one, rhs in zip(system.variables, sides, strict=True)
        ),
    )


def assert_same_field(found, system, samples, within):
    states, _ = near_samples(samples, seed=1)
    assert odp.evaluate(found, states) == pytest.approx(odp.evaluate(system, states), rel=within, abs=1e-4)


@pytest.mark.parametrize("name", SYSTEMS)
def test_an_exact_field_gives_its_equations_exactly(name):
    system = odp.preset(name)
    samples = samples_of(system)
    found = odp.distil(system, samples, angles=ANGLES.get(name, ()))
    assert found.best.error < 1e-9
    assert_same_field(found.best.system, system, samples, 1e-5)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lotka-volterra", {"x'": {"x": 0.55, "x*y": -0.028}, "y'": {"y": -0.8, "x*y": 0.024}}),
        ("pendulum", {"theta'": {"omega": 1}, "omega'": {"sin(theta)": -5, "omega": -0.25}}),
        ("lorenz", {"x'": {"x": -10, "y": 10}, "y'": {"x": 28, "y": -1, "x*z": -1}, "z'": {"z": -8 / 3, "x*y": 1}}),
    ],
)
def test_a_field_that_is_two_percent_off_gives_the_same_terms_and_nearly_their_coefficients(name, expected):
    system = odp.preset(name)
    samples = samples_of(system)
    found = odp.distil(rippled(system, samples, 0.02), samples, angles=ANGLES.get(name, ()))
    best = dict(found.best.parts)
    assert {side: set(_summands(text)) for side, text in best.items()} == {k: set(v) for k, v in expected.items()}
    for side, terms in expected.items():
        assert _summands(best[side]) == pytest.approx(terms, rel=0.05)
    assert 0.01 < found.best.error < 0.03


def _summands(text):
    """Coefficients by term of a text such as ``0.5*x - x*y``."""
    found = {}
    for piece in text.replace(" - ", " + -").split(" + "):
        sign, piece = (-1.0, piece[1:]) if piece.startswith("-") else (1.0, piece)
        head, _, rest = piece.partition("*")
        number = head[0].isdigit()
        found[rest if number else piece] = sign * (float(head) if number else 1.0)
    return found


def test_a_learned_term_comes_back_as_the_predation_that_it_learned():
    whole = odp.preset("lotka-volterra")
    samples = samples_of(whole)
    text = "x' = a*x - [?](x, y)\ny' = d*x*y - c*y\na = 0.55\nd = 0.024\nc = 0.8\nx(0) = 34\ny(0) = 6"
    system = msgspec.structs.replace(odp.parse(text), terms=(learned_product(0.028, samples),))
    found = odp.distil(system, samples)
    assert [name for name, _ in found.best.parts] == ["[?](x, y)"]
    assert _summands(found.best.parts[0][1]) == pytest.approx({"x*y": 0.028}, rel=0.05)
    assert "[?]" not in found.best.text
    states, _ = near_samples(samples)
    assert odp.evaluate(odp.parse(found.best.text), states) == pytest.approx(odp.evaluate(found.best.system, states))


def learned_product(factor, samples):
    """A network of two arguments that is nearly their product times a factor near the samples; 2 % off."""
    states, _ = near_samples(samples, 1000, seed=3)
    numbers = np.random.default_rng(0)
    mean, scale = states.mean(axis=0), states.std(axis=0)
    inner, bias = numbers.normal(size=(30, 2)), numbers.normal(size=30)
    hidden = np.tanh((states - mean) / scale @ inner.T + bias)
    target = factor * states[:, 0] * states[:, 1] * (1 + 0.02 * np.sin(5 * states[:, 0] / scale[0]))
    outer = np.linalg.lstsq(np.column_stack([hidden, np.ones(len(hidden))]), target, rcond=None)[0]
    weights = Array.of(np.concatenate([inner.ravel(), bias, outer]))
    return LearnedTerm((2, 30, 1), Activation.TANH, weights, tuple(mean), tuple(scale), 1.0)


def test_terms_of_ones_own_are_found():
    system = odp.parse("x' = 0.3 - 2*x/(1 + x)\nx(0) = 4\nt in [0, 10]")
    states = np.linspace(0.1, 5, 400)[:, None]
    found = odp.distil(system, states, extra=["x/(1 + x)"])
    assert found.best.size == 2
    assert odp.evaluate(found.best.system, states) == pytest.approx(odp.evaluate(system, states), abs=1e-5)


def test_more_terms_are_more_exact():
    system = odp.preset("van-der-pol")
    samples = samples_of(system)
    found = odp.distil(rippled(system, samples, 0.05), samples)
    sizes, errors = [one.size for one in found.all], [one.error for one in found.all]
    assert sizes == sorted(set(sizes))
    assert errors == sorted(errors, reverse=True)
