"""The functions of a network for arrays with one column per trajectory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Flow, Index, integer
from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.network import forward
from odeplayground.dynamics.kernels.network.functions import function
from odeplayground.dynamics.kernels.network.table import Entries
from odeplayground.dynamics.kernels.vector import I64, POINTER, Lanes

RHS = "columns.rhs"
JACOBIAN = "columns.jacobian"


def define_columns(module: ir.Module, features: Features) -> None:
    """``RHS`` and ``JACOBIAN``, both of ``(table, states, work, results, columns)``.

    The states (n, columns) have at least as many columns as there are lanes. The results are (n, columns) or
    (n, n, columns). Results of a column depend on that column alone.
    """
    kinds = [POINTER] * 4 + [I64]
    function(module, features, RHS, kinds, partial(_columns, _rhs))
    function(module, features, JACOBIAN, kinds, partial(_columns, _jacobian))


def work_size(n_states: int, widest: int, width: int, derivatives: bool) -> int:
    """Doubles of working memory: that of the network, and a block of states and of all results."""
    room = n_states * (n_states + 2) * width
    return room + forward.work_size(n_states, widest, width, derivatives)


class Block:
    """One block of columns that is being computed."""

    def __init__(self, lanes: Lanes, arguments: Sequence[ir.Value], column: ir.Value) -> None:
        self.lanes = lanes
        self.table, self._states, self._memory, self._results, self._columns = arguments
        self.n = Entries(lanes, self.table).size(I64(0))
        self._column = column
        self.vectors = lanes.builder.mul(self.n, I64(lanes.width))
        """Doubles in a block of states."""

    @property
    def states(self) -> ir.Value:
        """The states of the block."""
        return self._memory

    @property
    def slopes(self) -> ir.Value:
        """Room for as many."""
        return self.lanes.address(self._memory, self.vectors)

    @property
    def derivatives(self) -> ir.Value:
        """Room for those of each state."""
        return self.lanes.address(self.slopes, self.vectors)

    @property
    def work(self) -> ir.Value:
        """The rest of the memory."""
        return self.lanes.address(self.derivatives, self.lanes.builder.mul(self.vectors, self.n))

    def fetch(self) -> None:
        """Gather the states."""
        builder = self.lanes.builder

        def row(i: Index) -> None:
            x = self.lanes.load(self._states, self._place(integer(i)))
            self.lanes.store(x, self.states, builder.mul(integer(i), I64(self.lanes.width)))

        Flow(self.lanes).each(self.n, row)

    def put(self, source: ir.Value, number: ir.Value, row: ir.Value) -> None:
        """Write vector ``number`` of a block to a row of the results."""
        value = self.lanes.load(source, self.lanes.builder.mul(number, I64(self.lanes.width)))
        self.lanes.store(value, self._results, self._place(row))

    def _place(self, row: ir.Value) -> ir.Value:
        return self.lanes.builder.add(self.lanes.builder.mul(row, self._columns), self._column)


def _columns(body: Callable[[Block], None], lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    """Blocks of columns from left to right; the last one overlaps the one before."""
    builder, width = lanes.builder, I64(lanes.width)
    columns = arguments[4]
    greatest = builder.sub(columns, width)

    def block(number: Index) -> None:
        column = builder.mul(integer(number), width)
        over = builder.icmp_signed(">", column, greatest)
        here = Block(lanes, arguments, builder.select(over, greatest, column))
        here.fetch()
        body(here)

    blocks = builder.sdiv(builder.add(columns, I64(lanes.width - 1)), width)
    Flow(lanes).each(blocks, block)


def _rhs(block: Block) -> None:
    lanes = block.lanes
    lanes.builder.call(forward.rhs(lanes.module, lanes.features), [block.table, block.work, block.states, block.slopes])
    Flow(lanes).each(block.n, lambda i: block.put(block.slopes, integer(i), integer(i)))


def _jacobian(block: Block) -> None:
    """The block has the derivatives by each state after the other, the array those of each slope."""
    lanes, builder, flow = block.lanes, block.lanes.builder, Flow(block.lanes)
    arguments = [block.table, block.work, block.states, block.slopes, block.derivatives]
    lanes.builder.call(forward.linear(lanes.module, lanes.features), arguments)

    def by_state(j: Index) -> None:
        def of_slope(i: Index) -> None:
            number = builder.add(builder.mul(j, block.n), i)
            block.put(block.derivatives, number, builder.add(builder.mul(i, block.n), j))

        flow.each(block.n, of_slope)

    flow.each(block.n, by_state)
