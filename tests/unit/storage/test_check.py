"""Semantic checks: each fault in a file is found, named by its path, and refused."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from odeplayground.spec import Array
from odeplayground.storage import project
from odeplayground.storage.decode import encode
from odeplayground.storage.errors import FileProblem

BAD_ARRAY = encode(Array.of(np.full(17, math.nan)))
SHORT_ARRAY = encode(Array.of(np.zeros(3)))
BACKWARD = encode(Array.of(np.array([0.0, 2.0, 1.0, 3.0])))
ONE = encode(Array.of(np.zeros(1)))

FAULTS = [
    ("selected", 9),
    ("selected", -1),
    ("starts", [[1.0, 2.0], [1.0]], "starts[1]"),
    ("view.x", "theta; omega"),
    ("view.x", "theta +"),
    ("view.y", "d"),
    ("view.y", "theta"),
    ("view.held", {"z": 1.0}, "view"),
    ("view.x_range", [1.0, 1.0]),
    ("view.y_range", [2.0, 1.0]),
    ("solver.rtol", 0.0),
    ("solver.rtol", 1.5),
    ("solver.atol", -1e-9),
    ("solver.step", 0.0),
    ("solver.t_span", [5.0, 5.0]),
    ("series.t_range", [2.0, 1.0]),
    ("series.delay", -1.0),
    ("series.expressions", ["x"] * 9),
    ("plan.n_trajectories", 0),
    ("plan.n_points", 1),
    ("plan.n_points", 10**12),
    ("plan.noise", -0.1),
    ("plan.seed", -1),
    ("plan.t_span", [1.0, 0.0]),
    ("training.hidden", [32, 0], "training"),
    ("training.hidden", [1] * 1000),
    ("training.epochs", 0, "training"),
    ("training.epochs", 10**9),
    ("training.learning_rate", 0.0, "training"),
    ("training.held_out", 1.0, "training"),
    ("training.seed", -1, "training"),
    ("run.spec.epochs", 0, "run.spec"),
    ("run.best_epoch", -1),
    ("run.seconds", -0.5),
    ("run.samples.noise", -0.5),
    ("run.samples.states", ["omega", "theta"]),
    ("run.samples.times", [], "run.samples.values"),
    ("run.samples.times", [ONE], "run.samples.values[0]"),
    ("run.samples.times", [BACKWARD], "run.samples.times[0]"),
    ("run.samples.times", [encode(Array.of(np.zeros((2, 2))))], "run.samples.times[0]"),
    ("run.samples.values", [encode(Array.of(np.full((2, 4), math.inf)))], "run.samples.values[0]"),
    ("run.samples.starts", [[0.0, 0.0], [1.0, 1.0]]),
    ("run.samples.starts", [[0.0]], "run.samples.starts[0]"),
    ("run.field.states", ["x", "y"]),
    ("run.field.layers", [2, 4, 2], "run.field.weights"),
    ("run.field.layers", [2, -3, 2]),
    ("run.field.layers", [3, 3, 2]),
    ("run.field.layers", []),
    ("run.field.weights", BAD_ARRAY),
    ("run.field.weights", SHORT_ARRAY),
    ("run.field.weights", {"shape": [2], "data": "AAAA"}),
    ("run.field.weights", {"shape": [-1], "data": ""}),
    ("run.field.mean", [0.0]),
    ("run.field.scale_in", [1.0, 0.0]),
    ("run.field.scale_out", [1.0, 1.0, 1.0]),
    ("run.field.initial", []),
    ("run.field.t_span", [1.0, 0.0]),
    ("system.t_span", [1.0, 0.0]),
    ("system.variables", []),
    ("system.variables", [{"name": "x", "rhs": "x +"}], "system"),
    ("system.variables", [{"name": "x", "rhs": "y"}], "system"),
    ("system.variables", [{"name": "x", "rhs": "1\ny' = 2"}], "system"),
    ("system.variables", [{"name": "x", "rhs": "1 # comment"}, {"name": "x", "rhs": "1"}], "system"),
    ("system.variables", [{"name": "import os", "rhs": "1"}], "system"),
    ("system.variables", [{"name": "", "rhs": ""}], "system"),
    ("system.definitions", [{"name": "q", "text": "q + 1"}], "system"),
    ("system.definitions", [{"name": "theta", "text": "1"}], "system"),
    ("system.constants", [{"name": "b", "value": 1.0}], "system"),
    ("system.constants", [{"name": "b", "value": 1.0, "low": 0.0}, {"name": "c", "value": 1.0}], "system.constants[0]"),
    (
        "system.constants",
        [{"name": "b", "value": 1.0, "low": 3.0, "high": 2.0}, {"name": "c", "value": 1.0}],
        "system.constants[0].low",
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault[0]}={str(fault[1])[:20]}")
def test_a_fault_is_found_and_named(trained, fault):
    field, value, *where = fault
    document = json.loads(project.to_bytes(trained))
    *parents, last = ("experiment." + field).split(".")
    target = document
    for parent in parents:
        target = target[parent]
    target[last] = value
    with pytest.raises(FileProblem) as caught:
        project.from_bytes(json.dumps(document).encode())
    found = [problem.split(": ")[0] for problem in caught.value.problems]
    assert f"$.experiment.{where[0] if where else field}" in found
    assert all(problem.endswith((".", "?")) for problem in caught.value.problems)


def test_all_faults_are_told_at_once(trained):
    document = json.loads(project.to_bytes(trained))
    inside = document["experiment"]
    inside["selected"] = 9
    inside["solver"]["rtol"] = -1.0
    inside["run"]["field"]["mean"] = []
    with pytest.raises(FileProblem) as caught:
        project.from_bytes(json.dumps(document).encode())
    assert len(caught.value.problems) == 3


def test_a_system_is_read_anew_and_gets_its_canonical_text(experiment):
    document = json.loads(project.to_bytes(experiment))
    variables = document["experiment"]["system"]["variables"]
    variables[0]["rhs"] = "(( omega ))"
    assert project.from_bytes(json.dumps(document).encode()) == experiment


def test_without_starting_points_the_systems_own_one_is_taken(experiment):
    document = json.loads(project.to_bytes(experiment))
    document["experiment"] |= {"starts": [], "selected": 0}
    assert project.from_bytes(json.dumps(document).encode()).starts == (experiment.system.initial,)
