"""A whole network, and its exact derivatives by the states, for one block of trajectories."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Flow, Index, integer
from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.network.activate import activate, activate_slope
from odeplayground.dynamics.kernels.network.functions import function
from odeplayground.dynamics.kernels.network.matrix import layer
from odeplayground.dynamics.kernels.network.table import Entries, Slot
from odeplayground.dynamics.kernels.vector import I64, POINTER, Lanes

RHS = "network.rhs"
LINEAR = "network.linear"


def rhs(module: ir.Module, features: Features) -> ir.Function:
    """``RHS(table, work, states, slopes)``: pointers; states and slopes are vectors, one per state.

    Where a state is infinite or NaN, all slopes are NaN. The function can be called from outside.
    """
    return function(module, features, RHS, [POINTER] * 4, _rhs)


def linear(module: ir.Module, features: Features) -> ir.Function:
    """``LINEAR(table, work, states, slopes, derivatives)``: the derivatives by the first state, by the second, ..."""
    return function(module, features, LINEAR, [POINTER] * 5, _linear)


def work_size(n_states: int, widest: int, width: int, derivatives: bool) -> int:
    """Doubles of working memory that the functions need: planes before and after a layer, and its slopes."""
    planes = n_states + 1 if derivatives else 1
    return (2 * planes + derivatives) * widest * width


@dataclass(frozen=True)
class Step:
    """One layer: pointers and sizes at run time, and the number of its half of the working memory."""

    weights: ir.Value
    bias: ir.Value
    rows: ir.Value
    columns: ir.Value
    half: ir.Value


class Memory:
    """The planes: a vector per feature of a layer, for its values and for their derivatives by each state.

    A layer reads one half of the memory and writes the other.
    """

    def __init__(self, lanes: Lanes, entries: Entries, work: ir.Value, planes: ir.Value) -> None:
        self._lanes, self._work, self._planes = lanes, work, planes
        self._size = lanes.builder.mul(entries.integer(Slot.WIDEST), I64(lanes.width))

    def written(self, step: Step, plane: Index = 0) -> ir.Value:
        """Where a layer puts its values, and their derivatives by state ``plane - 1``."""
        return self._plane(step.half, plane)

    def read(self, step: Step, plane: Index = 0) -> ir.Value:
        """Where it finds what the layer before has put."""
        return self._plane(self._lanes.builder.xor(step.half, I64(1)), plane)

    def input(self, plane: Index = 0) -> ir.Value:
        """Where the first layer finds the states."""
        return self._plane(I64(1), plane)

    def slopes(self) -> ir.Value:
        """Room for the derivatives of the activations of a layer."""
        return self._plane(I64(2), 0)

    def _plane(self, half: ir.Value, plane: Index) -> ir.Value:
        builder = self._lanes.builder
        number = builder.add(builder.mul(half, self._planes), integer(plane))
        return self._lanes.address(self._work, builder.mul(number, self._size))


def _rhs(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    table, work, states, slopes = arguments
    entries, builder = Entries(lanes, table), lanes.builder
    memory = Memory(lanes, entries, work, I64(1))
    product, bend = layer(lanes.module, lanes.features), activate(lanes.module, lanes.features)
    copy_inputs(lanes, entries, states, memory.input())

    def hidden(step: Step) -> None:
        y = memory.written(step)
        builder.call(product, [step.weights, step.bias, memory.read(step), y, step.rows, step.columns])
        builder.call(bend, [entries.integer(Slot.ACTIVATION), step.rows, y])

    last = each_hidden(lanes, entries, hidden)
    builder.call(product, [last.weights, last.bias, memory.read(last), slopes, last.rows, last.columns])


def _linear(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    table, work, states, slopes, derivatives = arguments
    entries, builder, flow = Entries(lanes, table), lanes.builder, Flow(lanes)
    n = entries.size(I64(0))
    after = builder.add(n, I64(1))
    memory = Memory(lanes, entries, work, after)
    product, bend = layer(lanes.module, lanes.features), activate_slope(lanes.module, lanes.features)
    zeros = entries.pointer(Slot.ZEROS)
    copy_inputs(lanes, entries, states, memory.input())
    flow.each(n, lambda j: unit_vector(lanes, n, j, memory.input(builder.add(integer(j), I64(1)))))

    def hidden(step: Step) -> None:
        y = memory.written(step)
        builder.call(product, [step.weights, step.bias, memory.read(step), y, step.rows, step.columns])
        builder.call(bend, [entries.integer(Slot.ACTIVATION), step.rows, y, memory.slopes()])

        def derivative(plane: Index) -> None:
            dy = memory.written(step, plane)
            builder.call(product, [step.weights, zeros, memory.read(step, plane), dy, step.rows, step.columns])
            _multiply(lanes, step.rows, dy, memory.slopes())

        flow.each(after, derivative, start=1)

    last = each_hidden(lanes, entries, hidden)
    builder.call(product, [last.weights, last.bias, memory.read(last), slopes, last.rows, last.columns])

    def derivative(plane: Index) -> None:
        place = builder.mul(builder.sub(integer(plane), I64(1)), builder.mul(last.rows, I64(lanes.width)))
        dy = lanes.address(derivatives, place)
        builder.call(product, [last.weights, zeros, memory.read(last, plane), dy, last.rows, last.columns])

    flow.each(after, derivative, start=1)


def each_hidden(lanes: Lanes, entries: Entries, body: Callable[[Step], None]) -> Step:
    """Write ``body`` as a loop over the hidden layers; the step of the last layer."""
    flow, builder = Flow(lanes), lanes.builder
    place = flow.variable(entries.pointer(Slot.WEIGHTS))

    def step(number: ir.Value) -> Step:
        columns, rows = entries.size(number), entries.size(builder.add(number, I64(1)))
        weights = place.value
        bias = lanes.address(weights, builder.mul(rows, columns))
        return Step(weights, bias, rows, columns, builder.and_(number, I64(1)))

    def hidden(number: Index) -> None:
        here = step(integer(number))
        body(here)
        place.value = lanes.address(here.bias, here.rows)

    hidden_layers = builder.sub(entries.integer(Slot.LAYERS), I64(1))
    flow.each(hidden_layers, hidden)
    return step(hidden_layers)


def copy_inputs(lanes: Lanes, entries: Entries, states: ir.Value, target: ir.Value) -> None:
    """Infinite states become NaN, which no activation hides."""

    def copy(row: Index) -> None:
        place = lanes.builder.mul(row, I64(lanes.width))
        x = lanes.load(states, place)
        lanes.store(lanes.add(x, lanes.sub(x, x)), target, place)

    Flow(lanes).each(entries.size(I64(0)), copy)


def unit_vector(lanes: Lanes, n: ir.Value, j: Index, target: ir.Value) -> None:
    """The derivatives of the states by state j."""
    builder = lanes.builder

    def row(i: Index) -> None:
        same = builder.icmp_signed("==", integer(i), integer(j))
        value = builder.select(same, lanes.number(1.0), lanes.number(0.0))
        lanes.store(value, target, builder.mul(i, I64(lanes.width)))

    Flow(lanes).each(n, row)


def _multiply(lanes: Lanes, rows: ir.Value, y: ir.Value, factors: ir.Value) -> None:
    def row(number: Index) -> None:
        place = lanes.builder.mul(number, I64(lanes.width))
        lanes.store(lanes.mul(lanes.load(y, place), lanes.load(factors, place)), y, place)

    Flow(lanes).each(rows, row)
