"""Typed equations as fields: native code, and for few states an interpreter over numpy's functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np

from odeplayground import expr
from odeplayground.dynamics.arrays import Floats, Integers, Values
from odeplayground.dynamics.dense import DenseNetwork
from odeplayground.dynamics.kernels.evaluate import Called, NativeFunction, native_function
from odeplayground.dynamics.kernels.network.tables import EquationNetworks
from odeplayground.dynamics.kernels.program import Kernel, equations_of
from odeplayground.dynamics.kernels.store import Wanted, in_background, store
from odeplayground.dynamics.kernels.tableaus.form import Rosenbrock, Tableau
from odeplayground.expr.graph import Node, Op, Tape
from odeplayground.spec import LearnedSystem, LearnedTerm

MANY = 1024
"""For so many states native code is worth compiling; for fewer an interpreter serves until there is such code."""
WORTH_IT = 64
"""After so many calls with few states native code is made in the background, if the tape is no longer than the next."""
SHORT = 400
Function = Callable[..., Values]
Instruction = tuple[Function, int, int, int, int]
"""Function, register of the result, registers of up to three arguments (-1 where there is none; a function without any
takes all registers)."""


def _heaviside(x: Values) -> Values:
    result: Values = np.heaviside(x, 0.5)
    return result


FUNCTIONS: dict[Op, Function] = {
    Op.ADD: np.add,
    Op.SUB: np.subtract,
    Op.MUL: np.multiply,
    Op.DIV: np.divide,
    Op.NEG: np.negative,
    Op.POW: np.power,
    Op.SIN: np.sin,
    Op.COS: np.cos,
    Op.TAN: np.tan,
    Op.ASIN: np.arcsin,
    Op.ACOS: np.arccos,
    Op.ATAN: np.arctan,
    Op.ATAN2: np.arctan2,
    Op.SINH: np.sinh,
    Op.COSH: np.cosh,
    Op.TANH: np.tanh,
    Op.EXP: np.exp,
    Op.LOG: np.log,
    Op.LOG10: np.log10,
    Op.SQRT: np.sqrt,
    Op.ABS: np.abs,
    Op.SIGN: np.sign,
    Op.MIN: np.minimum,
    Op.MAX: np.maximum,
    Op.FLOOR: np.floor,
    Op.MOD: np.mod,
    Op.HEAVISIDE: _heaviside,
    Op.LT: np.less,
    Op.LE: np.less_equal,
    Op.GT: np.greater,
    Op.GE: np.greater_equal,
    Op.EQ: np.equal,
    Op.NE: np.not_equal,
    Op.AND: np.logical_and,
    Op.OR: np.logical_or,
    Op.NOT: np.logical_not,
    Op.IF: np.where,
}


class Program:
    """A tape in two parts: what depends on parameters alone runs once per binding, the rest at every call."""

    def __init__(self, tape: Tape, networks: Sequence[DenseNetwork] = ()) -> None:
        self._nodes = tape.nodes
        self._outputs = tuple(enumerate(tape.outputs))
        moving = [False] * len(tape.nodes)
        self._states: list[tuple[int, int]] = []
        self._times: list[int] = []
        self._parameters: list[tuple[int, int]] = []
        self._first: list[Instruction] = []
        self._rest: list[Instruction] = []
        # The addresses of networks are only for native code.
        addresses = {node.args[0] for node in tape.nodes if node.op is Op.LEARNED}
        for number, node in enumerate(tape.nodes):
            moving[number] = node.op in (Op.STATE, Op.TIME) or any(moving[i] for i in node.args)
            match node.op:
                case Op.NUMBER:
                    pass
                case Op.STATE:
                    self._states.append((number, node.index))
                case Op.TIME:
                    self._times.append(number)
                case Op.PARAMETER if number in addresses:
                    pass
                case Op.PARAMETER:
                    self._parameters.append((number, node.index))
                case _:
                    (self._rest if moving[number] else self._first).append(_instruction(number, node, networks))

    def __len__(self) -> int:
        """How many operations it has."""
        return len(self._first) + len(self._rest)

    @property
    def autonomous(self) -> bool:
        """Whether time does not occur."""
        return not self._times

    def prepare(self, parameters: Floats) -> list[Any]:
        """Registers with numbers, parameters and what follows from them; parameters are (k,) or (k, m)."""
        # Arrays of dimension zero: numpy handles them faster than Python's numbers.
        registers: list[Any] = [np.array(node.value) for node in self._nodes]
        for number, index in self._parameters:
            registers[number] = np.asarray(parameters[index])
        _execute(self._first, registers)
        return registers

    def run(self, prepared: list[Any], t: float | Floats, y: Floats) -> Floats:
        """The outputs, (n_outputs, m), at states y (n_states, m) and times t (one number or (m,))."""
        registers = prepared.copy()
        for number, index in self._states:
            registers[number] = y[index]
        for number in self._times:
            registers[number] = t
        _execute(self._rest, registers)
        result = np.empty((len(self._outputs), y.shape[1]))
        for row, number in self._outputs:
            result[row] = registers[number]
        return result


def _instruction(number: int, node: Node, networks: Sequence[DenseNetwork]) -> Instruction:
    if node.op is Op.LEARNED:
        return partial(_network_value, networks[node.index], node), number, -1, -1, -1
    a, b, c = (*node.args, -1, -1)[:3]
    return FUNCTIONS[node.op], number, a, b, c


def _network_value(network: DenseNetwork, node: Node, registers: list[Any]) -> Floats:
    """The first argument is only for native code."""
    return network.value(node.part, *(registers[i] for i in node.args[1:]))


def _execute(instructions: list[Instruction], registers: list[Any]) -> None:
    for function, result, a, b, c in instructions:
        if a < 0:
            registers[result] = function(registers)
        elif b < 0:
            registers[result] = function(registers[a])
        elif c < 0:
            registers[result] = function(registers[a], registers[b])
        else:
            registers[result] = function(registers[a], registers[b], registers[c])


@lru_cache(maxsize=32)
def _native(tape: Tape, n_states: int, n_parameters: int) -> NativeFunction:
    """Kept by the equations: systems that differ in their numbers share it."""
    return native_function(tape, n_states, n_parameters)


class TapeField:
    """A graph of right-hand sides, compiled to programs when they are first needed.

    Where networks occur in it, all is computed by native code.

    Raises:
        ValueError: a network's weights or scales do not fit its layers.
    """

    def __init__(self, model: expr.Model, networks: Sequence[LearnedSystem | LearnedTerm] = ()) -> None:
        self._model = model
        self._n_states = len(model.states)
        self.networks = EquationNetworks(networks) if networks else None
        self.definitions = tuple(self._model.definitions)
        self._programs: dict[str, Program] = {}
        self._functions: dict[str, NativeFunction] = {}
        self._few: dict[str, int] = {}
        self._wanted: dict[str, Wanted] = {}

        self.autonomous = not any(node.op is Op.TIME for node in model.tape(model.rhs).nodes)

    def bind(self, parameters: Floats) -> BoundTape:
        return BoundTape(self, parameters)

    def kernel(self, tableau: Tableau) -> Kernel:
        """The native kernel for a method; made if there is none."""
        wanted = self._wanted.get(tableau.name)
        if wanted is None:
            equations = equations_of(self._model, derivatives=isinstance(tableau, Rosenbrock))
            wanted = self._wanted[tableau.name] = Wanted(equations, tableau)
        kernel = store().kernel(wanted)
        return kernel if self.networks is None else self.networks.roomy(kernel)

    def function(self, name: str) -> NativeFunction:
        """The same as :meth:`program` in native code, for many states or networks."""
        found = self._functions.get(name)
        if found is None:
            tape = self._model.tape(self._nodes_of(name))
            given = len(self._model.parameters) + self._model.networks
            found = self._functions[name] = _native(tape, self._n_states, given)
        return found

    def at_hand(self, name: str) -> NativeFunction | None:
        """The same for few states, which are not worth to wait for the compiler."""
        found = self._functions.get(name)
        if found is None:
            self._few[name] = self._few.get(name, 0) + 1
            if self._few[name] == WORTH_IT and len(self.program(name)) <= SHORT:
                in_background(self.function(name).compile)
            return None
        return found if found.ready else None

    def program(self, name: str) -> Program:
        """The program of ``"rhs"``, ``"jacobian"`` or of a definition, whose name then follows a colon."""
        found = self._programs.get(name)
        if found is None:
            found = self._programs[name] = Program(self._model.tape(self._nodes_of(name)))
        return found

    def _nodes_of(self, name: str) -> Sequence[int]:
        if name == "rhs":
            return self._model.rhs
        if name == "jacobian":
            return [node for row in self._model.jacobian for node in row]
        return [self._model.definitions[name.removeprefix("definition:")]]


class BoundTape:
    """A :class:`TapeField` with its parameters, (k,) or (k, m), filled in."""

    def __init__(self, field: TapeField, parameters: Floats) -> None:
        self._field = field
        networks = field.networks
        self.parameters = parameters if networks is None else networks.with_addresses(parameters)
        """With the addresses of networks, which kernels are to be given."""
        self._own = parameters
        self._room = 0 if networks is None else networks.room
        # Native kernels need neither.
        self._prepared_rhs: list[Any] | None = None
        self._prepared_jacobian: list[Any] | None = None

    @property
    def autonomous(self) -> bool:
        return self._field.autonomous

    def take(self, lanes: Integers) -> BoundTape:
        if self.parameters.ndim == 1:
            return self
        return BoundTape(self._field, self._own[:, lanes])

    def kernel(self, tableau: Tableau) -> Kernel:
        return self._field.kernel(tableau)

    def rhs(self, t: float | Floats, y: Floats) -> Floats:
        function = self._native("rhs", y.shape[1])
        if function is not None:
            return function(t, y, self.parameters, self._room)
        program = self._field.program("rhs")
        if self._prepared_rhs is None:
            self._prepared_rhs = program.prepare(self.parameters)
        return program.run(self._prepared_rhs, t, y)

    def called(self, t: float, columns: int) -> Called:
        return self._field.function("rhs").called(t, self.parameters, columns, self._room)

    def jacobian(self, t: float | Floats, y: Floats) -> Floats:
        n, m = y.shape
        function = self._native("jacobian", m)
        if function is not None:
            return function(t, y, self.parameters, self._room).reshape(n, n, m)
        program = self._field.program("jacobian")
        if self._prepared_jacobian is None:
            self._prepared_jacobian = program.prepare(self.parameters)
        return program.run(self._prepared_jacobian, t, y).reshape(n, n, m)

    def _native(self, name: str, m: int) -> NativeFunction | None:
        """What computes m columns, if that is not the interpreter."""
        if m >= MANY or self._room:
            return self._field.function(name)
        return self._field.at_hand(name) if self.parameters.ndim == 1 else None

    def definition(self, name: str, t: float | Floats, y: Floats) -> Floats:
        if self._room:
            found: Floats = self._field.function(f"definition:{name}")(t, y, self.parameters, self._room)[0]
            return found
        program = self._field.program(f"definition:{name}")
        values: Floats = program.run(program.prepare(self.parameters), t, y)[0]
        return values
