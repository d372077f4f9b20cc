"""Learned terms and structured networks in project files."""

from __future__ import annotations

import json

import msgspec
import numpy as np
import pytest

from odeplayground import expr
from odeplayground.spec import Activation, Array, Experiment, LearnedTerm, Structure, System
from odeplayground.storage import project
from odeplayground.storage.errors import FileProblem

TERM = LearnedTerm((2, 3, 1), Activation.SILU, Array.of(np.linspace(-1, 1, 13)), (0.1, 0.2), (1.0, 2.0), 0.5)


def half_known() -> System:
    text = "theta' = omega\nomega' = [?](theta) - b*omega + f\nf = 2*[?](theta, omega)\nb = 0.2"
    system = expr.parse(text).system
    assert system is not None
    return msgspec.structs.replace(system, terms=(None, TERM))


@pytest.fixture
def learned(experiment: Experiment) -> Experiment:
    system = half_known()
    return msgspec.structs.replace(experiment, system=system, text=expr.format_system(system), values={}, run=None)


def test_learned_terms_come_back(learned: Experiment) -> None:
    assert project.from_bytes(project.to_bytes(learned)) == learned


@pytest.mark.parametrize(
    ("term", "path"),
    [
        ({"layers": [3, 3, 1]}, "terms[1].layers"),
        ({"layers": [2, 3, 2]}, "terms[1].layers"),
        ({"layers": [2, 4, 1]}, "terms[1].weights"),
        ({"mean": [0.0]}, "terms[1].mean"),
        ({"scale_in": [1.0, 0.0]}, "terms[1].scale_in"),
        ({"scale_out": "much"}, "terms[1].scale_out"),
        ({"activation": "relu"}, "terms[1].activation"),
        ({"by": 2}, "terms[1].by"),
        ({"other": 1}, "terms[1].other"),
    ],
)
def test_faulty_terms_are_refused(learned: Experiment, term: dict[str, object], path: str) -> None:
    document = json.loads(project.to_bytes(learned))
    document["experiment"]["system"]["terms"][1] |= term
    with pytest.raises(FileProblem) as caught:
        project.from_bytes(json.dumps(document).encode())
    assert any(problem.startswith(f"$.experiment.system.{path}") for problem in caught.value.problems)


def test_more_terms_than_the_equations_have_are_refused(learned: Experiment) -> None:
    document = json.loads(project.to_bytes(learned))
    document["experiment"]["system"]["terms"].append(None)
    with pytest.raises(FileProblem, match="Expected 2 at most"):
        project.from_bytes(json.dumps(document).encode())


def structured(trained: Experiment) -> Experiment:
    assert trained.run is not None
    layers = (4, 2, 1)
    field = msgspec.structs.replace(
        trained.run.field,
        layers=layers,
        weights=Array.of(np.linspace(-1, 1, 13)),
        mean=(0.0,) * 4,
        scale_in=(1.0,) * 4,
        scale_out=(1.0,),
        structure=Structure.HAMILTONIAN,
        pairs=(("theta", "omega"),),
        angles=("theta",),
        time_input=True,
        friction=(0.1,),
    )
    return msgspec.structs.replace(trained, run=msgspec.structs.replace(trained.run, field=field))


def test_structured_networks_come_back(trained: Experiment) -> None:
    experiment = structured(trained)
    assert project.from_bytes(project.to_bytes(experiment)) == experiment


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ({"pairs": [["theta", "phi"]]}, "run.field.structure"),
        ({"structure": "plain"}, "run.field.structure"),
        ({"structure": "chaotic"}, "run.field.structure"),
        ({"friction": [0.1, 0.2]}, "run.field.structure"),
        ({"time_input": False}, "run.field.layers"),
        ({"scale_out": [1.0, 1.0]}, "run.field.scale_out"),
    ],
)
def test_faulty_structures_are_refused(trained: Experiment, field: dict[str, object], path: str) -> None:
    document = json.loads(project.to_bytes(structured(trained)))
    document["experiment"]["run"]["field"] |= field
    with pytest.raises(FileProblem) as caught:
        project.from_bytes(json.dumps(document).encode())
    assert any(problem.startswith(f"$.experiment.{path}") for problem in caught.value.problems)
