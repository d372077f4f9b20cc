"""Networks as operations of a tape: calls of their functions by the addresses in their tables.

The sizes and the weights of a network are known at run time only, so that no code is compiled for them.
"""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from odeplayground.dynamics.kernels.network import second
from odeplayground.dynamics.kernels.network.table import Entries, Slot, Table
from odeplayground.dynamics.kernels.vector import I64, POINTER, Lanes
from odeplayground.expr.graph import Node, Op, Tape


def room(table: Table, width: int) -> int:
    """Doubles of working memory for calls of a network: inputs, outputs, derivatives, and what it needs itself."""
    n, m = table.inputs, table.outputs
    return (n + m + second.planes(n) * m) * width + second.work_size(n, table.widest, width)


def calls_networks(tape: Tape) -> bool:
    """Whether there is a network in a tape."""
    return any(node.op is Op.LEARNED for node in tape.nodes)


def address_in(lanes: Lanes, vector: ir.Value) -> ir.Value:
    """An address that travels as the bits of a parameter. The first lane is always given a trajectory first."""
    bits = lanes.builder.bitcast(lanes.extract(vector, 0), I64)
    return lanes.builder.inttoptr(bits, POINTER)


class Calls:
    """Writes the calls of a tape. Outputs and derivatives of one network at the same inputs are one call.

    There are derivatives up to the second order.
    """

    def __init__(self, lanes: Lanes, tape: Tape, memory: ir.Value | None) -> None:
        """``memory`` points to as many doubles as :func:`room` says; ``None`` if no network is called."""
        self._lanes, self._memory = lanes, memory
        self._wanted: dict[tuple[int, ...], set[tuple[int, ...]]] = {}
        for node in tape.nodes:
            if node.op is Op.LEARNED:
                self._wanted.setdefault(node.args, set()).add(node.part)
        self._found: dict[tuple[int, ...], dict[tuple[int, ...], ir.Value]] = {}

    def value(self, node: Node, arguments: Sequence[ir.Value]) -> ir.Value:
        """The value of a node; its arguments are the address of the table in the first lane, and the inputs."""
        found = self._found.get(node.args)
        if found is None:
            found = self._found[node.args] = self._call(sorted(self._wanted[node.args]), *arguments)
        return found[node.part]

    def _call(
        self, parts: Sequence[tuple[int, ...]], address: ir.Value, *inputs: ir.Value
    ) -> dict[tuple[int, ...], ir.Value]:
        lanes, builder, n = self._lanes, self._lanes.builder, len(inputs)
        assert self._memory is not None
        table = address_in(lanes, address)
        entries = Entries(lanes, table)
        outputs = lanes.address(self._memory, n * lanes.width)
        plane = builder.mul(entries.size(entries.integer(Slot.LAYERS)), I64(lanes.width))
        derivatives = lanes.address(outputs, plane)
        order = max(map(len, parts)) - 1
        work = lanes.address(derivatives, builder.mul(plane, I64((0, n, second.planes(n))[order])))
        for i, value in enumerate(inputs):
            lanes.store(value, self._memory, i * lanes.width)
        arguments = [table, work, self._memory, outputs, derivatives][: 5 if order else 4]
        function = entries.function((Slot.RHS, Slot.LINEAR, Slot.SECOND)[order], [POINTER] * len(arguments))
        builder.call(function, arguments)
        found = {}
        for part in parts:
            output, *by = part
            place = builder.mul(plane, I64(second.plane_of(n, by))) if by else I64(0)
            source = lanes.address(derivatives if by else outputs, place)
            found[part] = lanes.load(source, output * lanes.width)
        return found
