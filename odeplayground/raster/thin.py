"""Generates the code that draws thin antialiased polylines into a mask of coverages.

Every line is walked along its steeper axis, one column (or row) at a time, and covers there a box as long as a line of
that slope is thick; neighbouring pixels get the exact share of the box (after X. Wu, "An efficient antialiasing
technique", 1991, for any width). The columns of a line are those whose middle lies between its ends, so that
lines that follow each other never cover a column twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from llvmlite import ir

from odeplayground.raster.instructions import (
    BYTE,
    INT,
    LONG,
    REAL,
    call,
    clamped,
    function,
    int_,
    least,
    long,
    loop,
    middle_from,
    most,
    pixel,
    real,
)

NAME = "trace"
NEAR = 0.4
"""Points this near to the last one drawn (in pixels, on both axes) are passed over."""

ARGUMENTS = {
    "mask": BYTE.as_pointer(),
    "width": LONG,
    "height": LONG,
    "points": REAL.as_pointer(),
    "starts": LONG.as_pointer(),
    "stops": LONG.as_pointer(),
    "count": LONG,
    "sx": REAL,
    "sy": REAL,
    "tx": REAL,
    "ty": REAL,
    "pen": REAL,
}


def define(module: ir.Module) -> None:
    """``trace(mask, width, height, points, starts, stops, count, sx, sy, tx, ty, pen)``.

    ``mask`` is (height, width) bytes, drawn over. Run i is ``points[starts[i]:stops[i]]`` of (n, 2) finite points; the
    pixel of a point is ``(sx * x + tx, sy * y + ty)``, and ``pen`` the width of the lines in pixels.
    """
    b, values = function(module, NAME, ARGUMENTS)
    last = [b.alloca(REAL), b.alloca(REAL)]
    with loop(b, long(0), values["count"]) as run:
        start, stop = (b.load(b.gep(values[name], [run])) for name in ("starts", "stops"))
        for place, value in zip(last, pixel(b, values, start), strict=True):
            b.store(value, place)
        final = b.sub(stop, long(1))
        with loop(b, b.add(start, long(1)), stop) as i:
            here = pixel(b, values, i)
            before = [b.load(place) for place in last]
            apart = [call(b, "llvm.fabs", b.fsub(one, other)) for one, other in zip(here, before, strict=True)]
            near = b.and_(*(b.fcmp_ordered("<", one, real(NEAR)) for one in apart))
            with b.if_then(b.or_(b.not_(near), b.icmp_signed("==", i, final))):
                _line(b, values, before, here, b.fcmp_ordered("<", apart[0], apart[1]))
                for place, value in zip(last, here, strict=True):
                    b.store(value, place)
    b.ret_void()


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
    way = _Way(turned(begin), turned(end), turned((width, height)), turned((long(1), width)))
    slope = b.fdiv(b.fsub(way.end[1], way.begin[1]), b.fsub(way.end[0], way.begin[0]))
    stretch = call(b, "llvm.sqrt", b.fadd(real(1.0), b.fmul(slope, slope)))
    half = b.fmul(b.fmul(real(0.5), values["pen"]), stretch)
    ends = way.begin[0], way.end[0]
    first, stop = (middle_from(b, one(b, *ends), way.size[0]) for one in (least, most))
    with loop(b, first, stop) as column:
        along = b.fsub(b.fadd(b.sitofp(column, REAL), real(0.5)), way.begin[0])
        middle = b.fadd(way.begin[1], b.fmul(slope, along))
        _column(b, values["mask"], way, column, b.fsub(middle, half), b.fadd(middle, half))


def _column(b: ir.IRBuilder, mask: Any, way: _Way, column: Any, low: Any, high: Any) -> None:
    size = b.sitofp(way.size[1], REAL)
    low, high = clamped(b, low, size), clamped(b, high, size)
    first = b.fptosi(call(b, "llvm.floor", low), LONG)
    stop = b.fptosi(call(b, "llvm.ceil", high), LONG)
    origin = b.gep(mask, [b.mul(column, way.stride[0])])
    with loop(b, first, stop) as row:
        edge = b.sitofp(row, REAL)
        upper = least(b, high, b.fadd(edge, real(1.0)))
        share = b.fsub(upper, most(b, low, edge))
        _cover(b, b.gep(origin, [b.mul(row, way.stride[1])]), share)


def _cover(b: ir.IRBuilder, place: Any, share: Any) -> None:
    """What shines through of a pixel shrinks by a share."""
    part = b.fptosi(b.fmul(share, real(256.0)), INT)
    old = b.zext(b.load(place), INT)
    left = b.sub(int_(255), old)
    more = b.lshr(b.add(b.mul(part, left), int_(128)), int_(8))
    b.store(b.trunc(b.add(old, more), BYTE), place)
