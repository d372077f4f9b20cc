"""Solvers of dense networks: the drivers of typed systems, calling the functions of networks by their addresses.

A driver knows a network by its table, whose address it is given as a parameter. So one driver serves all networks with
so many states, and its code is only compiled once per method.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from llvmlite import ir

from odeplayground.dynamics.kernels.compile import Level
from odeplayground.dynamics.kernels.draft import Draft
from odeplayground.dynamics.kernels.driver import reserve, write_driver
from odeplayground.dynamics.kernels.equations import Equations
from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.network import forward
from odeplayground.dynamics.kernels.network.evaluate import NativeNetwork
from odeplayground.dynamics.kernels.network.table import Entries, Slot
from odeplayground.dynamics.kernels.program import UNROLL, Driver, Kernel, compile_driver, step_of
from odeplayground.dynamics.kernels.tableaus.form import Tableau
from odeplayground.dynamics.kernels.vector import F64, POINTER, VOID, Lanes
from odeplayground.expr.graph import Tape


def network_kernel(network: NativeNetwork, tableau: Tableau, level: Level = Level.QUICK) -> Kernel:
    """The kernel that solves a network; its parameters are ``network.table.parameters``.

    It holds the network. Most of the time goes into the network's own functions, which are optimised at any level.
    """
    table, features = network.table, network.code.features
    driver = _driver(network.n_states, tableau, level, features)
    scratch = _scratch(network.n_states, table.widest, features.width)
    nothing = Tape((), ())
    equations = Equations(network.n_states, n_parameters=1, rhs=nothing, linear=nothing)
    doubles = driver.doubles + scratch
    return Kernel(equations, tableau, features.width, doubles, driver.code, driver.drive, keeps=network)


@lru_cache(maxsize=32)
def _driver(n_states: int, tableau: Tableau, level: Level, features: Features) -> Driver:
    step = step_of(tableau)
    draft = Draft(features, n_states, n_constants=1, n_parameters=1, n_events=0, unroll=UNROLL[level])
    reserve(draft, step)

    def write() -> None:
        _Functions(draft).write()
        write_driver(draft, step)

    return compile_driver(draft, level, write, ("network driver", tableau.name, n_states))


def _scratch(n_states: int, widest: int, width: int) -> int:
    """Doubles behind the driver's memory: those of the network, and its derivatives by each state after the other."""
    return forward.work_size(n_states, widest, width, derivatives=True) + n_states**2 * width


class _Functions:
    """What a driver wants of equations: ``constants``, ``rhs`` and ``linear``. The one constant is the table."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._n = draft.n_states

    def write(self) -> None:
        """Put the functions into the module."""
        self._write("constants", self._constants)
        self._write("rhs", self._rhs)
        self._write("linear", self._linear)

    def _write(self, name: str, body: Callable[[Lanes, Sequence[ir.Value]], None]) -> None:
        """``name(t, states, constants, outputs)``: a vector and three pointers to vectors."""
        features = self._draft.features
        real = ir.VectorType(F64, features.width)
        function = self._draft.function(name, ir.FunctionType(VOID, [real, POINTER, POINTER, POINTER]))
        lanes = Lanes(ir.IRBuilder(function.append_basic_block()), self._draft.module, features)
        body(lanes, function.args[1:])
        lanes.builder.ret_void()

    def _constants(self, lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
        _, parameters, constants = arguments
        lanes.store(lanes.load(parameters), constants)

    def _rhs(self, lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
        states, constants, slopes = arguments
        table = self._table(lanes, constants)
        function = Entries(lanes, table).function(Slot.RHS, [POINTER] * 4)
        lanes.builder.call(function, [table, self._work(lanes, constants), states, slopes])

    def _linear(self, lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
        """The slopes, then their derivatives row by row, then those by time."""
        states, constants, outputs = arguments
        n, table, derivatives = self._n, self._table(lanes, constants), self._derivatives(lanes, constants)
        function = Entries(lanes, table).function(Slot.LINEAR, [POINTER] * 5)
        lanes.builder.call(function, [table, self._work(lanes, constants), states, outputs, derivatives])
        for i in range(n):
            for j in range(n):
                value = lanes.load(derivatives, (j * n + i) * lanes.width)
                lanes.store(value, outputs, (n + i * n + j) * lanes.width)
            lanes.store(lanes.number(0.0), outputs, (n + n * n + i) * lanes.width)

    def _table(self, lanes: Lanes, constants: ir.Value) -> ir.Value:
        """The first lane is always given a trajectory first, and with it the address."""
        return lanes.builder.load(constants, align=8, typ=POINTER)

    def _derivatives(self, lanes: Lanes, constants: ir.Value) -> ir.Value:
        """Behind the memory of the driver, see ``_scratch``."""
        layout = self._draft.layout
        return lanes.address(constants, (layout.vectors - layout.place("constants")) * lanes.width)

    def _work(self, lanes: Lanes, constants: ir.Value) -> ir.Value:
        return lanes.address(self._derivatives(lanes, constants), self._n**2 * lanes.width)
