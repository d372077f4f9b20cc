"""Tables say what they hold and give back the very same numbers."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.storage import presets, solution_table

ABOUT = {"name": "Damped pendulum", "equations": "x' = y\ny' = -x", "parameters": {"b": 0.1 + 0.2}}


@pytest.fixture(scope="module")
def solutions():
    experiment = presets.load("pendulum").experiment
    return [dynamics.simulate(experiment.system, (0.0, 2.0), start) for start in experiment.starts[:2]]


def test_a_table_of_several_names_the_trajectory_in_every_line(solutions):
    lines = solution_table.csv_bytes(solutions, [1, 5], ABOUT).decode().splitlines()
    comments = [line for line in lines if line.startswith("#")]
    assert comments[:3] == ["# name: Damped pendulum", "# equations: x' = y", "# equations: y' = -x"]
    assert json.loads(comments[3].partition(": ")[2]) == {"b": 0.1 + 0.2}
    rows = list(csv.DictReader(lines[len(comments) :]))
    for number, solution in zip((1, 5), solutions, strict=True):
        mine = [row for row in rows if row["trajectory"] == str(number)]
        assert [float(row["omega"]) for row in mine] == solution["omega"].tolist()
        assert [float(row["t"]) for row in mine] == solution.t.tolist()


def test_a_single_one_is_a_plain_table(solutions):
    data = solution_table.csv_bytes(solutions[:1], [1], None)
    assert data.startswith(b"t,theta,omega\n")
    table = np.genfromtxt(io.BytesIO(data), delimiter=",", names=True)
    assert np.array_equal(table["theta"], solutions[0]["theta"])


def test_arrays_come_back_bit_for_bit_and_without_pickle(solutions):
    data = solution_table.npz_bytes(solutions, [1, 2], ABOUT)
    with np.load(io.BytesIO(data), allow_pickle=False) as found:
        assert found["names"].tolist() == ["theta", "omega"]
        assert np.array_equal(found["t2"], solutions[1].t)
        assert np.array_equal(found["y1"], solutions[0].y)
        assert json.loads(str(found["about"])) == ABOUT
