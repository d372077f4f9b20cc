"""Dense networks evaluated by native code, for arrays with one column per trajectory."""

from __future__ import annotations

import ctypes
from dataclasses import replace
from functools import lru_cache, partial

import numpy as np
from llvmlite import ir

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.kernels.arguments_block import address_of
from odeplayground.dynamics.kernels.compile import Code, compile_written
from odeplayground.dynamics.kernels.evaluate import Called
from odeplayground.dynamics.kernels.features import Features, host_features
from odeplayground.dynamics.kernels.network import columns, forward, second
from odeplayground.dynamics.kernels.network.matrix import register_width
from odeplayground.dynamics.kernels.network.table import Table
from odeplayground.spec import LearnedSystem, LearnedTerm

ALIGNMENT = 8
"""Doubles: no vector may lie across two lines of the cache."""
REGISTERS = 2
"""Registers per vector: with two, each weight that is loaded serves two multiply-adds."""


def network_features(features: Features | None = None) -> Features:
    """The width that suits dense networks; ``None`` for the machine we run on."""
    features = features or host_features()
    return replace(features, width=REGISTERS * register_width(features))


class NetworkCode:
    """The functions for all networks, compiled: for arrays, and for other code to call."""

    def __init__(self, features: Features) -> None:
        self.features = features
        self._code: Code = compile_written(partial(_module, features), "networks", features)
        kind = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4, ctypes.c_int64)
        self.rhs_address = self._code.address(columns.RHS)
        self.rhs = kind(self.rhs_address)
        self.jacobian = kind(self._code.address(columns.JACOBIAN))

    def table(self, network: LearnedSystem | LearnedTerm) -> Table:
        """The numbers of a network, for this code.

        Raises:
            ValueError: its sizes do not fit each other.
        """
        return Table(network, *(self._code.address(name) for name in (forward.RHS, forward.LINEAR, second.SECOND)))


def _module(features: Features) -> ir.Module:
    module = ir.Module()
    columns.define_columns(module, features)
    second.second(module, features)
    return module


@lru_cache(maxsize=8)
def network_code(features: Features) -> NetworkCode:
    """Compiled at the first call, which takes a quarter of a second."""
    return NetworkCode(features)


class NativeNetwork:
    """A trained network, dx/dt = scale_out * net((x - mean) / scale_in), and its exact Jacobian.

    Results of a column do not depend on its neighbours, nor on the width at the same use of fused multiply-add. Where
    a state is not finite, they are NaN. Several threads may call it; it lets other Python threads run meanwhile.

    Raises:
        ValueError: the layers do not fit the states or the weights.
    """

    def __init__(self, system: LearnedSystem, features: Features | None = None) -> None:
        self.code = network_code(network_features() if features is None else features)
        self.table = self.code.table(system)
        self.n_states = n = len(system.states)
        if not n == self.table.inputs == self.table.outputs:
            raise ValueError(f"A network for {n} states cannot have the layers {system.layers}.")

    def rhs(self, y: Floats) -> Floats:
        """The slopes (n, m) at states (n, m)."""
        return self._call(y, derivatives=False)

    def jacobian(self, y: Floats) -> Floats:
        """The derivatives d rhs_i / d state_j, (n, n, m), at states (n, m)."""
        return self._call(y, derivatives=True)

    def _call(self, y: Floats, derivatives: bool) -> Floats:
        table, width = self.table, self.code.features.width
        n, m = y.shape
        if n != self.n_states:
            raise ValueError(f"The network has {self.n_states} states, not {n}.")
        states = _padded(y, width)
        result = np.empty((n, *states.shape) if derivatives else states.shape)
        _work, aligned = self._work(derivatives)
        function = self.code.jacobian if derivatives else self.code.rhs
        function(table.address, address_of(states), aligned, address_of(result), states.shape[1])
        return result[..., :m]

    def called(self) -> Called:
        """The slopes for other code to call, by one thread at a time."""
        work, aligned = self._work(derivatives=False)
        return Called(self.code.rhs_address, self.table.address, aligned, (self, work))

    def _work(self, derivatives: bool) -> tuple[Floats, int]:
        """Working memory, and where in it a line of the cache begins."""
        size = columns.work_size(self.n_states, self.table.widest, self.code.features.width, derivatives)
        work = np.empty(size + ALIGNMENT)
        return work, address_of(work) + -address_of(work) % (8 * ALIGNMENT)


def _padded(y: Floats, width: int) -> Floats:
    """The states in memory as the code wants them, with at least one vector of columns."""
    n, m = y.shape
    if m >= width:
        return np.ascontiguousarray(y, dtype=np.float64)
    states = np.zeros((n, width))
    states[:, :m] = y
    return states
