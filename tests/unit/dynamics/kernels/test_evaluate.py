"""Tapes at many states: shapes, tails, and one set of parameters or many."""

import numpy as np
import pytest

from odeplayground import expr
from odeplayground.dynamics.kernels import evaluate
from odeplayground.dynamics.kernels.compile import Code, Level, compile_module
from odeplayground.dynamics.kernels.evaluate import native_function
from odeplayground.expr.graph import Node, Op, Tape
from tests.unit.dynamics.systems import typed

SYSTEM = typed("x' = a*x - x*y + t\ny' = x*y - b*y\na = 2\nb = 0.5")


def expected(t, y, p):
    return np.stack([p[0] * y[0] - y[0] * y[1] + t, y[0] * y[1] - p[1] * y[1]])


@pytest.fixture(scope="module")
def function():
    model = expr.model(SYSTEM)
    return native_function(model.tape(model.rhs), 2, 2)


@pytest.mark.parametrize("m", [0, 1, 3, 8, 9, 15, 16, 17, 100])
def test_any_number_of_states(function, m):
    rng = np.random.default_rng(m)
    y, p, t = rng.normal(size=(2, m)), rng.normal(size=(2, m)), rng.normal(size=m)
    np.testing.assert_allclose(function(t, y, p), expected(t, y, p), rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(function(0.5, y, p), expected(0.5, y, p), rtol=1e-13, atol=1e-14)
    shared = np.array([2.0, 0.5])
    np.testing.assert_allclose(function(t, y, shared), expected(t, y, shared), rtol=1e-13, atol=1e-14)


def test_arrays_of_any_layout(function):
    rng = np.random.default_rng(0)
    y = rng.normal(size=(40, 4)).T[::2]
    p = np.asfortranarray(rng.normal(size=(2, 40)))
    np.testing.assert_allclose(function(1, y, p), expected(1, y, p), rtol=1e-13, atol=1e-14)


def test_jacobians():
    model = expr.model(SYSTEM)
    jacobian = native_function(model.tape([node for row in model.jacobian for node in row]), 2, 2)
    y = np.random.default_rng(0).normal(size=(2, 21))
    result = jacobian(0.0, y, np.array([2.0, 0.5])).reshape(2, 2, 21)
    np.testing.assert_allclose(result, [[2 - y[1], -y[0]], [y[1], y[0] - 0.5]], rtol=1e-14)


@pytest.mark.parametrize(
    ("y", "p"), [(np.zeros(2), np.zeros(2)), (np.zeros((3, 4)), np.zeros(2)), (np.zeros((2, 4)), np.zeros((2, 3)))]
)
def test_wrong_shapes_are_refused(function, y, p):
    with pytest.raises(ValueError, match="must have the shape"):
        function(0.0, y, p)


@pytest.mark.parametrize(("outputs", "level"), [(10, Level.OPTIMISED), (900, Level.QUICK)])
def test_large_tapes_are_compiled_quickly(outputs: int, level: Level, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another thread may be waiting to compile an edited equation."""
    seen = []

    def spy(module: object, features: object, level: Level) -> Code:
        seen.append(level)
        return compile_module(module, features, level)

    monkeypatch.setattr(evaluate, "compile_module", spy)
    tape = Tape((Node(Op.STATE, (), index=0), Node(Op.SIN, (0,))), (0, 1) * (outputs // 2))
    values = native_function(tape, 1, 0)(0.0, np.ones((1, 3)), np.empty(0))
    np.testing.assert_allclose(values, np.tile([[1.0], [np.sin(1.0)]], (outputs // 2, 3)), rtol=1e-15)
    assert seen[-1] is level
