"""Generates the code that draws antialiased polylines of any width, with round ends and corners, and dashes.

The coverage of a pixel is told by its distance from the line, and where lines meet the larger one counts: so corners
need no care. Dashes are told by the way along the polyline, so that they run on around corners.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from llvmlite import ir

from odeplayground.raster import thin
from odeplayground.raster.instructions import (
    BYTE,
    INT,
    LONG,
    REAL,
    call,
    clamped,
    function,
    least,
    long,
    loop,
    middle_from,
    most,
    pixel,
    real,
)

NAME = "stroke"
NEAR = 0.7
"""Points this near to the last one drawn (in pixels, on both axes) are passed over."""

ARGUMENTS = thin.ARGUMENTS | {"dashes": REAL.as_pointer(), "n_dashes": LONG, "period": REAL}


def define(module: ir.Module) -> None:
    """``stroke(..., dashes, n_dashes, period)``, where the rest is as for ``trace``.

    ``dashes`` is (n_dashes, 2): the middle and half the length of each dash of a period, in pixels along the way;
    without any the line is solid.
    """
    b, values = function(module, NAME, ARGUMENTS)
    last, way, shown = [b.alloca(REAL), b.alloca(REAL)], b.alloca(REAL), b.alloca(REAL)
    with loop(b, long(0), values["count"]) as run:
        start, stop = (b.load(b.gep(values[name], [run])) for name in ("starts", "stops"))
        for place, value in zip(last, pixel(b, values, start), strict=True):
            b.store(value, place)
        b.store(real(0.0), way)
        final = b.sub(stop, long(1))
        with loop(b, b.add(start, long(1)), stop) as i:
            here = pixel(b, values, i)
            begin = [b.load(place) for place in last]
            step = [b.fsub(one, other) for one, other in zip(here, begin, strict=True)]
            apart = [call(b, "llvm.fabs", one) for one in step]
            near = b.and_(*(b.fcmp_ordered("<", one, real(NEAR)) for one in apart))
            with b.if_then(b.or_(b.not_(near), b.icmp_signed("==", i, final))):
                length = _length(b, apart)
                with b.if_then(b.fcmp_ordered(">", length, real(1e-9))):
                    turn = b.fdiv(step[0], length), b.fdiv(step[1], length)
                    _line(b, values, _Line(begin, here, turn, length, b.load(way)), shown)
                    b.store(b.fadd(b.load(way), length), way)
                for place, value in zip(last, here, strict=True):
                    b.store(value, place)
    b.ret_void()


@dataclass(frozen=True)
class _Line:
    """A straight line: its ends, the unit vector from one to the other, its length, and the way to its beginning."""

    begin: list[Any]
    end: list[Any]
    turn: tuple[Any, Any]
    length: Any
    way: Any


def _length(b: ir.IRBuilder, apart: list[Any]) -> Any:
    """The hypotenuse, also of numbers whose squares are too large."""
    longer = most(b, *apart)
    shares = [b.fdiv(one, longer) for one in apart]
    squares = [b.fmul(share, share) for share in shares]
    return b.fmul(longer, call(b, "llvm.sqrt", b.fadd(*squares)))


def _line(b: ir.IRBuilder, values: Mapping[str, Any], line: _Line, shown: Any) -> None:
    """Every pixel that a line reaches, row by row."""
    reach = b.fadd(b.fmul(values["pen"], real(0.5)), real(0.5))
    (x0, y0), (x1, y1) = line.begin, line.end
    left, right = b.fsub(least(b, x0, x1), reach), b.fadd(most(b, x0, x1), reach)
    top, bottom = b.fsub(least(b, y0, y1), reach), b.fadd(most(b, y0, y1), reach)
    lean = b.fdiv(line.turn[0], line.turn[1])
    wide = call(b, "llvm.fabs", b.fdiv(reach, line.turn[1]))
    rows = [middle_from(b, edge, values["height"]) for edge in (top, bottom)]
    with loop(b, *rows) as row:
        down = b.fsub(b.fadd(b.sitofp(row, REAL), real(0.5)), y0)
        middle = b.fadd(x0, b.fmul(down, lean))  # not a number where the line is level: then the ends alone count
        ends = most(b, b.fsub(middle, wide), left), least(b, b.fadd(middle, wide), right)
        origin = b.gep(values["mask"], [b.mul(row, values["width"])])
        with loop(b, *(middle_from(b, end, values["width"]) for end in ends)) as column:
            right_of = b.fsub(b.fadd(b.sitofp(column, REAL), real(0.5)), x0)
            along = b.fadd(b.fmul(right_of, line.turn[0]), b.fmul(down, line.turn[1]))
            across = b.fsub(b.fmul(right_of, line.turn[1]), b.fmul(down, line.turn[0]))
            beyond = b.fsub(along, clamped(b, along, line.length))
            away = call(b, "llvm.sqrt", b.fadd(b.fmul(across, across), b.fmul(beyond, beyond)))
            share = clamped(b, b.fsub(reach, away), real(1.0))
            share = b.fmul(share, _dash(b, values, b.fadd(line.way, along), shown))
            _cover(b, b.gep(origin, [column]), share)


def _dash(b: ir.IRBuilder, values: Mapping[str, Any], way: Any, shown: Any) -> Any:
    """How much of a dash there is, this far along the way."""
    solid = b.icmp_signed("==", values["n_dashes"], long(0))
    b.store(b.select(solid, real(1.0), real(0.0)), shown)
    with loop(b, long(0), values["n_dashes"]) as i:
        first = b.gep(values["dashes"], [b.shl(i, long(1))])
        middle, half = b.load(first), b.load(b.gep(first, [long(1)]))
        off = b.fsub(way, middle)
        rounds = call(b, "llvm.floor", b.fadd(b.fdiv(off, values["period"]), real(0.5)))
        off = call(b, "llvm.fabs", b.fsub(off, b.fmul(rounds, values["period"])))
        share = clamped(b, b.fadd(b.fsub(half, off), real(0.5)), real(1.0))
        b.store(most(b, share, b.load(shown)), shown)
    return b.load(shown)


def _cover(b: ir.IRBuilder, place: Any, share: Any) -> None:
    part = b.fptosi(b.fadd(b.fmul(share, real(255.0)), real(0.5)), INT)
    old = b.zext(b.load(place), INT)
    larger = b.select(b.icmp_signed(">", part, old), part, old)
    b.store(b.trunc(larger, BYTE), place)
