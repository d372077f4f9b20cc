"""Kernels that another start of the program has compiled."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from llvmlite import ir

from odeplayground import kept_code
from odeplayground.dynamics.kernels import compile as compiling
from odeplayground.dynamics.kernels.compile import Level, compile_module, compile_written
from odeplayground.dynamics.kernels.features import host_features
from odeplayground.dynamics.kernels.keeping import Kept
from tests.unit.dynamics.kernels.test_compile import call, square_plus

SOLVE = """
import sys
from pathlib import Path
import numpy as np
from odeplayground import dynamics, expr, kept_code
from odeplayground.dynamics.kernels import compile as compiling

read, compiled = compiling._read, []
compiling._read = lambda *a: compiled.append(a[2]) or read(*a)
kept_code.use(Path(sys.argv[1]))
system = expr.parse("x' = y\\ny' = -sin(x)").system
ends = dynamics.simulate_many(system, np.array([[1.0, 0.0], [1e5, 2.0]]), rtol=1e-9)
lines = dynamics.streamlines(system, "x", "y", (-3, 3), (-3, 3))
print(len(compiled), ends.y.tobytes().hex(), sum(line.sum() for line in lines).hex())
"""


@pytest.fixture
def shelf(tmp_path):
    kept_code.use(tmp_path)
    yield
    kept_code.use(None)


@pytest.fixture
def compiled(monkeypatch):
    """A list of what LLVM was given."""
    texts: list[str] = []
    read = compiling._read
    monkeypatch.setattr(compiling, "_read", lambda *a: texts.append(a[0]) or read(*a))
    return texts


def test_another_start_compiles_nothing_and_computes_the_same_bits(tmp_path):
    first, second = (
        subprocess.run([sys.executable, "-c", SOLVE, tmp_path], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    )
    assert int(first.split()[0]) > 0
    assert second.split() == ["0", *first.split()[1:]]


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("level", list(Level))
def test_the_same_text_is_compiled_once(compiled, level):
    codes = [compile_module(square_plus(1.0), host_features(), level) for _ in range(2)]
    other = compile_module(square_plus(2.0), host_features(), level)
    assert [call(code, 3.0) for code in (*codes, other)] == [10, 10, 11]
    assert len(compiled) == 2


@pytest.mark.usefixtures("shelf", "compiled")
def test_a_module_that_is_known_is_not_written():
    written = []

    def write() -> ir.Module:
        written.append(1)
        return square_plus(1.0)

    for what in ("one", "one", "two"):
        assert call(compile_written(write, what, host_features(), Level.QUICK), 3.0) == 10
    assert len(written) == 2


def test_an_unknown_symbol_is_found_before_the_code_is_loaded():
    assert Kept(["f"], [], b"").complete
    assert not Kept(["f"], ["odeplayground.no.such.symbol"], b"").complete


def test_packed_code_comes_back():
    kept = Kept.of(Kept(["f", "g"], ["h"], np.arange(5).tobytes()).packed())
    assert (kept.names, kept.wanted, kept._content) == (("f", "g"), ("h",), np.arange(5).tobytes())
    assert Kept.of(Kept([], [], b"").packed()).names == ()
