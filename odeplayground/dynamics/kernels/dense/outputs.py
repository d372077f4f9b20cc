"""States at the wanted times, by the continuous extension of a step; and their cotangents, on the way back."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.kernels.control import Flow, Index
from odeplayground.dynamics.kernels.dense.slots import DENSE, Block, Plane, Row, Slot
from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.network.functions import internal
from odeplayground.dynamics.kernels.vector import I64, POINTER, Lanes


def write_outputs(module: ir.Module, features: Features) -> ir.Function:
    """``write_outputs(slots, step, point)``: the outputs in the step that begins at a point of the tape."""
    return internal(module, features, "dense.write_outputs", [POINTER, I64, I64], _write_outputs)


def pull_outputs(module: ir.Module, features: Features) -> ir.Function:
    """``pull_outputs(slots, step)``: their cotangents as those of the slopes and of the state where it begins."""
    return internal(module, features, "dense.pull_outputs", [POINTER, I64], _pull_outputs)


class _Lane:
    """One vector of lanes, and the step they make."""

    def __init__(self, block: Block, step: ir.Value, vector: Index) -> None:
        lanes = block.lanes
        self._block, self.vector = block, vector
        self._t = lanes.load(block.vector_of(block.pointer(Slot.STEP_T), step, vector))
        self.h = lanes.load(block.vector_of(block.pointer(Slot.STEP_H), step, vector))
        self._moves = lanes.compare(">", self.h, lanes.number(0.0))

    def when(self, k: Index) -> ir.Value:
        """The time of output k."""
        return self._block.lanes.load(self._block.vector_of(self._block.pointer(Slot.TIMES), k, self.vector))

    def holds(self, time: ir.Value, end: ir.Value) -> ir.Value:
        """Whether a time lies in the step, which ends at ``end``; not where it begins."""
        lanes = self._block.lanes
        inside = lanes.both(lanes.compare(">", time, self._t), lanes.compare("<=", time, end))
        return lanes.both(inside, self._moves)

    def weights(self, time: ir.Value) -> list[ir.Value]:
        """Those of the seven slopes, times the step."""
        lanes, tableau = self._block.lanes, self._block.pointer(Slot.TABLEAU)
        safe = lanes.select(self._moves, self.h, lanes.number(1.0))
        theta = lanes.div(lanes.sub(time, self._t), safe)
        theta = lanes.at_most(lanes.number(1.0), lanes.at_least(lanes.number(0.0), theta))
        found = []
        for j in range(7):
            value = lanes.load_splat(tableau, DENSE + 4 * j + 3)
            for power in (2, 1, 0):
                value = lanes.fma(value, theta, lanes.load_splat(tableau, DENSE + 4 * j + power))
            found.append(lanes.mul(lanes.mul(value, theta), self.h))
        return found


def _write_outputs(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    slots, step, point = arguments
    block, builder, flow = Block(lanes, slots), lanes.builder, Flow(lanes)
    ranges, first = block.pointer(Slot.RANGES), block.integer(Slot.NEXT)
    k, begin = flow.variable(first), flow.variable(first)
    reached, passed = flow.variable(I64(0)), flow.variable(I64(1))
    with flow.loop() as loop:
        loop.leave_if(builder.icmp_signed(">=", k.value, block.integer(Slot.N_TIMES)))
        reached.value, passed.value = I64(0), I64(1)

        def vector(v: Index) -> None:
            lane = _Lane(block, step, v)
            time, now = lane.when(k.value), block.get(Row.T, v)
            due = lanes.compare("<=", time, now)
            over = lanes.compare(">", block.get(Row.ENDING, v), lanes.number(float(Ending.RUNNING)))
            reached.value = builder.or_(reached.value, builder.zext(lanes.any(due), I64))
            passed.value = builder.and_(passed.value, builder.zext(lanes.all(lanes.either(due, over)), I64))
            inside = lane.holds(time, now)
            with flow.when(lanes.any(inside)):
                _interpolate(block, lane, point, k.value, inside)

        flow.each(block.vectors, vector)
        # Where all lanes are past an output, the next step need not look at it again.
        in_turn = builder.icmp_signed("==", begin.value, k.value)
        done = builder.and_(in_turn, builder.icmp_signed("==", passed.value, I64(1)))
        begin.value = builder.select(done, builder.add(k.value, I64(1)), begin.value)
        loop.leave_if(builder.icmp_signed("==", reached.value, I64(0)))
        k.value = builder.add(k.value, I64(1))
    block.put_entry(ranges, block.times(step, 2), first)
    block.put_entry(ranges, block.plus(block.times(step, 2), 1), k.value)
    block.put(Slot.NEXT, begin.value)


def _interpolate(block: Block, lane: _Lane, point: ir.Value, k: ir.Value, inside: ir.Value) -> None:
    lanes = block.lanes
    weights = lane.weights(lane.when(k))
    states = block.integer(Slot.STATES)
    slopes = [block.point(Slot.K, block.plus(point, j)) for j in range(7)]
    start, out = block.point(Slot.Z, point), block.pointer(Slot.OUT)

    def state(row: Index) -> None:
        total = lanes.load(block.vector_of(start, row, lane.vector))
        for weight, slope in zip(weights, slopes, strict=True):
            total = lanes.fma(weight, lanes.load(block.vector_of(slope, row, lane.vector)), total)
        target = block.vector_of(out, block.plus(block.times(k, states), row), lane.vector)
        lanes.store(lanes.select(inside, total, lanes.load(target)), target)

    block.flow.each(states, state)


def _pull_outputs(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    slots, step = arguments
    block, builder, flow = Block(lanes, slots), lanes.builder, Flow(lanes)
    ranges = block.pointer(Slot.RANGES)
    begin = block.entry(ranges, block.times(step, 2))
    end = block.entry(ranges, block.plus(block.times(step, 2), 1))
    _clear(block)

    def output(k: Index) -> None:
        def vector(v: Index) -> None:
            lane = _Lane(block, step, v)
            after = lanes.load(block.vector_of(block.pointer(Slot.STEP_T), builder.add(step, I64(1)), v))
            inside = lane.holds(lane.when(k), after)
            with flow.when(lanes.any(inside)):
                _spread(block, lane, k, inside)

        flow.each(block.vectors, vector)

    flow.each(end, output, start=begin)


def _clear(block: Block) -> None:
    """Nothing comes from the outputs yet."""
    lanes = block.lanes
    extra = block.plane(Plane.EXTRA)  # the slopes' planes lie behind it
    count = block.builder.sdiv(block.times(block.state_size, 8), I64(lanes.width))
    block.flow.each(count, lambda i: lanes.store(lanes.number(0.0), extra, block.times(i, lanes.width)))


def _spread(block: Block, lane: _Lane, k: Index, inside: ir.Value) -> None:
    lanes = block.lanes
    weights = lane.weights(lane.when(k))
    states = block.integer(Slot.STATES)
    extra = block.plane(Plane.EXTRA)
    slopes = [block.plane(Plane.SLOPES, j) for j in range(7)]

    def state(row: Index) -> None:
        source = block.vector_of(block.pointer(Slot.COTANGENT), block.plus(block.times(k, states), row), lane.vector)
        g = lanes.select(inside, lanes.load(source), lanes.number(0.0))
        at = block.vector_of(extra, row, lane.vector)
        lanes.store(lanes.add(lanes.load(at), g), at)
        for weight, slope in zip(weights, slopes, strict=True):
            at = block.vector_of(slope, row, lane.vector)
            lanes.store(lanes.fma(weight, g, lanes.load(at)), at)

    block.flow.each(states, state)
