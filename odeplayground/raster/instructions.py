"""Short names for the instructions that the kernels here are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from llvmlite import ir

BYTE, INT, LONG, REAL = ir.IntType(8), ir.IntType(32), ir.IntType(64), ir.DoubleType()


def function(module: ir.Module, name: str, arguments: Mapping[str, Any]) -> tuple[ir.IRBuilder, dict[str, Any]]:
    """Begin a function that returns nothing; its builder, and its arguments by name. No two pointers overlap."""
    made = ir.Function(module, ir.FunctionType(ir.VoidType(), list(arguments.values())), name)
    values = dict(zip(arguments, made.args, strict=True))
    for value in values.values():
        if isinstance(value.type, ir.PointerType):
            value.add_attribute("noalias")
    return ir.IRBuilder(made.append_basic_block()), values


@contextmanager
def loop(b: ir.IRBuilder, first: Any, stop: Any) -> Iterator[Any]:
    """Count from ``first`` up to before ``stop``."""
    before = b.block
    head, body, after = (b.append_basic_block(name) for name in ("head", "body", "after"))
    b.branch(head)
    b.position_at_end(head)
    number = b.phi(LONG)
    number.add_incoming(first, before)
    b.cbranch(b.icmp_signed("<", number, stop), body, after)
    b.position_at_end(body)
    yield number
    number.add_incoming(b.add(number, long(1)), b.block)
    b.branch(head)
    b.position_at_end(after)


def pixel(b: ir.IRBuilder, values: Mapping[str, Any], i: Any) -> list[Any]:
    """Point i of ``points`` in pixels, by ``sx``, ``sy``, ``tx``, ``ty``."""
    first = b.gep(values["points"], [b.shl(i, long(1))])
    pair = (b.load(first), b.load(b.gep(first, [long(1)])))
    return [
        b.fadd(b.fmul(values[scale], value), values[shift])
        for value, scale, shift in zip(pair, ("sx", "sy"), ("tx", "ty"), strict=True)
    ]


def middle_from(b: ir.IRBuilder, place: Any, size: Any) -> Any:
    """Number of the first pixel whose middle is not before a place; of ``size`` pixels, or one beyond."""
    inside = clamped(b, place, b.sitofp(size, REAL))
    return b.fptosi(call(b, "llvm.ceil", b.fsub(inside, real(0.5))), LONG)


def clamped(b: ir.IRBuilder, value: Any, size: Any) -> Any:
    """The value, from 0 to a size."""
    return least(b, most(b, value, real(0.0)), size)


def least(b: ir.IRBuilder, one: Any, other: Any) -> Any:
    """The lesser; the other one where the one is not a number."""
    return b.select(b.fcmp_ordered("<", one, other), one, other)


def most(b: ir.IRBuilder, one: Any, other: Any) -> Any:
    """The larger; the other one where the one is not a number."""
    return b.select(b.fcmp_ordered(">", one, other), one, other)


def call(b: ir.IRBuilder, name: str, value: Any) -> Any:
    """An intrinsic function of one real number."""
    return b.call(b.module.declare_intrinsic(name, [REAL]), [value])


def int_(value: int) -> Any:
    """A constant of 32 bits."""
    return ir.Constant(INT, value)


def long(value: int) -> Any:
    """A constant of 64 bits."""
    return ir.Constant(LONG, value)


def real(value: float) -> Any:
    """A real constant."""
    return ir.Constant(REAL, value)
