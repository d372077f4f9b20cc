"""Sine, cosine and tangent of huge angles, remainders of huge quotients: exact reductions with integers, lane by lane.

They are compiled once per process, for one lane, and called by address from the places that rarely need them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from llvmlite import ir

from odeplayground.dynamics.kernels.compile import Code, Level, compile_module
from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.forks import Lock
from odeplayground.dynamics.kernels.math.far_angle import cosine, sine, tangent
from odeplayground.dynamics.kernels.math.far_remainder import remainder
from odeplayground.dynamics.kernels.vector import F64, I64, Lanes

_FUNCTIONS: dict[str, tuple[Callable[..., ir.Value], int]] = {
    "sine": (sine, 1),
    "cosine": (cosine, 1),
    "tangent": (tangent, 1),
    "remainder": (remainder, 2),
}
"""Names, what writes them (of one-lane lanes and scalars, to a scalar), and numbers of arguments."""


def each_lane(lanes: Lanes, name: str, *arguments: ir.Value) -> ir.Value:
    """One of these functions for each lane, in a function of its own: it is seldom run and must not be in the way."""
    full = f"far.{name}"
    function = lanes.module.globals.get(full)
    if function is None:
        function = _define(lanes, full, name, len(arguments))
    return lanes.builder.call(function, arguments)


def _define(lanes: Lanes, full: str, name: str, arity: int) -> ir.Function:
    function = ir.Function(lanes.module, ir.FunctionType(lanes.real, [lanes.real] * arity), full)
    function.linkage = "internal"
    function.attributes.add("noinline")
    function.attributes.add("cold")
    inner = Lanes(ir.IRBuilder(function.append_basic_block()), lanes.module, lanes.features)
    kind = ir.FunctionType(F64, [F64] * arity)
    address = I64(_code(replace(lanes.features, width=1)).address(name))
    scalar = inner.builder.inttoptr(address, kind.as_pointer())
    result = ir.Constant(lanes.real, ir.Undefined)
    for lane in range(lanes.width):
        values = [inner.extract(x, lane) for x in function.args]
        result = inner.insert(result, inner.builder.call(scalar, values), lane)
    inner.builder.ret(result)
    return function


def _code(features: Features) -> Code:
    with _compiling:  # one code per machine: it must live as long as any other that holds its addresses
        return _compiled(features)


_compiling = Lock()


@cache
def _compiled(features: Features) -> Code:
    module = ir.Module()
    for name, (body, arity) in _FUNCTIONS.items():
        function = ir.Function(module, ir.FunctionType(F64, [F64] * arity), name)
        lanes = Lanes(ir.IRBuilder(function.append_basic_block()), module, features)
        lanes.builder.ret(body(lanes, *function.args))
    return compile_module(module, features, Level.QUICK)
