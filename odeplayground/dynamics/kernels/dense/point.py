"""A network at one point of the tape, for a block of trajectories: its slopes, and cotangents pulled back."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Flow, Index, integer
from odeplayground.dynamics.kernels.dense.product import product
from odeplayground.dynamics.kernels.dense.separate import add_separately
from odeplayground.dynamics.kernels.dense.slots import Block, Slot
from odeplayground.dynamics.kernels.dense.transpose import transpose
from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.network.activate import activate_columns
from odeplayground.dynamics.kernels.network.functions import internal
from odeplayground.dynamics.kernels.vector import I64, POINTER, Lanes


def evaluate(module: ir.Module, features: Features) -> ir.Function:
    """``evaluate(slots, z, h, s, k)``: at states z the activations, their derivatives, and the slopes."""
    return internal(module, features, "dense.evaluate", [POINTER] * 5, _evaluate)


def pull_back(module: ir.Module, features: Features) -> ir.Function:
    """``pull_back(slots, point, cotangent, result)``: the cotangent of the slopes at a point, times the Jacobian.

    Derivatives by the weights and biases are added to their sums.
    """
    return internal(module, features, "dense.pull_back", [POINTER, I64, POINTER, POINTER], _pull_back)


class Layer:
    """One layer of the network: sizes and places at run time."""

    def __init__(self, block: Block, number: Index) -> None:
        self._block = block
        sizes, places = block.pointer(Slot.SIZES), block.pointer(Slot.PLACES)
        self.columns = block.entry(sizes, number)
        self.rows = block.entry(sizes, block.plus(number, 1))
        first = block.times(number, 4)
        self._weights, self._sums, self._bias_sums, self._hidden = (
            block.entry(places, block.plus(first, i)) for i in range(4)
        )
        self.weights = block.lanes.address(block.pointer(Slot.WEIGHTS), self._weights)
        self.bias = block.lanes.address(self.weights, block.times(self.rows, self.columns))

    def units(self, array: ir.Value) -> ir.Value:
        """Its units in a point's array of hidden ones."""
        return self._block.lanes.address(array, self._block.times(self._hidden, self._block.row_size))

    def weight_sums(self) -> ir.Value:
        return self._block.lanes.address(self._block.pointer(Slot.WEIGHT_SUMS), self._sums)

    def separate_sums(self) -> ir.Value:
        """Where the derivatives of each lane begin, in the order of the weights."""
        block = self._block
        return block.lanes.address(block.pointer(Slot.WEIGHT_SUMS), block.times(self._weights, block.row_size))

    def bias_sums(self) -> ir.Value:
        return self._block.lanes.address(self._block.pointer(Slot.BIAS_SUMS), self._bias_sums)


def _evaluate(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    slots, z, h, s, k = arguments
    block, builder, flow = Block(lanes, slots), lanes.builder, Flow(lanes)
    multiply, bend = product(lanes.module, lanes.features), activate_columns(lanes.module, lanes.features)
    size, vectors, one = block.row_size, block.vectors, I64(1)
    source = flow.variable(z)

    def through(layer: Layer, target: ir.Value) -> None:
        weights = [layer.weights, layer.columns, one]
        sizes = [layer.bias, layer.rows, layer.columns, vectors, I64(0)]
        builder.call(multiply, [*weights, source.value, size, target, size, *sizes])

    def hidden(number: Index) -> None:
        layer = Layer(block, number)
        values = layer.units(h)
        through(layer, values)
        builder.call(bend, [block.integer(Slot.ACTIVATION), layer.rows, vectors, values, layer.units(s)])
        source.value = values

    last = builder.sub(block.integer(Slot.LAYERS), one)
    flow.each(last, hidden)
    through(Layer(block, last), k)


def _pull_back(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    slots, point, cotangent, result = arguments
    block, builder, flow = Block(lanes, slots), lanes.builder, Flow(lanes)
    multiply = product(lanes.module, lanes.features)
    size, vectors, zero, one = block.row_size, block.vectors, I64(0), I64(1)
    h, s, z = (block.point(slot, point) for slot in (Slot.H, Slot.S, Slot.Z))
    layers = block.integer(Slot.LAYERS)
    room = block.times(size, block.integer(Slot.WIDEST))
    g = flow.variable(cotangent)

    def layer_before(counted: Index) -> None:
        number = builder.sub(builder.sub(layers, one), counted)
        layer = Layer(block, number)
        first = builder.icmp_signed("==", number, zero)
        before = Layer(block, builder.select(first, zero, builder.sub(number, one)))
        x = builder.select(first, z, before.units(h))
        with builder.if_else(builder.icmp_signed("!=", block.integer(Slot.SEPARATE), zero)) as (separate, together):
            with separate:
                sums = [layer.separate_sums(), layer.rows, layer.columns, vectors]
                builder.call(add_separately(lanes.module, lanes.features), [g.value, x, *sums])
            with together:
                _add_rows(block, layer.rows, g.value, layer.bias_sums())
                _add_outer(block, layer, first, x, g.value)
        free = lanes.address(block.pointer(Slot.WORK), builder.mul(builder.and_(counted, one), room))
        target = builder.select(first, result, free)
        transposed = [layer.weights, one, layer.columns]
        sizes = [block.pointer(Slot.ZEROS), layer.columns, layer.rows, vectors, zero]
        builder.call(multiply, [*transposed, g.value, size, target, size, *sizes])
        with builder.if_then(builder.not_(first)):
            _multiply(block, block.times(layer.columns, vectors), target, before.units(s))
        g.value = target

    flow.each(layers, layer_before)


def _add_outer(block: Block, layer: Layer, first: ir.Value, x: ir.Value, g: ir.Value) -> None:
    """Add to the derivatives of the weights. Where a first layer is taller than wide, its sums are transposed."""
    lanes, builder = block.lanes, block.builder
    flip = builder.and_(first, builder.icmp_signed(">", layer.rows, layer.columns))
    tall, broad = builder.select(flip, x, g), builder.select(flip, g, x)
    rows = builder.select(flip, layer.columns, layer.rows)
    columns = builder.select(flip, layer.rows, layer.columns)
    vectors = builder.sdiv(builder.add(columns, I64(lanes.width - 1)), I64(lanes.width))
    padded, size = builder.mul(vectors, I64(lanes.width)), block.row_size
    room = block.times(block.times(size, block.integer(Slot.WIDEST)), 2)
    turned = lanes.address(block.pointer(Slot.WORK), room)
    builder.call(transpose(lanes.module, lanes.features), [broad, size, turned, padded])
    sizes = [block.pointer(Slot.ZEROS), rows, size, vectors, I64(1)]
    target = layer.weight_sums()
    multiply = product(lanes.module, lanes.features)
    builder.call(multiply, [tall, size, I64(1), turned, padded, target, padded, *sizes])


def _add_rows(block: Block, rows: ir.Value, g: ir.Value, sums: ir.Value) -> None:
    """Add the vectors of each row to one of its sums."""
    lanes = block.lanes

    def row(number: Index) -> None:
        place = block.times(number, lanes.width)
        total = block.flow.variable(lanes.load(sums, place))

        def vector(v: Index) -> None:
            total.value = lanes.add(total.value, lanes.load(block.vector_of(g, number, v)))

        block.flow.each(block.vectors, vector)
        lanes.store(total.value, sums, place)

    block.flow.each(rows, row)


def _multiply(block: Block, count: ir.Value, y: ir.Value, factors: ir.Value) -> None:
    lanes = block.lanes

    def vector(number: Index) -> None:
        place = block.times(integer(number), lanes.width)
        lanes.store(lanes.mul(lanes.load(y, place), lanes.load(factors, place)), y, place)

    block.flow.each(count, vector)
