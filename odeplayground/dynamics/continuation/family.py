"""A system as a function of its states and of the parameters that vary, with all exact first derivatives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from odeplayground import expr
from odeplayground.dynamics import arguments
from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.dense import DenseNetwork
from odeplayground.dynamics.kernels.evaluate import NativeFunction, native_function
from odeplayground.dynamics.kernels.network.calls import calls_networks
from odeplayground.dynamics.tape import Program
from odeplayground.expr.graph import Node, Op, Tape
from odeplayground.spec import AnySystem, LearnedSystem, System

LONG, MANY = 60, 256
"""Tapes of so many nodes, and so many points at once, are worth compiling; the interpreter is as good below."""


class Family:
    """dx/dt = f(x, p) at points (x, p), with n states and k parameters that vary; all other numbers are fixed.

    Points are (n + k, m) arrays, one per column.

    Raises:
        ValueError: for an unknown name, a trained network, which has no parameters, or a system that depends on time.
    """

    def __init__(self, system: AnySystem, names: Sequence[str], parameters: Mapping[str, float] | None) -> None:
        if isinstance(system, LearnedSystem):
            raise ValueError("A trained network has no parameter that could be varied.")
        for name in names:
            if name not in system.parameters:
                raise arguments.unknown_name("parameter", name, system.parameters)
        if len(set(names)) < len(names):
            raise ValueError("The parameters that vary have to be different ones.")
        values = arguments.parameter_values(system, parameters)
        which = tuple(system.parameters.index(name) for name in names)
        self.states, self.names = system.states, tuple(names)
        self.n, self.k = len(system.states), len(which)
        self.start = values[list(which)]
        """Where the parameters that vary stand, (k,)."""
        self._values = values
        self._tape, self._program = _compiled(system, which)
        if not self._program.autonomous:
            raise ValueError("Continuation is for systems that do not depend on time.")
        self._prepared = self._program.prepare(values)

    def values(self, points: Floats) -> tuple[Floats, Floats]:
        """The right-hand side (n, m) and its derivatives by states and parameters (n, n + k, m)."""
        n, m = self.n, points.shape[1]
        if (len(self._tape.nodes) >= LONG or m >= MANY) and not calls_networks(self._tape):
            result = _native(self._tape, n + self.k, self._values.size)(0.0, points, self._values)
        else:
            result = self._program.run(self._prepared, 0.0, points)
        return result[:n], result[n:].reshape(n, n + self.k, m)

    def at(self, point: Floats) -> tuple[Floats, Floats]:
        """The right-hand side (n,) and its derivatives (n, n + k) at one point (n + k,)."""
        value, derivative = self.values(point[:, None])
        return value[:, 0], derivative[:, :, 0]

    def second(self, point: Floats, scale: Floats, a: Floats, b: Floats) -> Floats:
        """The second derivative B(a, b) = sum f_ij a_i b_j, (n,), at a point for real directions, all (n + k,).

        Central differences of the exact first derivatives, with steps of a third of all digits.
        """
        h = _step(scale, a, 1 / 3)
        _, derivative = self.values(np.stack([point + h * a, point - h * a], axis=1))
        result: Floats = (derivative[:, :, 0] - derivative[:, :, 1]) @ b / (2 * h)
        return result

    def third(self, point: Floats, scale: Floats, a: Floats, b: Floats) -> Floats:
        """The third derivative C(a, a, b), (n,), likewise."""
        h = _step(scale, a, 1 / 4)
        _, derivative = self.values(np.stack([point + h * a, point, point - h * a], axis=1))
        result: Floats = (derivative[:, :, 0] - 2 * derivative[:, :, 1] + derivative[:, :, 2]) @ b / h**2
        return result


def _step(scale: Floats, direction: Floats, power: float) -> float:
    """How far to go for a difference, so that the point moves by a small share of its scale (n + k,)."""
    return float(np.finfo(float).eps ** power / max(np.abs(direction / scale).max(), 1e-300))


@lru_cache(maxsize=32)
def _compiled(system: System, which: tuple[int, ...]) -> tuple[Tape, Program]:
    """The tape in which the chosen parameters are further states."""
    model, n = expr.model(system), len(system.states)
    outputs = list(model.rhs)
    for by_state, by_parameter in zip(model.jacobian, model.parameter_jacobian, strict=True):
        outputs += [*by_state, *(by_parameter[k] for k in which)]
    tape = model.tape(outputs)
    place = {k: n + position for position, k in enumerate(which)}
    nodes = tuple(
        Node(Op.STATE, index=place[node.index]) if node.op is Op.PARAMETER and node.index in place else node
        for node in tape.nodes
    )
    moved = Tape(nodes, tape.outputs)
    return moved, Program(moved, [DenseNetwork(term) for term in system.terms if term is not None])


@lru_cache(maxsize=16)
def _native(tape: Tape, n_points: int, n_parameters: int) -> NativeFunction:
    return native_function(tape, n_points, n_parameters)
