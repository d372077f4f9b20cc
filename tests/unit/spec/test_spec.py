from __future__ import annotations

import itertools

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odeplayground import spec
from odeplayground.spec import Array, Choice, Experiment, Parameter, SolverSettings, System, Variable, View

CHOICES = [kind for kind in vars(spec).values() if isinstance(kind, type) and issubclass(kind, Choice)]

PENDULUM = System(
    variables=(Variable("theta", "omega", 1.0), Variable("omega", "-c*sin(theta)")),
    constants=(Parameter("c", 5.0, 0.0, 10.0),),
    t_span=(0.0, 10.0),
)
EXPERIMENT = Experiment("pendulum", "", PENDULUM, ((1.0, 0.0),), View("theta", "omega", (-7.0, 7.0), (-8.0, 8.0)))


@pytest.mark.parametrize("choice", [member for kind in CHOICES if kind is not Choice for member in kind])
def test_every_choice_explains_itself(choice: Choice) -> None:
    assert choice.label
    assert choice.help.endswith(".")
    assert choice == type(choice)(str(choice)) == choice.value
    assert msgspec.json.decode(msgspec.json.encode(choice), type=type(choice)) is choice


@given(st.lists(st.integers(0, 4), max_size=3))
def test_arrays_keep_shape_and_values(shape: list[int]) -> None:
    values = np.random.default_rng(1).normal(size=shape)
    array = Array.of(values)
    assert np.array_equal(np.asarray(array), values)
    decoded = msgspec.json.decode(msgspec.json.encode(array), type=Array)
    assert decoded == array
    assert hash(decoded) == hash(array)


def test_arrays_take_any_layout_but_only_float64() -> None:
    values = np.arange(6.0).reshape(2, 3)
    assert np.array_equal(np.asarray(Array.of(values.T)), values.T)
    with pytest.raises(TypeError, match="float64"):
        Array.of(values.astype(np.float32))


def test_views_of_arrays_are_read_only() -> None:
    view = np.asarray(Array.of(np.zeros(3)))
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 1.0


@pytest.mark.parametrize(("shape", "n_bytes"), [((2,), 8), ((-1,), 0), ((0, 3), 8)])
def test_arrays_refuse_a_wrong_number_of_bytes(shape: tuple[int, ...], n_bytes: int) -> None:
    with pytest.raises(ValueError, match="bytes"):
        Array(shape, b"\0" * n_bytes)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_number_of_weights_counts_matrices_and_biases(layers: list[int]) -> None:
    counted = sum(np.zeros((after, before)).size + after for before, after in itertools.pairwise(layers))
    assert spec.number_of_weights(layers) == counted


def test_systems_list_names_and_values_in_order() -> None:
    assert PENDULUM.states == ("theta", "omega")
    assert PENDULUM.initial == (1.0, 0.0)
    assert dict(zip(PENDULUM.parameters, PENDULUM.values, strict=True)) == {"c": 5.0}


def test_overrides_win_and_strangers_are_ignored() -> None:
    changed = msgspec.structs.replace(EXPERIMENT, values={"c": 2.0, "gone": 1.0})
    assert EXPERIMENT.parameters == {"c": 5.0}
    assert changed.parameters == {"c": 2.0}


def test_the_time_span_is_the_systems_own_unless_set() -> None:
    assert EXPERIMENT.t_span == (0.0, 10.0)
    assert msgspec.structs.replace(EXPERIMENT, solver=SolverSettings(t_span=(0.0, 3.0))).t_span == (0.0, 3.0)


def test_an_experiment_survives_json_and_refuses_strange_types() -> None:
    text = msgspec.json.encode(EXPERIMENT)
    assert msgspec.json.decode(text, type=Experiment) == EXPERIMENT
    broken = text.replace(b'"selected":0', b'"selected":"0"')
    with pytest.raises(msgspec.ValidationError, match="selected"):
        msgspec.json.decode(broken, type=Experiment)
