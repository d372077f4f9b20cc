"""A module that is being written: its internal functions and what they share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Flow
from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.memory import Layout, Work
from odeplayground.dynamics.kernels.slots import Arguments
from odeplayground.dynamics.kernels.vector import I64, POINTER, VOID, Lanes


class Draft:
    """The module, and the sizes of the problem."""

    def __init__(
        self,
        features: Features,
        n_states: int,
        n_constants: int,
        n_parameters: int,
        n_events: int,
        unroll: int,
        *,
        apart: bool = False,
    ) -> None:
        """With ``apart`` the equations are no part of the module: it calls them by their addresses."""
        self.module = ir.Module()
        self.apart = apart
        self.features = features
        self.n_states, self.n_constants, self.n_parameters = n_states, n_constants, n_parameters
        self.n_events = n_events
        self.layout = Layout()
        self.unroll = unroll
        self._functions: dict[str, ir.Function] = {}

    def function(self, name: str, kind: ir.FunctionType, internal: bool = True) -> ir.Function:
        """A new function, known by its name."""
        made = ir.Function(self.module, kind, name)
        made.attributes.add("nounwind")
        if internal:
            made.linkage = "internal"
        self._functions[name] = made
        return made

    @contextmanager
    def routine(self, name: str, *, with_lane: bool = False, result: ir.Type = VOID) -> Iterator[Frame]:
        """A function of the arguments, the working memory and perhaps a lane. It is only seen from outside if it has
        a result, which then has to be returned inside of the ``with``.
        """
        kinds = [POINTER, POINTER, *([I64] if with_lane else [])]
        made = self.function(name, ir.FunctionType(result, kinds), internal=result is VOID)
        made.args[1].add_attribute("noalias")
        frame = Frame(self, made)
        yield frame
        if result is VOID:
            frame.lanes.builder.ret_void()

    def named(self, name: str) -> ir.Function:
        """A function that was begun before."""
        return self._functions[name]


class Frame:
    """One routine that is being written."""

    def __init__(self, draft: Draft, function: ir.Function) -> None:
        builder = ir.IRBuilder(function.append_basic_block())
        self.draft = draft
        self.function = function
        self.builder = builder
        self.lanes = Lanes(builder, draft.module, draft.features)
        self.flow = Flow(self.lanes, draft.unroll)
        self.work = Work(self.lanes, function.args[1], draft.layout)
        self.arguments = Arguments(self.lanes, function.args[0])

    @property
    def lane(self) -> ir.Value:
        """The lane that the routine is about."""
        return self.function.args[2]

    def call(self, name: str, *more: ir.Value) -> None:
        """Call another routine with the same arguments and memory."""
        self.builder.call(self.draft.named(name), [*self.function.args[:2], *more])

    def bits(self, mask: ir.Value) -> ir.Value:
        """A mask as a 64-bit integer."""
        bits = self.lanes.bits(mask)
        return bits if self.lanes.width == 64 else self.builder.zext(bits, I64)

    def weighted(self, weights: Sequence[float], values: Sequence[ir.Value]) -> ir.Value:
        """The sum of weights times values, from the first on; zero weights are passed over."""
        total = None
        for weight, value in zip(weights, values, strict=True):
            if weight:
                factor = self.lanes.number(weight)
                total = self.lanes.mul(factor, value) if total is None else self.lanes.fma(factor, value, total)
        return self.lanes.number(0.0) if total is None else total
