"""Solutions as comma-separated values."""

from __future__ import annotations

import io

import numpy as np
import pytest

from odeplayground import dynamics, expr
from odeplayground.storage.errors import FileProblem
from odeplayground.storage.solution_csv import write_solution

TEXT = "x' = y; y' = -x; E = x^2 + y^2; x(0) = 1; t in [0, 1]"


@pytest.fixture
def solution():
    return dynamics.simulate(expr.parse(TEXT).system, t_eval=np.linspace(0.0, 1.0, 7))


def test_the_same_numbers_come_back(solution, tmp_path):
    path = tmp_path / "out.csv"
    write_solution(path, solution)
    assert path.read_text().splitlines()[0] == "t,x,y"
    table = np.loadtxt(path, delimiter=",", skiprows=1).T
    assert np.array_equal(table[0], solution.t)
    assert np.array_equal(table[1:], solution.y)


def test_chosen_columns_into_an_open_file(solution):
    file = io.StringIO()
    write_solution(file, solution, ["E", "x"])
    lines = file.getvalue().splitlines()
    assert lines[0] == "t,E,x"
    assert len(lines) == 8
    assert float(lines[1].split(",")[1]) == pytest.approx(1.0)


def test_a_disk_that_refuses(solution, tmp_path):
    with pytest.raises(FileProblem, match="could not be written"):
        write_solution(tmp_path / "no" / "out.csv", solution)
