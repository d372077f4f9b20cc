"""The networks that occur in equations, for generated code."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.kernels.features import host_features
from odeplayground.dynamics.kernels.network import calls
from odeplayground.dynamics.kernels.network.evaluate import network_code
from odeplayground.dynamics.kernels.program import Kernel
from odeplayground.spec import LearnedSystem, LearnedTerm


class EquationNetworks:
    """Tables of networks, in order. Hold it as long as code may run that is given their addresses.

    Raises:
        ValueError: a network's weights or scales do not fit its layers.
    """

    def __init__(self, networks: Sequence[LearnedSystem | LearnedTerm]) -> None:
        features = host_features()
        code = network_code(features)
        self._width = features.width
        self._tables = [code.table(network) for network in networks]
        self._addresses = np.concatenate([table.parameters for table in self._tables])
        self._kernels: dict[Kernel, Kernel] = {}
        self.room = max(calls.room(table, features.width) for table in self._tables)
        """Doubles of working memory for calls of any of them."""

    def with_addresses(self, parameters: Floats) -> Floats:
        """Parameters (k,) or (k, m), and behind them the bits of the addresses."""
        addresses = self._addresses.reshape(-1, *[1] * (parameters.ndim - 1))
        return np.concatenate([parameters, np.broadcast_to(addresses, (len(addresses), *parameters.shape[1:]))])

    def roomy(self, kernel: Kernel) -> Kernel:
        """The kernel with working memory for these networks behind its own.

        Raises:
            ValueError: its vectors have another width than those of the networks' code.
        """
        if kernel.width != self._width:
            raise ValueError(f"A kernel of {kernel.width} lanes cannot call networks for {self._width}.")
        found = self._kernels.get(kernel)
        if found is None:
            found = replace(kernel, doubles=kernel.doubles + self.room, memories=deque(), keeps=self)
            self._kernels[kernel] = found
        return found
