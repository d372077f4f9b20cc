"""Solving a learned system: the drivers call the network by its address."""

from __future__ import annotations

import gc
import weakref

import msgspec
import numpy as np
import pytest
import scipy.integrate
import scipy.linalg

from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.kernels.batch import Batch
from odeplayground.dynamics.kernels.network.evaluate import NativeNetwork
from odeplayground.dynamics.kernels.network.solver import network_kernel
from odeplayground.dynamics.kernels.run import solve
from odeplayground.dynamics.kernels.tableaus.form import Tableau
from odeplayground.dynamics.kernels.tableaus.rodas4 import RODAS4
from odeplayground.dynamics.kernels.tableaus.tsit5 import TSIT5
from odeplayground.spec import Activation, Array
from tests.unit.dynamics.kernels.test_network import dense, states

TIMES = np.linspace(0.0, 5.0, 21)


def batch(network: NativeNetwork, y0: np.ndarray, tolerance: float = 1e-9) -> Batch:
    return Batch(y0, t0=0.0, t1=5.0, parameters=network.table.parameters, rtol=tolerance, atol=tolerance, times=TIMES)


@pytest.mark.parametrize(("tableau", "close"), [(TSIT5, 1e-7), (RODAS4, 1e-6)])
def test_solutions_are_those_of_scipy(tableau: Tableau, close: float) -> None:
    network, y0 = NativeNetwork(dense((2, 17, 9, 2), Activation.SILU)), states(2, 5, 1.0)
    result = solve(network_kernel(network, tableau), batch(network, y0))
    assert (result.endings == Ending.FINISHED).all()
    assert result.samples is not None
    for lane in range(5):
        expected = scipy.integrate.solve_ivp(
            lambda t, y: network.rhs(y[:, None])[:, 0], (0, 5), y0[:, lane], "DOP853", TIMES, rtol=1e-11, atol=1e-12
        )
        assert np.abs(result.samples[lane] - expected.y).max() < close * np.abs(expected.y).max()


def test_the_exact_derivatives_make_stiff_networks_easy() -> None:
    """A network without hidden layers is a linear system. This one is stiff, and far from symmetric."""
    matrix = np.array([[-1.0, 2000.0], [0.0, -1000.0]])
    system = msgspec.structs.replace(
        dense((2, 2)),
        weights=Array.of(np.concatenate((matrix.ravel(), np.zeros(2)))),
        mean=(0.0, 0.0),
        scale_in=(1.0, 1.0),
        scale_out=(1.0, 1.0),
    )
    network, y0 = NativeNetwork(system), np.array([[1.0], [1.0]])
    result = solve(network_kernel(network, RODAS4), batch(network, y0, 1e-6))
    np.testing.assert_allclose(result.y, scipy.linalg.expm(5.0 * matrix) @ y0, rtol=1e-5, atol=1e-6)
    assert result.steps[0] < 200


def test_a_trajectory_does_not_know_its_neighbours() -> None:
    network, y0 = NativeNetwork(dense((3, 16, 3))), states(3, 120, 1.0)
    kernel = network_kernel(network, TSIT5)
    crowd = solve(kernel, batch(network, y0))
    assert crowd.samples is not None
    for lane in (0, 50, 119):
        alone = solve(kernel, batch(network, y0[:, lane : lane + 1].copy()))
        np.testing.assert_array_equal(alone.y[:, 0], crowd.y[:, lane])
        assert alone.samples is not None
        np.testing.assert_array_equal(alone.samples[0], crowd.samples[lane])


def test_one_driver_serves_networks_of_all_sizes() -> None:
    small, large = NativeNetwork(dense((2, 3, 2))), NativeNetwork(dense((2, 40, 40, 2)))
    kernels = network_kernel(small, TSIT5), network_kernel(large, TSIT5)
    assert kernels[0].code is kernels[1].code
    y0 = states(2, 40, 1.0)
    first = solve(kernels[0], batch(small, y0)).y
    solve(kernels[1], batch(large, y0))
    np.testing.assert_array_equal(solve(kernels[0], batch(small, y0)).y, first)


def test_a_state_that_is_not_finite_ends_its_trajectory_alone() -> None:
    network, y0 = NativeNetwork(dense((2, 8, 2))), states(2, 20, 1.0)
    y0[0, 3] = np.nan
    endings = solve(network_kernel(network, TSIT5), batch(network, y0)).endings
    assert endings[3] != Ending.FINISHED
    assert (np.delete(endings, 3) == Ending.FINISHED).all()


def test_a_kernel_holds_the_network_whose_weights_it_reads() -> None:
    network = NativeNetwork(dense((2, 8, 2)))
    table, kernel = weakref.ref(network.table), network_kernel(network, TSIT5)
    del network
    gc.collect()
    assert table() is not None
    del kernel
    gc.collect()
    assert table() is None
