"""The equations of a system as functions over vectors, for the drivers to call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llvmlite import ir

from odeplayground.dynamics.kernels.constants import take_out_constants
from odeplayground.dynamics.kernels.draft import Draft, Frame
from odeplayground.dynamics.kernels.emit import emit
from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.memory import Layout
from odeplayground.dynamics.kernels.network.calls import calls_networks
from odeplayground.dynamics.kernels.slots import Slot
from odeplayground.dynamics.kernels.vector import F64, POINTER, VOID, Lanes
from odeplayground.expr.graph import Op, Tape

SHORT = 40
"""Equations of so few operations become part of the steps: a fifth faster. Longer ones only take longer to compile."""
FUNCTIONS = {"constants": Slot.CONSTANTS, "rhs": Slot.RHS, "linear": Slot.LINEAR, "events": Slot.EVENTS}
"""Where a driver that is apart finds their addresses."""


@dataclass(frozen=True)
class Equations:
    """Tapes of what is needed of a system."""

    n_states: int
    n_parameters: int
    rhs: Tape
    linear: Tape | None = None
    """Right-hand sides, then their derivatives by the states (row by row), then those by time: for Rosenbrock."""
    events: Tape | None = None
    """Functions whose zeros are crossings."""

    @property
    def n_events(self) -> int:
        """How many event functions there are."""
        return 0 if self.events is None else len(self.events.outputs)

    @property
    def driven(self) -> bool:
        """Whether time occurs in the right-hand sides."""
        return any(node.op is Op.TIME for node in self.rhs.nodes)


class Written:
    """The tapes without their constants, and the functions in a module."""

    def __init__(self, equations: Equations) -> None:
        named = {"rhs": equations.rhs, "linear": equations.linear, "events": equations.events}
        tapes = {name: tape for name, tape in named.items() if tape is not None}
        self.equations = equations
        self._constants, moving = take_out_constants(list(tapes.values()))
        self._moving = dict(zip(tapes, moving, strict=True))
        self.n_constants = len(self._constants.outputs)

    @property
    def names(self) -> list[str]:
        """What the functions are called."""
        return ["constants", *self._moving]

    def write(self, draft: Draft, behind: int, *, internal: bool = True) -> None:
        """Put the functions into the module.

        Networks work in the memory behind that of the driver, which ends so many vectors after the constants.
        """
        _write(draft, "constants", self._constants, 0, self.equations.n_parameters, behind, internal)
        for name, tape in self._moving.items():
            _write(draft, name, tape, self.equations.n_states, self.n_constants, behind, internal)


def _kind(features: Features) -> ir.FunctionType:
    """``name(t, states, parameters, outputs)``: a vector and three pointers to vectors."""
    return ir.FunctionType(VOID, [ir.VectorType(F64, features.width), POINTER, POINTER, POINTER])


def behind_constants(layout: Layout) -> int:
    """How many vectors after the begin of the constants the memory of a driver ends."""
    return layout.vectors - layout.place("constants")


def _write(draft: Draft, name: str, tape: Tape, n_states: int, n_parameters: int, behind: int, internal: bool) -> None:
    function = draft.function(name, _kind(draft.features), internal)
    function.args[3].add_attribute("noalias")
    if internal and len(tape.nodes) <= SHORT:
        function.attributes.add("alwaysinline")
    lanes = Lanes(ir.IRBuilder(function.append_basic_block()), draft.module, draft.features)
    used = {(node.op, node.index) for node in tape.nodes}
    t, states, parameters, outputs = function.args
    constants = outputs if name == "constants" else parameters
    values = emit(
        lanes,
        tape,
        t,
        _loaded(lanes, states, [(Op.STATE, i) in used for i in range(n_states)]),
        _loaded(lanes, parameters, [(Op.PARAMETER, i) in used for i in range(n_parameters)]),
        lanes.address(constants, behind * lanes.width) if calls_networks(tape) else None,
    )
    for i, value in enumerate(values):
        lanes.store(value, outputs, i * lanes.width)
    lanes.builder.ret_void()


def _loaded(lanes: Lanes, pointer: ir.Value, used: Sequence[bool]) -> list[ir.Value]:
    nothing = lanes.number(0.0)
    return [lanes.load(pointer, i * lanes.width) if wanted else nothing for i, wanted in enumerate(used)]


def evaluate(frame: Frame, name: str, t: ir.Value, states: ir.Value, outputs: ir.Value) -> None:
    """Write a call of ``rhs``, ``linear`` or ``events``; states and outputs are pointers to vectors."""
    frame.builder.call(_function(frame, name), [t, states, frame.work.address("constants"), outputs])


def compute_constants(frame: Frame) -> None:
    """Write the computation of the constants from the parameters of all lanes."""
    work = frame.work
    unused = work.address("parameters")
    arguments = [frame.lanes.number(0.0), unused, work.address("parameters"), work.address("constants")]
    frame.builder.call(_function(frame, "constants"), arguments)


def _function(frame: Frame, name: str) -> ir.Value:
    if frame.draft.apart:
        return frame.arguments.function(FUNCTIONS[name], _kind(frame.draft.features))
    return frame.draft.named(name)
