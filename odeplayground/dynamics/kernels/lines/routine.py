"""A function that is being written, with the block of slots as its first argument."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Flow, Loop
from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.terms import Term, whole
from odeplayground.dynamics.kernels.vector import F64, I64, POINTER, VOID, Lanes


class Doubles:
    """Doubles in memory, by their number."""

    def __init__(self, lanes: Lanes, pointer: ir.Value) -> None:
        self._lanes, self._pointer = lanes, pointer

    def __getitem__(self, index: Term | int) -> Term:
        return Term(self._lanes, self._lanes.builder.load(self._place(index), typ=F64))

    def __setitem__(self, index: Term | int, value: Term) -> None:
        self._lanes.builder.store(value.value, self._place(index))

    def vector(self, index: Term | int) -> Term:
        """Neighbouring ones, the first at this index."""
        return Term(self._lanes, self._lanes.load(self._place(index)))

    def put_vector(self, index: Term | int, value: Term) -> None:
        """Write neighbouring ones."""
        self._lanes.store(value.value, self._place(index))

    def behind(self, index: Term) -> Doubles:
        """Those from this one on."""
        return Doubles(self._lanes, self._place(index))

    def _place(self, index: Term | int) -> ir.Value:
        return self._lanes.address(self._pointer, index if isinstance(index, int) else index.value)


class Integers(Doubles):
    """The same for 64-bit integers."""

    def __getitem__(self, index: Term | int) -> Term:
        return Term(self._lanes, self._lanes.builder.load(self._place(index), typ=I64))


class Cell:
    """A variable."""

    def __init__(self, flow: Flow, initial: Term) -> None:
        self._lanes, self._variable = initial.lanes, flow.variable(initial.value)

    @property
    def now(self) -> Term:
        """Its value, in the order of execution."""
        return Term(self._lanes, self._variable.value)

    @now.setter
    def now(self, value: Term) -> None:
        self._variable.value = value.value


class Routine:
    """Writes one function ``name(block, ...)``; further arguments are integers or doubles."""

    def __init__(
        self, module: ir.Module, features: Features, name: str, kinds: Sequence[ir.Type] = (), result: ir.Type = VOID
    ) -> None:
        self._function = ir.Function(module, ir.FunctionType(result, [POINTER, *kinds]), name)
        self._function.attributes.update(("nounwind", "noinline", "optsize"))
        self.lanes = Lanes(ir.IRBuilder(self._function.append_basic_block()), module, features)
        self.builder = self.lanes.builder
        self.flow = Flow(self.lanes)
        self.arguments = [Term(self.lanes, argument) for argument in self._function.args[1:]]
        self._slots = Doubles(self.lanes, self._function.args[0])

    def integer(self, slot: int) -> Term:
        """A slot that holds an integer."""
        return Integers(self.lanes, self.slot(slot))[0]

    def double(self, slot: int) -> Term:
        """A slot that holds a double."""
        return self._slots[slot]

    def put(self, slot: int, value: Term) -> None:
        """Write a slot."""
        self._slots[slot] = value

    def pointer(self, slot: int) -> ir.Value:
        """A slot that holds an address."""
        return self.builder.load(self.slot(slot), typ=POINTER)

    def doubles(self, slot: int) -> Doubles:
        """The doubles at the address in a slot."""
        return Doubles(self.lanes, self.pointer(slot))

    def integers(self, slot: int) -> Integers:
        """The integers at the address in a slot."""
        return Integers(self.lanes, self.pointer(slot))

    def slot(self, slot: int) -> ir.Value:
        """Where a slot is."""
        return self.lanes.address(self._function.args[0], int(slot))

    def whole(self, value: int) -> Term:
        """An integer."""
        return whole(self.lanes, value)

    def cell(self, initial: Term | int) -> Cell:
        """A variable."""
        return Cell(self.flow, whole(self.lanes, initial) if isinstance(initial, int) else initial)

    def when(self, condition: Term) -> AbstractContextManager[None]:
        """Only if it is true."""
        return self.flow.when(condition.value)

    def loop(self) -> AbstractContextManager[Loop]:
        """Until one leaves."""
        return self.flow.loop()

    def each(self, stop: Term | int, body: Callable[[Term], None], start: Term | int = 0) -> None:
        """``body(index)`` from start up to, not including, stop."""
        first, last = (whole(self.lanes, end) if isinstance(end, int) else end for end in (start, stop))
        self.flow.each(last.value, lambda index: body(Term(self.lanes, index)), first.value)

    def first(self, stop: Term, found: Callable[[Term], Term], start: Term | int = 0) -> Term:
        """The first index from start on, up to ``stop``, for which something is found; ``stop`` if there is none."""
        begin = whole(self.lanes, start) if isinstance(start, int) else start
        index = self.cell((begin < stop).choose(begin, stop))
        with self.loop() as loop:
            loop.leave_if((index.now >= stop).value)
            loop.leave_if(found(index.now).value)
            index.now = index.now + 1
        return index.now

    def call(self, name: str, *more: Term, block: ir.Value | None = None) -> Term:
        """Another routine of the module, with this block or another one."""
        function = self.lanes.module.globals[name]
        base = self._function.args[0] if block is None else block
        return Term(self.lanes, self.builder.call(function, [base, *(term.value for term in more)]))

    def end(self, result: Term | None = None) -> None:
        """The end of the function."""
        if result is None:
            self.builder.ret_void()
        else:
            self.builder.ret(result.value)

    def end_if(self, condition: Term) -> None:
        """Return early from a function without a value."""
        with self.when(condition):
            self.builder.ret_void()
