"""A whole network with its exact first and second derivatives by the inputs, for one block of trajectories.

With y = a(x) and x = W u + b, the tangents follow dy_i = a'(x) dx_i and
d2y_ij = a''(x) dx_i dx_j + a'(x) d2x_ij, from layer to layer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Flow, Index, integer
from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.network import forward
from odeplayground.dynamics.kernels.network.activate import activate_slope
from odeplayground.dynamics.kernels.network.activations import NOTHING, logistic, tanh_slope
from odeplayground.dynamics.kernels.network.forward import Memory, Step, each_hidden
from odeplayground.dynamics.kernels.network.functions import function, internal
from odeplayground.dynamics.kernels.network.matrix import layer
from odeplayground.dynamics.kernels.network.table import NUMBER, Entries, Slot
from odeplayground.dynamics.kernels.vector import I64, POINTER, Lanes
from odeplayground.spec import Activation

SECOND = "network.second"
Formula = Callable[[Lanes, ir.Value], ir.Value]


def second(module: ir.Module, features: Features) -> ir.Function:
    """``SECOND(table, work, inputs, outputs, derivatives)``: pointers to vectors.

    Derivatives come in planes, one vector per output: by the first input, by the second, ..., then by both of the
    inputs (0, 0), (0, 1), ..., (1, 1), ...; see :func:`plane_of`.
    """
    return function(module, features, SECOND, [POINTER] * 5, _second)


def planes(inputs: int) -> int:
    """How many planes of derivatives there are."""
    return inputs + inputs * (inputs + 1) // 2


def plane_of(inputs: int, by: Sequence[int]) -> int:
    """The plane of the derivative by one or two inputs, in ascending order."""
    if len(by) == 1:
        return by[0]
    i, j = by
    return inputs + i * inputs - i * (i - 1) // 2 + j - i


def work_size(inputs: int, widest: int, width: int) -> int:
    """Doubles of working memory: planes before and after a layer, its slopes and its curvatures."""
    return (2 * (planes(inputs) + 1) + 2) * widest * width


def _second(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    table, work, inputs, outputs, derivatives = arguments
    entries, builder, flow = Entries(lanes, table), lanes.builder, Flow(lanes)
    n = entries.size(I64(0))
    pairs = builder.sdiv(builder.mul(n, builder.add(n, I64(1))), I64(2))
    first, end = builder.add(n, I64(1)), builder.add(builder.add(n, I64(1)), pairs)
    memory = Memory(lanes, entries, work, end)
    product, bend = layer(lanes.module, lanes.features), activate_slope(lanes.module, lanes.features)
    curve, zeros = _curvature(lanes.module, lanes.features), entries.pointer(Slot.ZEROS)
    curves = lanes.address(memory.slopes(), builder.mul(entries.integer(Slot.WIDEST), I64(lanes.width)))
    forward.copy_inputs(lanes, entries, inputs, memory.input())
    flow.each(n, lambda j: forward.unit_vector(lanes, n, j, memory.input(builder.add(integer(j), I64(1)))))
    flow.each(end, lambda plane: _zero(lanes, n, memory.input(plane)), start=first)

    def hidden(step: Step) -> None:
        y = memory.written(step)
        builder.call(product, [step.weights, step.bias, memory.read(step), y, step.rows, step.columns])
        builder.call(curve, [entries.integer(Slot.ACTIVATION), step.rows, y, curves])
        builder.call(bend, [entries.integer(Slot.ACTIVATION), step.rows, y, memory.slopes()])

        def multiplied(plane: Index) -> None:
            target = memory.written(step, plane)
            builder.call(product, [step.weights, zeros, memory.read(step, plane), target, step.rows, step.columns])

        flow.each(end, multiplied, start=1)
        _each_pair(lanes, n, first, lambda i, j, plane: _bend_twice(lanes, step, memory, curves, (i, j, plane)))
        flow.each(first, lambda plane: _bend(lanes, step, memory, plane), start=1)

    last = each_hidden(lanes, entries, hidden)
    builder.call(product, [last.weights, last.bias, memory.read(last), outputs, last.rows, last.columns])

    def derivative(plane: Index) -> None:
        place = builder.mul(builder.sub(integer(plane), I64(1)), builder.mul(last.rows, I64(lanes.width)))
        target = lanes.address(derivatives, place)
        builder.call(product, [last.weights, zeros, memory.read(last, plane), target, last.rows, last.columns])

    flow.each(end, derivative, start=1)


def _each_pair(lanes: Lanes, n: ir.Value, first: ir.Value, body: Callable[[Index, Index, ir.Value], None]) -> None:
    """``body`` of two planes of first derivatives and that of the second one, in the order of :func:`plane_of`."""
    flow, builder = Flow(lanes), lanes.builder
    after = builder.add(n, I64(1))
    plane = flow.variable(first)

    def row(i: Index) -> None:
        def pair(j: Index) -> None:
            body(i, j, plane.value)
            plane.value = builder.add(plane.value, I64(1))

        flow.each(after, pair, start=i)

    flow.each(after, row, start=1)


def _bend(lanes: Lanes, step: Step, memory: Memory, plane: Index) -> None:
    """The activation's slope times the derivative before it."""
    target, slopes = memory.written(step, plane), memory.slopes()

    def row(place: ir.Value) -> None:
        lanes.store(lanes.mul(lanes.load(target, place), lanes.load(slopes, place)), target, place)

    _each_row(lanes, step.rows, row)


def _bend_twice(
    lanes: Lanes, step: Step, memory: Memory, curves: ir.Value, numbers: tuple[Index, Index, ir.Value]
) -> None:
    """The second derivative behind an activation, while the first ones are still those before it."""
    one, other, target = (memory.written(step, plane) for plane in numbers)
    slopes = memory.slopes()

    def row(place: ir.Value) -> None:
        straight = lanes.mul(lanes.load(target, place), lanes.load(slopes, place))
        product = lanes.mul(lanes.load(one, place), lanes.load(other, place))
        lanes.store(lanes.fma(lanes.load(curves, place), product, straight), target, place)

    _each_row(lanes, step.rows, row)


def _each_row(lanes: Lanes, rows: ir.Value, body: Callable[[ir.Value], None]) -> None:
    Flow(lanes).each(rows, lambda number: body(lanes.builder.mul(integer(number), I64(lanes.width))))


def _zero(lanes: Lanes, n: ir.Value, target: ir.Value) -> None:
    _each_row(lanes, n, lambda place: lanes.store(lanes.number(0.0), target, place))


def _curvature(module: ir.Module, features: Features) -> ir.Function:
    """``curvature(activation, rows, x, curve)``: the second derivatives of the activation at the rows of x."""
    return internal(module, features, "network.curvature", [I64, I64, POINTER, POINTER], _write_curvature)


def _write_curvature(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    activation, rows, x, curve = arguments
    builder = lanes.builder
    end = builder.append_basic_block()
    choice = builder.switch(activation, end)
    for chosen, formula in _CURVATURES.items():
        block = builder.append_basic_block()
        choice.add_case(I64(NUMBER[chosen]), block)
        builder.position_at_end(block)
        _each_row(lanes, rows, partial(_apply, lanes, formula, x, curve))
        builder.branch(end)
    builder.position_at_end(end)


def _apply(lanes: Lanes, formula: Formula, x: ir.Value, target: ir.Value, place: ir.Value) -> None:
    lanes.store(formula(lanes, lanes.load(x, place)), target, place)


def _tanh(lanes: Lanes, x: ir.Value) -> ir.Value:
    """-2 tanh (1 - tanh**2)."""
    (value, _), (slope, _) = tanh_slope(lanes, [x, x])  # of an even number of vectors
    return lanes.mul(lanes.number(-2.0), lanes.mul(value, slope))


def _softplus(lanes: Lanes, x: ir.Value) -> ir.Value:
    """S (1 - s) with the logistic function s."""
    (s, _), (rest, _) = logistic(lanes, [x, x])
    return lanes.mul(s, rest)


def _silu(lanes: Lanes, x: ir.Value) -> ir.Value:
    """S (1 - s) (2 + x (1 - 2 s)); cut off where it is next to nothing."""
    (s, _), (rest, _) = logistic(lanes, [x, x])
    x = lanes.at_most(lanes.number(2 * NOTHING), lanes.at_least(lanes.number(-2 * NOTHING), x))
    return lanes.mul(lanes.mul(s, rest), lanes.fma(x, lanes.sub(rest, s), lanes.number(2.0)))


_CURVATURES: dict[Activation, Formula] = {
    Activation.TANH: _tanh,
    Activation.SOFTPLUS: _softplus,
    Activation.SILU: _silu,
}
