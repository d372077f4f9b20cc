"""A trained dense network as a field, with its exact Jacobian, in native code. No torch here."""

from __future__ import annotations

from odeplayground.dynamics.arrays import Floats, Integers
from odeplayground.dynamics.kernels.evaluate import Called
from odeplayground.dynamics.kernels.network.evaluate import NativeNetwork
from odeplayground.dynamics.kernels.network.solver import network_kernel
from odeplayground.dynamics.kernels.program import Kernel
from odeplayground.dynamics.kernels.tableaus.form import Tableau
from odeplayground.spec import LearnedSystem, Structure


def is_plain(system: LearnedSystem) -> bool:
    """Whether the network is all there is: inputs are states and outputs their time derivatives."""
    return system.structure is Structure.PLAIN and not system.angles and not system.time_input


class NetworkField:
    """A plain system, dx/dt = scale_out * net((x - mean) / scale_in). It has no parameters and is bound already.

    Raises:
        ValueError: the layers do not fit the states or the weights.
    """

    definitions: tuple[str, ...] = ()
    autonomous = True

    def __init__(self, system: LearnedSystem) -> None:
        self._network = NativeNetwork(system)
        self._kernels: dict[str, Kernel] = {}
        self.parameters = self._network.table.parameters
        """Not the network's, which has none, but what its kernels are to be given."""

    def bind(self, parameters: Floats) -> NetworkField:
        return self

    def take(self, lanes: Integers) -> NetworkField:
        return self

    def kernel(self, tableau: Tableau) -> Kernel:
        found = self._kernels.get(tableau.name)
        if found is None:
            found = self._kernels[tableau.name] = network_kernel(self._network, tableau)
        return found

    def rhs(self, t: float | Floats, y: Floats) -> Floats:
        return self._network.rhs(y)

    def called(self, t: float, columns: int) -> Called:
        return self._network.called()

    def jacobian(self, t: float | Floats, y: Floats) -> Floats:
        return self._network.jacobian(y)

    def definition(self, name: str, t: float | Floats, y: Floats) -> Floats:
        raise KeyError(name)
