"""What was learned, opened as a document: it must be the same system, and a document like any other."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.session import UserError, edits
from odeplayground.session.learned_document import learned_document, why_not_open
from odeplayground.session.training_data import source
from odeplayground.spec import (
    Activation,
    AnySystem,
    Array,
    Experiment,
    FieldMode,
    LearnedSystem,
    LearnedTerm,
    Samples,
    Structure,
    System,
    TrainedRun,
    TrainSpec,
    number_of_weights,
)
from odeplayground.storage import project
from tests.unit.session.systems import experiment

PAIR = (("theta", "omega"),)


def network(structure: Structure, **known: object) -> LearnedSystem:
    numbers = np.random.default_rng(3)
    states, span = ("theta", "omega"), (0.0, 8.0)
    nothing = Array.of(np.zeros(0))
    activation = Activation.TANH if known.get("friction") else Activation.SILU
    bare = LearnedSystem(states, (), activation, nothing, (), (), (), (1.0, 0.0), span, structure, **known)  # type: ignore[arg-type]
    layers = (bare.inputs, 7, 5, bare.outputs)
    mean, scale = numbers.normal(size=bare.inputs), numbers.uniform(0.5, 2.0, bare.inputs)
    if bare.angles:  # a sine and a cosine are as they are
        mean[:2], scale[:2] = 0.0, 1.0
    return msgspec.structs.replace(
        bare,
        layers=layers,
        weights=Array.of(0.6 * numbers.normal(size=number_of_weights(layers))),
        mean=tuple(mean.tolist()),
        scale_in=tuple(scale.tolist()),
        scale_out=tuple(numbers.uniform(0.5, 2.0, bare.outputs).tolist()),
    )


def trained(field: AnySystem) -> Experiment:
    samples = Samples(field.states, (Array.of(np.arange(3.0)),), (Array.of(np.ones((2, 3))),))
    return edits.set_run(experiment(), TrainedRun(samples, TrainSpec(), field, 1, 1.0))


FIELDS = (
    network(Structure.PLAIN),
    network(Structure.PLAIN, angles=("theta",), time_input=True),
    network(Structure.SECOND_ORDER, pairs=PAIR),
    network(Structure.HAMILTONIAN, pairs=PAIR),
    network(Structure.HAMILTONIAN, pairs=PAIR, angles=("theta",), friction=(0.3,), time_input=True),
    network(Structure.HAMILTONIAN, pairs=PAIR, friction=(-0.1,)),
)


@pytest.mark.parametrize("field", FIELDS)
def test_the_document_is_the_learned_field(field: LearnedSystem) -> None:
    opened = learned_document(trained(field))
    numbers = np.random.default_rng(0)
    states, times = numbers.normal(size=(40, 2)), numbers.uniform(0.0, 8.0, 40)
    expected = dynamics.evaluate(field, states, times)
    assert np.abs(expected).max() > 0.1
    np.testing.assert_allclose(dynamics.evaluate(opened.system, states, times), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("field", FIELDS)
def test_torch_reads_the_document_as_the_same_field(field: LearnedSystem) -> None:
    torch = pytest.importorskip("torch")
    from odeplayground.neural.revive import revived

    opened = learned_document(trained(field))
    states = np.random.default_rng(0).normal(size=(10, 2))
    module, _ = revived(opened.system)
    with torch.no_grad():
        found = module(torch.tensor(2.0, dtype=torch.float64), torch.tensor(states)).numpy()
    np.testing.assert_allclose(found, dynamics.evaluate(field, states, 2.0), rtol=0, atol=1e-12)


def test_it_is_a_document_like_any_other(tmp_path: Path) -> None:
    before = edits.set_mode(trained(FIELDS[4]), FieldMode.BOTH)
    opened = learned_document(before)
    assert (opened.run, opened.preset, opened.view.mode) == (None, "", FieldMode.TRUE)
    assert opened.starts == before.starts
    assert opened.t_span == before.t_span
    project.save(opened, tmp_path / "learned.odep")
    assert project.open(tmp_path / "learned.odep") == opened


def test_terms_can_be_written_beside_the_network() -> None:
    opened = learned_document(trained(FIELDS[0]))
    pushed = edits.set_text(opened, opened.text.replace("omega' =", "omega' = push +") + "push = 0.5\n")
    states = np.random.default_rng(0).normal(size=(5, 2))
    apart = dynamics.evaluate(pushed.system, states) - dynamics.evaluate(opened.system, states)
    np.testing.assert_allclose(apart, np.tile([0.0, 0.5], (5, 1)), atol=1e-12)


def test_learned_parameters_and_terms_are_put_into_the_equations() -> None:
    start = experiment()
    text = start.text.replace("- c*sin(theta)", "- c*sin(theta) + [?](theta)")
    assert text != start.text
    typed = edits.set_text(start, text)
    term = LearnedTerm((1, 1), Activation.TANH, Array.of(np.array([0.5, 0.1])), (0.0,), (1.0,), 1.0)
    constants = tuple(msgspec.structs.replace(one, value=0.125) for one in typed.system.constants)
    field = msgspec.structs.replace(typed.system, constants=constants, terms=(term,))
    run = TrainedRun(Samples(field.states, (), ()), TrainSpec(), field, 1, 1.0)
    opened = learned_document(msgspec.structs.replace(typed, run=run))
    assert set(opened.parameters.values()) == {0.125}
    assert "0.125" in opened.text
    states = np.random.default_rng(0).normal(size=(5, 2))
    np.testing.assert_allclose(
        dynamics.evaluate(opened.system, states, parameters=opened.parameters), dynamics.evaluate(field, states)
    )
    assert isinstance(opened.system, System)


def test_there_is_a_sentence_where_nothing_was_learned() -> None:
    assert why_not_open(experiment())
    with pytest.raises(UserError, match="Train"):
        learned_document(experiment())


def test_learned_friction_has_a_slider() -> None:
    opened = learned_document(trained(FIELDS[4]))
    assert opened.parameters == {"friction": 0.3}
    free = edits.set_parameter(opened, "friction", 0.0)
    states = np.random.default_rng(0).normal(size=(5, 2))
    lossless = msgspec.structs.replace(FIELDS[4], friction=())
    found = dynamics.evaluate(free.system, states, 1.0, free.parameters)
    np.testing.assert_allclose(found, dynamics.evaluate(lossless, states, 1.0), atol=1e-12)


def test_the_samples_come_along() -> None:
    before = trained(FIELDS[0])
    opened = learned_document(before)
    assert before.run is not None
    assert opened.data is not None
    assert (opened.data.values, opened.data.source) == (before.run.samples.values, before.name)
    assert opened.plan.from_file
    assert source(opened) is opened.data
