"""Learned systems as graphs: the network beside what is known."""

from __future__ import annotations

from odeplayground.expr.build import Model
from odeplayground.expr.derivative import differentiate
from odeplayground.expr.graph import Op
from odeplayground.spec import LearnedSystem, Structure


def learned_model(system: LearnedSystem) -> Model:
    """The graph of a learned system, which has the one network 0.

    Raises:
        ValueError: the names do not fit the structure, or the layers do not fit the inputs and outputs.
    """
    _check(system)
    model = Model(system.states, (), networks=1)
    inputs = _inputs(model, system)
    if system.structure is Structure.HAMILTONIAN:
        model.rhs = _hamiltonian(model, system, model.network(0, (0,), inputs))
    else:
        model.rhs = _with_known_rates(model, system, inputs)
    return model


def _inputs(model: Model, system: LearnedSystem) -> list[int]:
    inputs = []
    for name, node in zip(system.states, model.state_nodes, strict=True):
        inputs += [model.graph.apply(op, node) for op in (Op.SIN, Op.COS)] if name in system.angles else [node]
    return [*inputs, model.time] if system.time_input else inputs


def _with_known_rates(model: Model, system: LearnedSystem, inputs: list[int]) -> tuple[int, ...]:
    states = dict(zip(system.states, model.state_nodes, strict=True))
    velocities = dict(system.pairs)
    rates, output = [], 0
    for name in system.states:
        if name in velocities:
            rates.append(states[velocities[name]])
        else:
            rates.append(model.network(0, (output,), inputs))
            output += 1
    return tuple(rates)


def _hamiltonian(model: Model, system: LearnedSystem, energy: int) -> tuple[int, ...]:
    graph, zero = model.graph, model.graph.number(0.0)
    slopes = differentiate(graph, [energy], model.state_nodes)[0]
    by = {name: slopes.get(node, zero) for name, node in zip(system.states, model.state_nodes, strict=True)}
    rates = {}
    for number, (coordinate, momentum) in enumerate(system.pairs):
        rates[coordinate] = by[momentum]
        friction = graph.number(system.friction[number] if system.friction else 0.0)
        loss = graph.apply(Op.MUL, friction, by[momentum])
        rates[momentum] = graph.apply(Op.SUB, graph.apply(Op.NEG, by[coordinate]), loss)
    return tuple(rates[name] for name in system.states)


def _check(system: LearnedSystem) -> None:
    problem = structure_problem(system)
    if problem:
        raise ValueError(problem)
    ends = (system.inputs,), (system.outputs,)
    if (system.layers[:1], system.layers[-1:]) != ends:
        raise ValueError(
            f"A network from {system.inputs} inputs to {system.outputs} outputs cannot have the layers {system.layers}."
        )


def structure_problem(system: LearnedSystem) -> str:
    """A sentence if the names or the friction do not fit the structure; else nothing."""
    states, paired = set(system.states), [name for pair in system.pairs for name in pair]
    if not {*system.angles, *paired} <= states or len(set(system.angles)) < len(system.angles):
        return "Angles and pairs are names of states, each angle once."
    coordinates = [coordinate for coordinate, _ in system.pairs]
    if len(set(coordinates)) < len(coordinates):
        return "A coordinate can only be in one pair."
    if system.structure is Structure.PLAIN and system.pairs:
        return "A plain system has no pairs."
    if system.structure is Structure.HAMILTONIAN and sorted(paired) != sorted(states):
        return "The pairs of a Hamiltonian system hold every state once."
    if system.friction and (system.structure is not Structure.HAMILTONIAN or len(system.friction) != len(system.pairs)):
        return "Friction has one number per pair of a Hamiltonian system."
    return ""
