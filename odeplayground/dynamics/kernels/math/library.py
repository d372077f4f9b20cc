"""What all functions share: being defined once per module, polynomials, and paths that few lanes need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps

from llvmlite import ir

from odeplayground.dynamics.kernels.compile import INLINED
from odeplayground.dynamics.kernels.vector import Lanes

VectorFunction = Callable[..., ir.Value]
"""Of lanes and vectors, to a vector."""


def function(body: VectorFunction) -> VectorFunction:
    """Make ``body`` a function of the module: written down at its first use, called at each."""
    name = INLINED + body.__name__

    @wraps(body)
    def call(lanes: Lanes, *arguments: ir.Value) -> ir.Value:
        known = lanes.module.globals.get(name)
        if known is None:
            known = define(lanes, name, body, len(arguments))
        return lanes.builder.call(known, arguments)

    return call


def define(lanes: Lanes, name: str, body: VectorFunction, arity: int) -> ir.Function:
    """Add a function of vectors to the module."""
    kind = ir.FunctionType(lanes.real, [lanes.real] * arity)
    function = ir.Function(lanes.module, kind, name)
    function.linkage = "internal"
    inner = Lanes(ir.IRBuilder(function.append_basic_block()), lanes.module, lanes.features)
    inner.builder.ret(body(inner, *function.args))
    return function


def polynomial(lanes: Lanes, x: ir.Value, coefficients: Sequence[float]) -> ir.Value:
    """c_0 + c_1 x + c_2 x**2 + ..., for c_0 that outweighs the rest.

    The rest is summed in pairs (Estrin's scheme), since a chain of sums would wait for itself; then c_0 is added, so
    that only one rounding is of its size.
    """
    first, *others = coefficients
    return lanes.fma(x, paired(lanes, x, others), lanes.number(first))


def paired(lanes: Lanes, x: ir.Value, coefficients: Sequence[float]) -> ir.Value:
    """The same, all of it summed in pairs: sooner known, with a few more roundings."""
    terms = [lanes.number(c) for c in coefficients]
    power = x
    while len(terms) > 1:
        pairs = [lanes.fma(power, high, low) for low, high in zip(terms[::2], terms[1::2], strict=False)]
        terms = pairs + terms[len(pairs) * 2 :]
        if len(terms) > 1:
            power = lanes.mul(power, power)
    return terms[0]


def where_needed(lanes: Lanes, mask: ir.Value, usual: ir.Value, rare: Callable[[Lanes], ir.Value]) -> ir.Value:
    """``usual``, but ``rare`` in the lanes of ``mask``; its code is jumped over where no lane needs it."""
    builder = lanes.builder
    before = builder.block
    needed, after = builder.append_basic_block(), builder.append_basic_block()
    builder.cbranch(lanes.any(mask), needed, after).set_weights([1, 1000])
    builder.position_at_end(needed)
    patched = lanes.select(mask, rare(lanes), usual)
    leaving = builder.block
    builder.branch(after)
    builder.position_at_end(after)
    result = builder.phi(lanes.real)
    result.add_incoming(usual, before)
    result.add_incoming(patched, leaving)
    return result
