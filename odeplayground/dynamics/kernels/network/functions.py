"""Functions of a module, written down at their first use."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from llvmlite import ir

from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.vector import POINTER, VOID, Lanes

Body = Callable[[Lanes, Sequence[ir.Value]], None]
"""Writes the function's code, without the return, from its arguments."""


def function(module: ir.Module, features: Features, name: str, kinds: Sequence[ir.Type], body: Body) -> ir.Function:
    """The function of that name, without a value, which can be called from outside; written if it is not there yet.

    What it writes to must not overlap with what its other pointers lead to.
    """
    known = module.globals.get(name)
    return _write(module, features, name, kinds, body) if known is None else known


def internal(module: ir.Module, features: Features, name: str, kinds: Sequence[ir.Type], body: Body) -> ir.Function:
    """The same, to be called in this module only."""
    result = function(module, features, name, kinds, body)
    result.linkage = "internal"
    return result


def _write(module: ir.Module, features: Features, name: str, kinds: Sequence[ir.Type], body: Body) -> ir.Function:
    written = ir.Function(module, ir.FunctionType(VOID, kinds), name)
    # Loops are as long as they should be: unrolling and inlining would double the time to compile.
    written.attributes.update(("nounwind", "noinline", "optsize"))
    for argument in written.args:
        if argument.type == POINTER:
            argument.add_attribute("noalias")
    lanes = Lanes(ir.IRBuilder(written.append_basic_block()), module, features)
    body(lanes, written.args)
    lanes.builder.ret_void()
    return written
