"""A system as a model: the graph of all right sides, and derivatives on demand."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache

from odeplayground.expr.derivative import differentiate
from odeplayground.expr.errors import ModelError
from odeplayground.expr.graph import Node, Op, Tape
from odeplayground.expr.learned import Learned, Networks, without_weights
from odeplayground.expr.names import TIME
from odeplayground.expr.printer import format_system
from odeplayground.expr.reading import Reading, read
from odeplayground.expr.simplify import Graph
from odeplayground.expr.syntax import Expression
from odeplayground.expr.tape import make_tape
from odeplayground.spec import DEFAULT_SPAN, Parameter, Problem, System, Variable


class Model:
    """The right-hand sides of a system as a graph.

    Derivatives are appended when first asked for; numbers of nodes stay valid. Once it is built, it is safe to use
    from several threads.
    """

    def __init__(self, states: Sequence[str], parameters: Sequence[str], networks: int) -> None:
        """Only the leaves; whoever makes it sets ``rhs`` and perhaps ``definitions``."""
        self.states, self.parameters = tuple(states), tuple(parameters)
        self.networks = networks
        """How many networks occur. Their addresses follow the parameters."""
        self.graph = Graph()
        self._lock = threading.RLock()
        self.time = self.graph.intern(Node(Op.TIME))
        self.state_nodes = [self.graph.intern(Node(Op.STATE, index=i)) for i in range(len(states))]
        given = [self.graph.intern(Node(Op.PARAMETER, index=i)) for i in range(len(parameters) + networks)]
        self.parameter_nodes, self._addresses = given[: len(parameters)], given[len(parameters) :]
        self.definitions: dict[str, int] = {}
        """Node of each sub-expression, by name."""
        self.rhs: tuple[int, ...] = ()
        """Node of each state's time derivative."""
        self._derivatives: dict[str, tuple[tuple[int, ...], ...]] = {}

    def network(self, index: int, part: tuple[int, ...], inputs: Sequence[int]) -> int:
        """The node of an output of a network at these inputs, or of its derivative; see ``Node.part``."""
        return self.graph.learned((self._addresses[index], *inputs), index, part)

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All nodes so far, arguments before what uses them."""
        with self._lock:
            return tuple(self.graph.nodes)

    @property
    def jacobian(self) -> tuple[tuple[int, ...], ...]:
        """Nodes of d rhs[i] / d state[j]."""
        return self._derivative("states", self.state_nodes)

    @property
    def parameter_jacobian(self) -> tuple[tuple[int, ...], ...]:
        """Nodes of d rhs[i] / d parameter[j]."""
        return self._derivative("parameters", self.parameter_nodes)

    @property
    def time_derivative(self) -> tuple[int, ...]:
        """Nodes of the partial derivatives d rhs[i] / dt."""
        return tuple(row[0] for row in self._derivative("time", [self.time]))

    def tape(self, outputs: Sequence[int]) -> Tape:
        """The program that computes these nodes and nothing else."""
        return make_tape(self.nodes, outputs)

    def _derivative(self, kind: str, variables: Sequence[int]) -> tuple[tuple[int, ...], ...]:
        with self._lock:
            if kind not in self._derivatives:
                zero = self.graph.number(0.0)
                rows = differentiate(self.graph, self.rhs, variables)
                self._derivatives[kind] = tuple(tuple(row.get(v, zero) for v in variables) for row in rows)
            return self._derivatives[kind]


def _of_equations(system: System) -> Model:
    reading = read_system(system)
    learned = Learned(reading, system)
    result = Model(system.states, system.parameters, learned.trained)
    names = dict(zip(system.states, result.state_nodes, strict=True))
    names |= dict(zip(system.parameters, result.parameter_nodes, strict=True))
    names[TIME] = result.time
    for name, expression in reading.definitions.items():
        names[name] = _add_expression(result, expression, names, learned.of_definitions[name])
    result.definitions = {definition.name: names[definition.name] for definition in system.definitions}
    result.rhs = tuple(
        _add_expression(result, reading.equations[state], names, learned.of_equations[state]) for state in system.states
    )
    return result


def _add_expression(model: Model, expression: Expression, names: Mapping[str, int], learned: Networks) -> int:
    graph, networks = model.graph, iter(learned)
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
        elif term.op is Op.LEARNED:
            trained = next(networks)
            number = graph.number(0.0) if trained is None else model.network(trained.network, trained.part, args)
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
    """The graph of a system. It depends on the equations alone: other numbers and weights give the same object.

    Raises:
        ModelError: if the texts of the system cannot be read, or its learned terms do not fit them.
    """
    variables = tuple(Variable(variable.name, variable.rhs) for variable in system.variables)
    constants = tuple(Parameter(name, 0.0) for name in system.parameters)
    terms = tuple(None if term is None else without_weights(term) for term in system.terms)
    bare = System(variables, system.definitions, constants, DEFAULT_SPAN, terms)
    return _model(bare)


@lru_cache(maxsize=64)
def _model(system: System) -> Model:
    return _of_equations(system)
