"""A bound on steps where trajectories rest.

A step is chosen by the error of the trajectory, which has none at an equilibrium; but gradients go through the steps,
and perturbations have errors. So steps are also bounded by the spectral radius of the Jacobian, which a nonlinear
power method follows: one evaluation per step (Sommeijer, Shampine, Verwer 1998, RKC, section 3).
"""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Flow, Index
from odeplayground.dynamics.kernels.dense.point import evaluate
from odeplayground.dynamics.kernels.dense.slots import STAGES, Block, Plane, Row, Setting, Slot
from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.network.functions import function
from odeplayground.dynamics.kernels.vector import I64, POINTER, Lanes

BOUND = "dense.bound_steps"


def bound_steps(module: ir.Module, features: Features) -> ir.Function:
    """``BOUND(slots, point)``: bound the next steps, from where the step that began at a point of the tape ended."""
    return function(module, features, BOUND, [POINTER, I64], _bound)


def _bound(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    slots, point = arguments
    block, builder, flow = Block(lanes, slots), lanes.builder, Flow(lanes)
    end = builder.add(point, I64(STAGES))
    with flow.when(builder.icmp_signed("!=", block.integer(Slot.CAPPED), I64(0))):
        z, k = block.point(Slot.Z, end), block.point(Slot.K, end)
        flow.each(block.vectors, lambda v: _probe(block, z, v))
        probe, slope = block.plane(Plane.PROBE), block.plane(Plane.PROBE, 1)
        work = block.pointer(Slot.WORK)
        hidden = block.times(block.row_size, block.integer(Slot.HIDDEN))
        spare = lanes.address(work, block.times(hidden, 1))
        builder.call(evaluate(lanes.module, lanes.features), [slots, probe, work, spare, slope])
        flow.each(block.vectors, lambda v: _follow(block, k, v))


def _probe(block: Block, z: ir.Value, v: Index) -> None:
    """A state beside the end of the step, at a small distance in the direction that grows fastest."""
    lanes, flow = block.lanes, block.flow
    total = flow.variable(lanes.number(0.0))
    states = block.integer(Slot.STATES)

    def add(i: Index) -> None:
        x = lanes.load(block.vector_of(z, i, v))
        total.value = lanes.fma(x, x, total.value)

    flow.each(states, add)
    root = 2.0**-26 if lanes.features.bits == 64 else 2.0**-11
    size = lanes.mul(lanes.number(root), lanes.sqrt(total.value))
    size = lanes.select(lanes.compare(">", size, lanes.number(root * 1e-3)), size, lanes.number(root * 1e-3))
    block.set(Row.ERROR, v, size)
    direction, probe = block.plane(Plane.DIRECTION), block.plane(Plane.PROBE)

    def place(i: Index) -> None:
        x, d = (lanes.load(block.vector_of(array, i, v)) for array in (z, direction))
        lanes.store(lanes.fma(size, d, x), block.vector_of(probe, i, v))

    flow.each(states, place)


def _follow(block: Block, k: ir.Value, v: Index) -> None:
    lanes, flow = block.lanes, block.flow
    total = flow.variable(lanes.number(0.0))
    states, slope, direction = block.integer(Slot.STATES), block.plane(Plane.PROBE, 1), block.plane(Plane.DIRECTION)

    def change(i: Index) -> ir.Value:
        return lanes.sub(lanes.load(block.vector_of(slope, i, v)), lanes.load(block.vector_of(k, i, v)))

    def add(i: Index) -> None:
        d = change(i)
        total.value = lanes.fma(d, d, total.value)

    flow.each(states, add)
    length = lanes.sqrt(total.value)
    good = lanes.both(lanes.compare(">", length, lanes.number(0.0)), lanes.is_finite(length))
    inverse = lanes.div(lanes.number(1.0), lanes.select(good, length, lanes.number(1.0)))

    def turn(i: Index) -> None:
        at = block.vector_of(direction, i, v)
        lanes.store(lanes.select(good, lanes.mul(change(i), inverse), lanes.load(at)), at)

    flow.each(states, turn)
    rate = lanes.select(good, lanes.div(length, block.get(Row.ERROR, v)), lanes.number(0.0))
    # The greatest of late: one estimate of a rotation may be far too small.
    rate = lanes.at_least(lanes.mul(lanes.number(0.9), block.get(Row.RATE, v)), rate)
    block.set(Row.RATE, v, rate)
    some = lanes.compare(">", rate, lanes.number(0.0))
    bound = lanes.div(block.setting(Setting.LARGEST), lanes.select(some, rate, lanes.number(1.0)))
    h = block.get(Row.STEP, v)
    block.set(Row.STEP, v, lanes.select(lanes.both(some, lanes.compare(">", h, bound)), bound, h))
