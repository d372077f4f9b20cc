import msgspec
import numpy as np
import pytest

import odeplayground as odp
from odeplayground.dynamics.distil.places import RADIUS, near_samples
from odeplayground.dynamics.distil.terms import replaced
from odeplayground.dynamics.distil.writing import Naming, with_numbers
from odeplayground.spec import Activation, Array, LearnedTerm, Samples

PLACES = np.random.default_rng(0).uniform(0.5, 2, (200, 2))


def constant(count, value):
    weights = Array.of(np.array([0.0] * count + [value]))
    return LearnedTerm((count, 1), Activation.TANH, weights, (0.0,) * count, (1.0,) * count, 1.0)


def test_sums_are_written_as_in_equations():
    summands = [(-1.0, "1"), (2.5, "x"), (1.0, "x*y"), (-0.25, "y^2")]
    assert with_numbers(summands) == "-1 + 2.5*x + x*y - 0.25*y^2"
    assert with_numbers([]) == "0"


def test_coefficients_get_names_that_are_free_and_positive_values():
    naming = Naming(["a", "x", "y"])
    assert naming.expression([(-1.0, "1"), (-2.5, "x"), (0.25, "y^2")]) == "-1 - b*x + c*y^2"
    assert naming.expression([(3.0, "1")]) == "d"
    assert naming.expression([(3.0, "x")]) == "f*x"  # e is Euler's number
    assert [one.value for one in naming.parameters] == [2.5, 0.25, 3.0, 3.0]


def test_expressions_take_the_place_of_terms_in_their_order():
    system = odp.parse("x' = -[?](x)*(1 + [?](x, y/(1 + x))) + u\ny' = exp([?](y))\nu = 2*[?](t) - x")
    found = replaced(system, ["A + x", "B", "C", "D"])
    assert [one.rhs for one in found.variables] == ["-(A + x)*(1 + (B)) + u", "exp((C))"]
    assert found.definitions[0].text == "2*(D) - x"


def test_the_rest_of_the_equations_stays_and_parameters_are_those_given():
    system = odp.parse("x' = k*[?](x, y)\ny' = -y + 2*[?](y)\nk = 3")
    system = msgspec.structs.replace(system, terms=(constant(2, 1.5), constant(1, -1.0)))
    found = odp.distil(system, PLACES, parameters={"k": 7.0})
    assert found.best.parts == (("[?](x, y)", "1.5"), ("[?](y)", "-1"))
    assert [one.rhs for one in found.best.system.variables] == ["k*1.5", "-y + 2*(-1)"]
    assert dict(zip(found.best.system.parameters, found.best.system.values, strict=True)) == {"k": 7.0}
    assert odp.parse(found.best.text).parameters == ("k", "a")


def test_terms_that_cannot_be_told_are_refused_with_a_sentence():
    inner = msgspec.structs.replace(odp.parse("x' = [?]([?](x))\ny' = y"), terms=(constant(1, 1.0),) * 2)
    with pytest.raises(ValueError, match="inside of another"):
        odp.distil(inner, PLACES)
    with pytest.raises(ValueError, match="not learned yet"):
        odp.distil(odp.parse("x' = [?](x)\ny' = y"), PLACES)
    hidden = msgspec.structs.replace(odp.parse("x' = u\ny' = y\nu = [?](x)"), terms=(constant(1, 1.0),))
    with pytest.raises(ValueError, match="depend on what was learned"):
        odp.distil(hidden, PLACES, extra=["u^2"])


def test_a_field_at_rest_is_zero():
    found = odp.distil(odp.parse("x' = 0*x\ny' = y"), PLACES)
    assert found.best.parts == (("x'", "0"), ("y'", "y"))


def test_bad_input_is_told():
    system = odp.preset("van-der-pol")
    with pytest.raises(ValueError, match="no state called z"):
        odp.distil(system, PLACES, angles=["z"])
    with pytest.raises(ValueError, match="only 20 places"):
        odp.distil(system, PLACES[:20])
    with pytest.raises(ValueError, match=r"shape \(m, 2\)"):
        odp.distil(system, PLACES[:, :1])
    with pytest.raises(ValueError, match="At least one term"):
        odp.distil(system, PLACES, most=0)


def test_places_lie_in_the_tube_and_evenly_along_it():
    t = np.linspace(0, 1, 50) ** 3  # slow at first
    line = np.stack([10 * t, np.full(50, 2.0)])
    line[0, 7] = np.nan
    states, times = near_samples(Samples(("x", "y"), (Array.of(t),), (Array.of(line),)), 2000)
    deviation = np.nanstd(line[0])
    assert np.all(states[:, 1] == 2.0)
    assert np.abs(states[:, 0] - 10 * times).max() <= RADIUS * deviation * 1.1
    assert np.all(np.diff(times) >= 0)
    assert np.histogram(states[:, 0], 4, (0, 10))[0] == pytest.approx(np.full(4, 500), rel=0.3)
    with pytest.raises(ValueError, match="No sample"):
        near_samples(Samples(("x", "y"), (Array.of(t),), (Array.of(line * np.nan),)))
