"""Sine, cosine and tangent of huge angles, remainders of huge quotients: exact reductions with integers, lane by lane.

They are compiled once per process, for one lane, and called from the places that rarely need them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial

from llvmlite import binding, ir

from odeplayground.dynamics.kernels.compile import Code, Level, compile_written
from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.forks import Lock
from odeplayground.dynamics.kernels.math.far_angle import cosine, sine, tangent
from odeplayground.dynamics.kernels.math.far_remainder import remainder
from odeplayground.dynamics.kernels.vector import F64, Lanes

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
    scalar = ir.Function(lanes.module, ir.FunctionType(F64, [F64] * arity), _symbol(lanes.features, name))
    result = ir.Constant(lanes.real, ir.Undefined)
    for lane in range(lanes.width):
        values = [inner.extract(x, lane) for x in function.args]
        result = inner.insert(result, inner.builder.call(scalar, values), lane)
    inner.builder.ret(result)
    return function


def _symbol(features: Features, name: str) -> str:
    """The name by which LLVM finds a function of one lane in this process. An address would differ at every start."""
    alone = replace(features, width=1)
    with _compiling:  # one code per machine: it must live as long as any other that calls it
        return _symbols(alone)[name]


@cache
def _symbols(features: Features) -> dict[str, str]:
    code, machine = _compiled(features), hashlib.sha256(repr(features).encode()).hexdigest()[:16]
    names = {name: f"odeplayground.far.{name}.{machine}" for name in _FUNCTIONS}
    for name, symbol in names.items():
        binding.add_symbol(symbol, code.address(name))
    return names


_compiling = Lock()


@cache
def _compiled(features: Features) -> Code:
    return compile_written(partial(_module, features), "far", features, Level.QUICK)


def _module(features: Features) -> ir.Module:
    module = ir.Module()
    for name, (body, arity) in _FUNCTIONS.items():
        function = ir.Function(module, ir.FunctionType(F64, [F64] * arity), name)
        lanes = Lanes(ir.IRBuilder(function.append_basic_block()), module, features)
        lanes.builder.ret(body(lanes, *function.args))
    return module
