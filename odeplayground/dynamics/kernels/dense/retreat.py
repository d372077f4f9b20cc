"""The way back: the exact adjoint of the steps on the tape, from the last to the first.

With the cotangents of the outputs, the state where the step ended and the slope there, each stage's cotangent follows
from those of the later stages (Hager, Runge-Kutta methods in optimal control, Numerische Mathematik 87 (2000), for the
general form).
"""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Flow, Index
from odeplayground.dynamics.kernels.dense.combine import combine
from odeplayground.dynamics.kernels.dense.outputs import pull_outputs
from odeplayground.dynamics.kernels.dense.point import pull_back
from odeplayground.dynamics.kernels.dense.slots import STAGES, Block, Plane, Slot
from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.network.functions import function, internal
from odeplayground.dynamics.kernels.vector import I64, POINTER, Lanes

RETREAT = "dense.retreat"
ARRIVE = "dense.arrive"


def retreat(module: ir.Module, features: Features) -> ir.Function:
    """``RETREAT(slots)``: back over all steps on the tape."""
    return function(module, features, RETREAT, [POINTER], _retreat)


def arrive(module: ir.Module, features: Features) -> ir.Function:
    """``ARRIVE(slots)``: back through the slope at the very first point."""
    return function(module, features, ARRIVE, [POINTER], _arrive)


def _retreat(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    block, builder, flow = Block(lanes, arguments[0]), lanes.builder, Flow(lanes)
    steps = block.integer(Slot.STEPS)
    step_back = internal(lanes.module, lanes.features, "dense.step_back", [POINTER, I64], _step_back)
    last = builder.sub(steps, I64(1))
    flow.each(steps, lambda counted: builder.call(step_back, [block.slots, builder.sub(last, counted)]))


def _step_back(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    slots, step = arguments
    block, builder = Block(lanes, slots), lanes.builder
    pull, add = pull_back(lanes.module, lanes.features), combine(lanes.module, lanes.features)
    builder.call(pull_outputs(lanes.module, lanes.features), [slots, step])
    point = builder.mul(step, I64(STAGES))
    h = lanes.address(block.pointer(Slot.STEP_H), block.times(step, block.row_size))
    tableau, kappa, pending = block.pointer(Slot.TABLEAU), block.plane(Plane.KAPPA), block.plane(Plane.PENDING)
    state, scratch = block.plane(Plane.PULLED, STAGES), block.plane(Plane.ERROR)
    _sum(block, kappa, pending, block.plane(Plane.SLOPES, STAGES))
    builder.call(pull, [slots, builder.add(point, I64(STAGES)), kappa, scratch])
    _sum(block, state, state, scratch)

    def gather(stage: Index, target: ir.Value) -> None:
        """The cotangent of a stage's slope, from the outputs, the later stages and the state."""
        later = block.plus(stage, 1)
        weights = lanes.address(tableau, block.plus(block.times(later, 7), stage))
        terms = builder.sub(I64(STAGES), block.plus(stage, 0))
        pulled, own = block.plane(Plane.PULLED, later), block.plane(Plane.SLOPES, stage)
        builder.call(add, [slots, target, own, h, weights, I64(7), terms, pulled])

    def back(counted: Index) -> None:
        stage = builder.sub(I64(STAGES - 1), counted)
        gather(stage, kappa)
        builder.call(pull, [slots, builder.add(point, stage), kappa, block.plane(Plane.PULLED, stage)])

    block.flow.each(STAGES - 1, back)
    gather(I64(0), pending)
    for stage in range(1, STAGES):
        _sum(block, state, state, block.plane(Plane.PULLED, stage))
    _sum(block, state, state, block.plane(Plane.EXTRA))


def _arrive(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    block = Block(lanes, arguments[0])
    state, scratch = block.plane(Plane.PULLED, STAGES), block.plane(Plane.ERROR)
    pull = pull_back(lanes.module, lanes.features)
    lanes.builder.call(pull, [block.slots, I64(0), block.plane(Plane.PENDING), scratch])
    _sum(block, state, state, scratch)


def _sum(block: Block, target: ir.Value, a: ir.Value, b: ir.Value) -> None:
    lanes = block.lanes

    def vector(i: Index) -> None:
        place = block.times(i, lanes.width)
        lanes.store(lanes.add(lanes.load(a, place), lanes.load(b, place)), target, place)

    block.flow.each(block.builder.sdiv(block.state_size, I64(lanes.width)), vector)
