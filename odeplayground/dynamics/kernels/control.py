"""Structured control flow over an IRBuilder, so that generated loops read like loops."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from llvmlite import ir

from odeplayground.dynamics.kernels.vector import I64, Lanes

Index: TypeAlias = ir.Value | int
"""A number that is known while the code is written, or a 64-bit integer at run time."""


def integer(index: Index) -> ir.Value:
    """The index as a value."""
    return I64(index) if isinstance(index, int) else index


class Variable:
    """A place on the stack that LLVM turns into a register."""

    def __init__(self, builder: ir.IRBuilder, initial: ir.Value) -> None:
        self._builder, self._type = builder, initial.type
        with builder.goto_entry_block():
            self._place = builder.alloca(initial.type)
        self.value = initial

    @property
    def value(self) -> ir.Value:
        """What was stored last, in the order of execution."""
        return self._builder.load(self._place, typ=self._type)

    @value.setter
    def value(self, value: ir.Value) -> None:
        self._builder.store(value, self._place)


class Loop:
    """Inside of :meth:`Flow.loop`."""

    def __init__(self, builder: ir.IRBuilder, head: ir.Block, after: ir.Block) -> None:
        self._builder, self._head, self._after = builder, head, after

    def leave_if(self, condition: ir.Value) -> None:
        """Go on behind the loop."""
        self._jump_if(condition, self._after)

    def again_if(self, condition: ir.Value) -> None:
        """Go back to the begin of the loop."""
        self._jump_if(condition, self._head)

    def _jump_if(self, condition: ir.Value, target: ir.Block) -> None:
        rest = self._builder.append_basic_block()
        self._builder.cbranch(condition, target, rest)
        self._builder.position_at_end(rest)


class Flow:
    """Writes branches and loops at the place of the builder of ``lanes``.

    Loops of at most ``unroll`` rounds whose number is known are written out.
    """

    def __init__(self, lanes: Lanes, unroll: int = 0) -> None:
        self._builder = lanes.builder
        self.unroll = unroll

    def variable(self, initial: ir.Value) -> Variable:
        """A variable with its first value."""
        return Variable(self._builder, initial)

    @contextmanager
    def when(self, condition: ir.Value, likely: bool | None = None) -> Iterator[None]:
        """Only if a truth value is true."""
        with self._builder.if_then(condition, likely):
            yield

    @contextmanager
    def loop(self) -> Iterator[Loop]:
        """Again and again, until one leaves."""
        builder = self._builder
        head, after = builder.append_basic_block(), builder.append_basic_block()
        builder.branch(head)
        builder.position_at_end(head)
        yield Loop(builder, head, after)
        builder.branch(head)
        builder.position_at_end(after)

    def each(self, stop: Index, body: Callable[[Index], None], start: Index = 0) -> None:
        """``body(index)`` for all indices from start up to, not including, stop."""
        if isinstance(stop, int) and isinstance(start, int) and stop - start <= max(self.unroll, 1):
            for index in range(start, stop):
                body(index)
            return
        with self._counting(integer(start), integer(stop)) as index:
            body(index)

    @contextmanager
    def _counting(self, start: ir.Value, stop: ir.Value) -> Iterator[ir.Value]:
        builder = self._builder
        before = builder.block
        head, inside, after = (builder.append_basic_block() for _ in range(3))
        builder.branch(head)
        builder.position_at_end(head)
        index = builder.phi(I64)
        index.add_incoming(start, before)
        builder.cbranch(builder.icmp_signed("<", index, stop), inside, after)
        builder.position_at_end(inside)
        yield index
        index.add_incoming(builder.add(index, I64(1)), builder.block)
        builder.branch(head)
        builder.position_at_end(after)

    @contextmanager
    def each_bit(self, bits: ir.Value) -> Iterator[ir.Value]:
        """For the number (a 64-bit integer) of each bit that is set in a 64-bit integer, from the lowest on."""
        builder = self._builder
        before = builder.block
        head, inside, after = (builder.append_basic_block() for _ in range(3))
        builder.branch(head)
        builder.position_at_end(head)
        rest = builder.phi(I64)
        rest.add_incoming(bits, before)
        builder.cbranch(builder.icmp_unsigned("!=", rest, I64(0)), inside, after)
        builder.position_at_end(inside)
        yield builder.cttz(rest, ir.IntType(1)(1))
        without = builder.and_(rest, builder.sub(rest, I64(1)))
        rest.add_incoming(without, builder.block)
        builder.branch(head)
        builder.position_at_end(after)
