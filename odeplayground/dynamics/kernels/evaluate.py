"""A tape as a native function of many states at once: fields of arrows, Jacobians, seeds of Newton's method."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import numpy as np
from llvmlite import ir

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.kernels.arguments_block import address_of
from odeplayground.dynamics.kernels.compile import Code, Level, compile_module
from odeplayground.dynamics.kernels.emit import Emission
from odeplayground.dynamics.kernels.features import Features, host_features
from odeplayground.dynamics.kernels.forks import Lock
from odeplayground.dynamics.kernels.network.calls import address_in, calls_networks
from odeplayground.dynamics.kernels.vector import I64, POINTER, VOID, Lanes
from odeplayground.dynamics.kernels.work import Memory
from odeplayground.expr.graph import Op, Tape

_NAME = "evaluate"
_PROTOTYPE = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4, ctypes.c_int64)
"""Of times (m,), states (n_states, m), parameters (k,) or (k, m), results (n_outputs, m), and m. Without the GIL."""


_MOST_NODES, _MOST_OUTPUTS = 1700, 150
"""Of tapes that are optimised in a quarter of a second. With 900 outputs it takes 4 seconds, and all that wants to be
compiled waits."""


def _level(tape: Tape) -> Level:
    small = len(tape.nodes) <= _MOST_NODES and len(tape.outputs) <= _MOST_OUTPUTS
    return Level.OPTIMISED if small else Level.QUICK


@dataclass(frozen=True, eq=False)
class Called:
    """A function of many states for machine code: ``function(first, states, third, results, columns)``.

    Hold it as long as that code may run.
    """

    function: int
    """All addresses; ``columns`` is an integer. States are (n_states, columns), results (n_outputs, columns)."""
    first: int
    third: int
    keeps: object


class _Compiled:
    def __init__(self, code: Code) -> None:
        self._code = code  # held as long as it may run
        self.address = code.address(_NAME)
        self.call = _PROTOTYPE(self.address)


def native_function(
    tape: Tape,
    n_states: int,
    n_parameters: int,
    features: Features | None = None,
    level: Level | None = None,
) -> NativeFunction:
    """Compile a tape; for this machine if no features are given, and optimised unless that takes long."""
    return NativeFunction(tape, n_states, n_parameters, features or host_features(), level or _level(tape))


class NativeFunction:
    """Values of a tape at many states. Safe for threads; compiled at the first call for each shape of parameters."""

    def __init__(self, tape: Tape, n_states: int, n_parameters: int, features: Features, level: Level) -> None:
        self._tape = tape
        self._n_states = n_states
        self._n_parameters = n_parameters
        self._features = features
        self._level = level
        self._calls = calls_networks(tape)
        self._driven = any(node.op is Op.TIME for node in tape.nodes)
        self._compiled: dict[bool, _Compiled] = {}
        self._lock = Lock()

    def __call__(self, t: float | Floats, y: Floats, parameters: Floats, room: int = 0) -> Floats:
        """The outputs, (n_outputs, m), at states y (n_states, m), times t (one or (m,)), parameters (k,) or (k, m).

        Networks in the tape work in ``room`` doubles.

        Raises:
            ValueError: an array has another shape.
        """
        y, parameters = np.asarray(y, dtype=np.float64), np.asarray(parameters, dtype=np.float64)
        self._check(y, parameters)
        m = y.shape[1]
        if not m:
            return np.empty((len(self._tape.outputs), 0))
        columns = max(m, self._features.width)
        parameters, work = self._with_memory(parameters, room)
        shared = parameters.ndim == 1
        results = np.empty((len(self._tape.outputs), columns))
        times = _rows(t, 1, columns) if self._driven else results  # not looked at
        states = _rows(y, self._n_states, columns)
        constants = np.ascontiguousarray(parameters) if shared else _rows(parameters, len(parameters), columns)
        function = self._compiled.get(shared) or self._function(shared)
        given = address_of(constants) if constants.size else 0
        function.call(address_of(times), address_of(states), given, address_of(results), columns)
        _ = work  # held until now
        return results if columns == m else results[:, :m]

    @property
    def ready(self) -> bool:
        """Whether it is compiled for parameters (k,)."""
        return True in self._compiled

    def compile(self) -> None:
        """Make it ready."""
        self._function(True)

    def _check(self, y: Floats, parameters: Floats) -> None:
        if y.ndim != 2 or len(y) != self._n_states:
            raise ValueError(f"The states must have the shape ({self._n_states}, m), not {y.shape}.")
        shapes = ((self._n_parameters,), (self._n_parameters, y.shape[1]))
        if parameters.shape not in shapes:
            raise ValueError(f"The parameters must have the shape {shapes[0]} or {shapes[1]}, not {parameters.shape}.")

    def called(self, t: float, parameters: Floats, columns: int, room: int = 0) -> Called:
        """The function for other code to call, with parameters (k,). So many columns are one vector at least."""
        times = np.full(columns, float(t))
        constants, work = self._with_memory(np.array(parameters, dtype=np.float64), room)
        compiled = self._compiled.get(True) or self._function(True)
        return Called(compiled.address, address_of(times), address_of(constants), (times, constants, work, compiled))

    def _with_memory(self, parameters: Floats, room: int) -> tuple[Floats, Memory | None]:
        """The bits of the address of working memory travel as a last parameter, where there are networks."""
        if not self._calls:
            return parameters, None
        work = Memory(room, self._features.width)
        address = np.full((1, *parameters.shape[1:]), np.int64(work.address).view(np.float64))
        return np.concatenate([parameters, address]), work

    def _function(self, shared: bool) -> _Compiled:
        with self._lock:
            found = self._compiled.get(shared)
            if found is None:
                found = self._compiled[shared] = self._compile(shared)
            return found

    def _compile(self, shared: bool) -> _Compiled:
        module = ir.Module()
        function = ir.Function(module, ir.FunctionType(VOID, [POINTER] * 4 + [I64]), _NAME)
        function.args[3].add_attribute("noalias")
        self._write(Lanes(ir.IRBuilder(function.append_basic_block()), module, self._features), function, shared)
        code = compile_module(module, self._features, self._level)
        return _Compiled(code)

    def _write(self, lanes: Lanes, function: ir.Function, shared: bool) -> None:
        """A loop over vectors; the last one overlaps its neighbour where the width does not divide m."""
        builder = lanes.builder
        times, states, parameters, results, m = function.args
        before = builder.block
        emission = self._emission(lanes, parameters, I64(0), I64(1), splat=True) if shared else None
        last = builder.sub(m, I64(lanes.width))
        body, after = builder.append_basic_block(), builder.append_basic_block()
        builder.branch(body)
        builder.position_at_end(body)
        count = builder.phi(I64)
        count.add_incoming(I64(0), before)
        start = builder.select(builder.icmp_signed("<", count, last), count, last)
        if emission is None:
            emission = self._emission(lanes, parameters, start, m, splat=False)
        t = lanes.load(times, start) if self._driven else lanes.number(0.0)
        y = [lanes.load(states, _place(builder, start, i, m)) for i in range(self._n_states)]
        for row, value in enumerate(emission.at(t, y)):
            lanes.store(value, results, _place(builder, start, row, m))
        following = builder.add(count, I64(lanes.width))
        count.add_incoming(following, builder.block)
        builder.cbranch(builder.icmp_signed("<", following, m), body, after)
        builder.position_at_end(after)
        builder.ret_void()

    def _emission(self, lanes: Lanes, pointer: ir.Value, start: ir.Value, step: ir.Value, splat: bool) -> Emission:
        load = lanes.load_splat if splat else lanes.load
        places = [_place(lanes.builder, start, k, step) for k in range(self._n_parameters + self._calls)]
        parameters = [load(pointer, place) for place in places]
        memory = address_in(lanes, parameters.pop()) if self._calls else None
        return Emission(lanes, self._tape, parameters, memory)


def _place(builder: ir.IRBuilder, start: ir.Value, row: int, step: ir.Value) -> ir.Value:
    """Where column ``start`` of a row is, in an array with rows of ``step`` doubles."""
    return builder.add(start, builder.mul(I64(row), step))


def _rows(values: float | Floats, count: int, columns: int) -> Floats:
    """Contiguous rows of so many columns: one number is repeated, fewer columns are followed by copies of the last."""
    values = np.asarray(values, dtype=np.float64)
    if values.ndim and values.shape[-1] == columns:
        return np.ascontiguousarray(values)
    rows = np.empty((count, columns))
    if values.ndim:
        rows[:, : values.shape[-1]] = values
        rows[:, values.shape[-1] :] = values[..., -1:]
    else:
        rows[:] = values
    return rows
