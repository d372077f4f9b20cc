"""Rosenbrock steps: stiff problems, the linear algebra, the derivative by time."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import expr
from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.kernels.program import equations_of, make_kernel
from odeplayground.dynamics.kernels.run import solve
from odeplayground.dynamics.kernels.tableaus import RODAS4
from tests.unit.dynamics.kernels.driving import batch, kernel
from tests.unit.dynamics.systems import PENDULUM, ROBERTSON, VAN_DER_POL, typed


def test_robertson():
    """Reference values: Hairer, Wanner, Solving ODEs II, the ROBER problem."""
    times = np.array([40.0, 1e11])
    robertson = batch(ROBERTSON, (0, 1e11), times=times, rtol=1e-7, atol=np.array([[1e-10], [1e-14], [1e-10]]))
    result = solve(kernel(ROBERTSON, "rodas4"), robertson)
    assert result.endings[0] == Ending.FINISHED
    assert result.steps[0] < 2000
    np.testing.assert_allclose(result.samples[0, :, 0], [0.7158, 9.186e-6, 0.2842], rtol=1e-3)
    np.testing.assert_allclose(
        result.samples[0, :, 1], [0.2083340149701255e-7, 0.8333360770334713e-13, 0.9999999791665050], rtol=1e-4
    )
    assert result.y[:, 0].sum() == pytest.approx(1, abs=1e-6)


def test_van_der_pol():
    """Reference values: Mazzia, Magherini, Test Set for IVP Solvers, problem VDPOL, in our units of time."""
    result = solve(kernel(VAN_DER_POL, "rodas4"), batch(VAN_DER_POL, (0, 2000), rtol=1e-7, atol=1e-9))
    assert result.endings[0] == Ending.FINISHED
    assert result.steps[0] < 5000
    np.testing.assert_allclose(result.y[:, 0], [1.706167732170469, -0.8928097010248125e-3], rtol=1e-5)


def test_a_driven_stiff_system():
    """Prothero and Robinson (1974): the solution is the drive, whatever the stiffness."""
    problem = typed("x' = -k*(x - sin(t)) + cos(t)\nk = 1\nx(0) = 0")
    rates = np.array([[1.0, 1e3, 1e6, 1e9]])
    result = solve(kernel(problem, "rodas4"), batch(problem, (0, 10), np.zeros((4, 1)), parameters=rates))
    np.testing.assert_allclose(result.y[0], np.sin(10), atol=1e-5)
    assert (result.steps < 1000).all()


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_linear_systems_that_need_pivots(n):
    """The diagonal nearly cancels 1/(gamma h) somewhere; the exact solution is a matrix exponential."""
    from scipy.linalg import expm

    matrix = np.random.default_rng(n).normal(size=(n, n)) * 3
    rows = [f"x{i}' = " + " + ".join(f"({float(a)!r})*x{j}" for j, a in enumerate(row)) for i, row in enumerate(matrix)]
    system = typed("\n".join(rows))
    start = np.random.default_rng(n + 50).normal(size=(5, n))
    result = solve(kernel(system, "rodas4"), batch(system, (0, 1), start, rtol=1e-10, atol=1e-12))
    exact = expm(matrix) @ start.T
    np.testing.assert_allclose(result.y, exact, rtol=1e-6, atol=1e-7 * np.abs(exact).max())


def test_rows_are_swapped_where_the_pivot_is_zero():
    """With h = 1/(4 gamma) fixed by a rotation-like Jacobian, elimination without pivots would divide by zero."""
    mixing = typed("x' = 4*x + 1e8*y - 1e8*z\ny' = -1e8*x - y\nz' = 1e8*x - z\nx(0) = 0\ny(0) = 1\nz(0) = 1")
    result = solve(kernel(mixing, "rodas4"), batch(mixing, (0, 1)))
    assert result.endings[0] == Ending.FINISHED
    np.testing.assert_allclose(result.y[1:, 0], np.exp(-1), rtol=1e-4)


def test_derivatives_have_to_be_there():
    with pytest.raises(ValueError, match="rodas4 needs the derivatives"):
        make_kernel(equations_of(expr.model(PENDULUM)), RODAS4)
