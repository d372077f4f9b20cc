"""Generates the code that draws thin antialiased polylines into a mask of coverages.

Every line is walked along its steeper axis, one column (or row) at a time, and covers there a box as long as a line of
that slope is thick; neighbouring pixels get the exact share of the box (after X. Wu, "An efficient antialiasing
technique", 1991, for any width). The columns of a line are those whose middle lies between its ends, so that
lines that follow each other never cover a column twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from llvmlite import ir

NAME = "trace"
NEAR = 0.4
"""Points this near to the last one drawn (in pixels, on both axes) are passed over."""

_BYTE, _INT, _LONG, _REAL = ir.IntType(8), ir.IntType(32), ir.IntType(64), ir.DoubleType()
_ARGUMENTS = {
    "mask": _BYTE.as_pointer(),
    "width": _LONG,
    "height": _LONG,
    "points": _REAL.as_pointer(),
    "starts": _LONG.as_pointer(),
    "stops": _LONG.as_pointer(),
    "count": _LONG,
    "sx": _REAL,
    "sy": _REAL,
    "tx": _REAL,
    "ty": _REAL,
    "pen": _REAL,
}


def module() -> ir.Module:
    """``trace(mask, width, height, points, starts, stops, count, sx, sy, tx, ty, pen)``.

    ``mask`` is (height, width) bytes, drawn over. Run i is ``points[starts[i]:stops[i]]`` of (n, 2) finite points; the
    pixel of a point is ``(sx * x + tx, sy * y + ty)``, and ``pen`` the width of the lines in pixels.
    """
    result = ir.Module(name="raster")
    function = ir.Function(result, ir.FunctionType(ir.VoidType(), list(_ARGUMENTS.values())), NAME)
    values = dict(zip(_ARGUMENTS, function.args, strict=True))
    for name in ("mask", "points", "starts", "stops"):
        values[name].add_attribute("noalias")
    b = ir.IRBuilder(function.append_basic_block())
    last = [b.alloca(_REAL), b.alloca(_REAL)]
    with _loop(b, _long(0), values["count"]) as run:
        start, stop = (b.load(b.gep(values[name], [run])) for name in ("starts", "stops"))
        for place, value in zip(last, _pixel(b, values, start), strict=True):
            b.store(value, place)
        final = b.sub(stop, _long(1))
        with _loop(b, b.add(start, _long(1)), stop) as i:
            here = _pixel(b, values, i)
            before = [b.load(place) for place in last]
            apart = [_call(b, "llvm.fabs", b.fsub(one, other)) for one, other in zip(here, before, strict=True)]
            near = b.and_(*(b.fcmp_ordered("<", one, _real(NEAR)) for one in apart))
            with b.if_then(b.or_(b.not_(near), b.icmp_signed("==", i, final))):
                _line(b, values, before, here, b.fcmp_ordered("<", apart[0], apart[1]))
                for place, value in zip(last, here, strict=True):
                    b.store(value, place)
    b.ret_void()
    return result


def _pixel(b: ir.IRBuilder, values: dict[str, Any], i: Any) -> list[Any]:
    first = b.gep(values["points"], [b.shl(i, _long(1))])
    pair = (b.load(first), b.load(b.gep(first, [_long(1)])))
    return [
        b.fadd(b.fmul(values[scale], value), values[shift])
        for value, scale, shift in zip(pair, ("sx", "sy"), ("tx", "ty"), strict=True)
    ]


@dataclass(frozen=True)
class _Way:
    """The longer axis of a line and the other one: places of its ends, sizes of the mask, pixels from one to the next.

    A line is walked ``along`` the one; what it covers of the other lies ``across``.
    """

    begin: tuple[Any, Any]
    end: tuple[Any, Any]
    size: tuple[Any, Any]
    stride: tuple[Any, Any]


def _line(b: ir.IRBuilder, values: dict[str, Any], begin: list[Any], end: list[Any], steep: Any) -> None:
    def turned(pair: Any) -> tuple[Any, Any]:
        return b.select(steep, pair[1], pair[0]), b.select(steep, pair[0], pair[1])

    width, height = values["width"], values["height"]
    way = _Way(turned(begin), turned(end), turned((width, height)), turned((_long(1), width)))
    slope = b.fdiv(b.fsub(way.end[1], way.begin[1]), b.fsub(way.end[0], way.begin[0]))
    stretch = _call(b, "llvm.sqrt", b.fadd(_real(1.0), b.fmul(slope, slope)))
    half = b.fmul(b.fmul(_real(0.5), values["pen"]), stretch)
    ends = way.begin[0], way.end[0]
    first, stop = (_middle_from(b, one(b, *ends), way.size[0]) for one in (_least, _most))
    with _loop(b, first, stop) as column:
        along = b.fsub(b.fadd(b.sitofp(column, _REAL), _real(0.5)), way.begin[0])
        middle = b.fadd(way.begin[1], b.fmul(slope, along))
        _column(b, values["mask"], way, column, b.fsub(middle, half), b.fadd(middle, half))


def _middle_from(b: ir.IRBuilder, place: Any, size: Any) -> Any:
    """Number of the first pixel whose middle is not before a place; inside the mask, or one beyond."""
    inside = _clamped(b, place, b.sitofp(size, _REAL))
    return b.fptosi(_call(b, "llvm.ceil", b.fsub(inside, _real(0.5))), _LONG)


def _column(b: ir.IRBuilder, mask: Any, way: _Way, column: Any, low: Any, high: Any) -> None:
    size = b.sitofp(way.size[1], _REAL)
    low, high = _clamped(b, low, size), _clamped(b, high, size)
    first = b.fptosi(_call(b, "llvm.floor", low), _LONG)
    stop = b.fptosi(_call(b, "llvm.ceil", high), _LONG)
    origin = b.gep(mask, [b.mul(column, way.stride[0])])
    with _loop(b, first, stop) as row:
        edge = b.sitofp(row, _REAL)
        upper = _least(b, high, b.fadd(edge, _real(1.0)))
        share = b.fsub(upper, _most(b, low, edge))
        _cover(b, b.gep(origin, [b.mul(row, way.stride[1])]), share)


def _cover(b: ir.IRBuilder, place: Any, share: Any) -> None:
    """What shines through of a pixel shrinks by a share."""
    part = b.fptosi(b.fmul(share, _real(256.0)), _INT)
    old = b.zext(b.load(place), _INT)
    left = b.sub(_int(255), old)
    more = b.lshr(b.add(b.mul(part, left), _int(128)), _int(8))
    b.store(b.trunc(b.add(old, more), _BYTE), place)


def _clamped(b: ir.IRBuilder, value: Any, size: Any) -> Any:
    return _least(b, _most(b, value, _real(0.0)), size)


def _least(b: ir.IRBuilder, one: Any, other: Any) -> Any:
    """The lesser; the other one where the one is not a number."""
    return b.select(b.fcmp_ordered("<", one, other), one, other)


def _most(b: ir.IRBuilder, one: Any, other: Any) -> Any:
    """The larger; the other one where the one is not a number."""
    return b.select(b.fcmp_ordered(">", one, other), one, other)


@contextmanager
def _loop(b: ir.IRBuilder, first: Any, stop: Any) -> Iterator[Any]:
    """Count from ``first`` up to before ``stop``."""
    before = b.block
    head, body, after = (b.append_basic_block(name) for name in ("head", "body", "after"))
    b.branch(head)
    b.position_at_end(head)
    number = b.phi(_LONG)
    number.add_incoming(first, before)
    b.cbranch(b.icmp_signed("<", number, stop), body, after)
    b.position_at_end(body)
    yield number
    number.add_incoming(b.add(number, _long(1)), b.block)
    b.branch(head)
    b.position_at_end(after)


def _call(b: ir.IRBuilder, name: str, value: Any) -> Any:
    return b.call(b.module.declare_intrinsic(name, [_REAL]), [value])


def _int(value: int) -> Any:
    return ir.Constant(_INT, value)


def _long(value: int) -> Any:
    return ir.Constant(_LONG, value)


def _real(value: float) -> Any:
    return ir.Constant(_REAL, value)
