"""A system as a model: the graph of all right sides, and derivatives on demand."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache

import msgspec

from odeplayground.expr.derivative import differentiate
from odeplayground.expr.errors import ModelError
from odeplayground.expr.graph import Node, Op, Tape
from odeplayground.expr.names import TIME
from odeplayground.expr.printer import format_system
from odeplayground.expr.reading import Reading, read
from odeplayground.expr.simplify import Graph
from odeplayground.expr.syntax import Expression
from odeplayground.expr.tape import make_tape
from odeplayground.spec import DEFAULT_SPAN, Parameter, Problem, System, Variable


class Model:
    """The equations of a system as a graph. Derivatives are appended when first asked for; numbers stay valid.

    Safe to use from several threads.
    """

    def __init__(self, reading: Reading, system: System) -> None:
        self.states = system.states
        self.parameters = system.parameters
        self._graph = Graph()
        self._lock = threading.RLock()
        self._time = self._graph.intern(Node(Op.TIME))
        self._state_nodes = [self._graph.intern(Node(Op.STATE, index=i)) for i in range(len(self.states))]
        self._parameter_nodes = [self._graph.intern(Node(Op.PARAMETER, index=i)) for i in range(len(self.parameters))]
        names = dict(zip(self.states, self._state_nodes, strict=True))
        names |= dict(zip(self.parameters, self._parameter_nodes, strict=True))
        names[TIME] = self._time
        for name, expression in reading.definitions.items():
            names[name] = _add_expression(self._graph, expression, names)
        self.definitions = {definition.name: names[definition.name] for definition in system.definitions}
        """Node of each sub-expression, by name."""
        self.rhs = tuple(_add_expression(self._graph, reading.equations[state], names) for state in self.states)
        """Node of each state's time derivative."""
        self._derivatives: dict[str, tuple[tuple[int, ...], ...]] = {}

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All nodes so far, arguments before what uses them."""
        with self._lock:
            return tuple(self._graph.nodes)

    @property
    def jacobian(self) -> tuple[tuple[int, ...], ...]:
        """Nodes of d rhs[i] / d state[j]."""
        return self._derivative("states", self._state_nodes)

    @property
    def parameter_jacobian(self) -> tuple[tuple[int, ...], ...]:
        """Nodes of d rhs[i] / d parameter[j]."""
        return self._derivative("parameters", self._parameter_nodes)

    @property
    def time_derivative(self) -> tuple[int, ...]:
        """Nodes of the partial derivatives d rhs[i] / dt."""
        return tuple(row[0] for row in self._derivative("time", [self._time]))

    def tape(self, outputs: Sequence[int]) -> Tape:
        """The program that computes these nodes and nothing else."""
        return make_tape(self.nodes, outputs)

    def _derivative(self, kind: str, variables: Sequence[int]) -> tuple[tuple[int, ...], ...]:
        with self._lock:
            if kind not in self._derivatives:
                zero = self._graph.number(0.0)
                rows = differentiate(self._graph, self.rhs, variables)
                self._derivatives[kind] = tuple(tuple(row.get(v, zero) for v in variables) for row in rows)
            return self._derivatives[kind]


def _add_expression(graph: Graph, expression: Expression, names: Mapping[str, int]) -> int:
    numbers: list[int] = []
    for term in expression.terms:
        args = [numbers[arg] for arg in term.args]
        if term.op is None:
            number = names[term.name]
        elif term.constant is not None:
            number = graph.number(term.constant)
        elif term.op in (Op.MIN, Op.MAX):
            number = args[0]
            for other in args[1:]:
                number = graph.apply(term.op, number, other)
        else:
            number = graph.apply(term.op, *args)
        numbers.append(number)
    return numbers[-1]


@lru_cache(maxsize=128)
def read_system(system: System) -> Reading:
    """The syntax trees of a system, which may come from anywhere.

    Raises:
        ModelError: if its texts cannot be read. Lines count in ``format_system(system)``.
    """
    reading = read(format_system(system))
    found = reading.result.system
    if found is None:
        raise ModelError(reading.result.problems)
    same_definitions = [one.name for one in found.definitions] == [one.name for one in system.definitions]
    if (found.states, found.parameters) != (system.states, system.parameters) or not same_definitions:
        raise ModelError([Problem(1, 1, 1, "The system does not match its own equations.")])
    return reading


def model(system: System) -> Model:
    """The graph of a system. It depends on the equations alone: other parameter values give the same object.

    Raises:
        ModelError: if the texts of the system cannot be read.
    """
    variables = tuple(Variable(variable.name, variable.rhs) for variable in system.variables)
    constants = tuple(Parameter(name, 0.0) for name in system.parameters)
    return _model(msgspec.structs.replace(system, variables=variables, constants=constants, t_span=DEFAULT_SPAN))


@lru_cache(maxsize=64)
def _model(system: System) -> Model:
    return Model(read_system(system), system)
