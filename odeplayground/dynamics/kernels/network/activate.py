"""The activation of a layer: one pass over its rows, with the function chosen at run time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Flow, Index, integer
from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.network.activations import ACTIVATIONS
from odeplayground.dynamics.kernels.network.functions import internal
from odeplayground.dynamics.kernels.network.matrix import register_width
from odeplayground.dynamics.kernels.network.table import NUMBER
from odeplayground.dynamics.kernels.vector import I64, POINTER, Lanes
from odeplayground.spec import Activation

REGISTERS = 4
"""As many are worked on at a time: enough to fill the waiting times of one chain, few enough to stay in registers."""

Places = Sequence[ir.Value]
"""Where rows begin, in doubles."""


def activate(module: ir.Module, features: Features) -> ir.Function:
    """``activate(activation, rows, y)``: replace the rows of y by their activations."""
    return internal(module, features, "network.activate", [I64, I64, POINTER], _activate)


def activate_slope(module: ir.Module, features: Features) -> ir.Function:
    """``activate_slope(activation, rows, y, slope)``: the same, and the derivatives at the old rows."""
    return internal(module, features, "network.activate_slope", [I64, I64, POINTER, POINTER], _activate_slope)


def activate_columns(module: ir.Module, features: Features) -> ir.Function:
    """``activate_columns(activation, rows, vectors, y, slope)``: the same for rows of several vectors.

    Each column of vectors is worked on by itself, so that it does not matter how many there are.
    """
    kinds = [I64, I64, I64, POINTER, POINTER]
    return internal(module, features, "network.activate_columns", kinds, _activate_columns)


def _activate(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    activation, rows, y = arguments

    def write(chosen: Activation, places: Places) -> None:
        values, _ = ACTIVATIONS[chosen]
        _store(lanes, values(lanes, [lanes.load(y, place) for place in places]), y, places)

    _choose(lanes, activation, rows, write)


def _activate_slope(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    activation, rows, y, slope = arguments
    _choose(lanes, activation, rows, partial(_bend_rows, lanes, y, slope))


def _activate_columns(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    activation, rows, vectors, y, slope = arguments
    bend, builder = _activate_apart(lanes.module, lanes.features), lanes.builder
    apart = builder.mul(vectors, I64(lanes.width))

    def column(number: Index) -> None:
        place = builder.mul(integer(number), I64(lanes.width))
        builder.call(bend, [activation, rows, apart, lanes.address(y, place), lanes.address(slope, place)])

    Flow(lanes).each(vectors, column)


def _activate_apart(module: ir.Module, features: Features) -> ir.Function:
    """The same as ``activate_slope``, for rows that are so many numbers apart."""
    kinds = [I64, I64, I64, POINTER, POINTER]
    return internal(module, features, "network.activate_apart", kinds, _write_activate_apart)


def _write_activate_apart(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    activation, rows, apart, y, slope = arguments
    _choose(lanes, activation, rows, partial(_bend_rows, lanes, y, slope), apart)


def _bend_rows(lanes: Lanes, y: ir.Value, slope: ir.Value, chosen: Activation, places: Places) -> None:
    _, both = ACTIVATIONS[chosen]
    values, slopes = both(lanes, [lanes.load(y, place) for place in places])
    _store(lanes, values, y, places)
    _store(lanes, slopes, slope, places)


def _store(lanes: Lanes, values: Sequence[ir.Value], pointer: ir.Value, places: Places) -> None:
    for value, place in zip(values, places, strict=True):
        lanes.store(value, pointer, place)


def _choose(
    lanes: Lanes,
    activation: ir.Value,
    rows: ir.Value,
    write: Callable[[Activation, Places], None],
    apart: ir.Value | None = None,
) -> None:
    builder = lanes.builder
    end = builder.append_basic_block()
    choice = builder.switch(activation, end)
    for chosen, number in NUMBER.items():
        block = builder.append_basic_block()
        choice.add_case(I64(number), block)
        builder.position_at_end(block)
        _all_rows(lanes, rows, partial(write, chosen), I64(lanes.width) if apart is None else apart)
        builder.branch(end)
    builder.position_at_end(end)


def _group(features: Features) -> int:
    """Rows at a time: an even number, since two share a division, the same two for every width."""
    return max(2, REGISTERS * register_width(features) // features.width)


def _all_rows(lanes: Lanes, rows: ir.Value, body: Callable[[Places], None], apart: ir.Value) -> None:
    """``body`` for groups of rows, so many numbers apart. The last group may hold its last row several times."""
    flow, builder = Flow(lanes), lanes.builder
    size, last = _group(lanes.features), builder.sub(rows, I64(1))

    def group(number: Index) -> None:
        first = builder.mul(number, I64(size))
        places = []
        for i in range(size):
            row = builder.add(first, I64(i))
            inside = builder.select(builder.icmp_signed("<", row, last), row, last)
            places.append(builder.mul(inside, apart))
        body(places)

    flow.each(builder.sdiv(builder.add(rows, I64(size - 1)), I64(size)), group)
