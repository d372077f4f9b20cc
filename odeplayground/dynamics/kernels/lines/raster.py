"""What is already taken by lines, on a raster of bytes with a margin, so that nothing needs to be clipped."""

from __future__ import annotations

from llvmlite import ir

from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.lines.routine import Routine
from odeplayground.dynamics.kernels.lines.slots import Raster
from odeplayground.dynamics.kernels.terms import Term
from odeplayground.dynamics.kernels.vector import F64, I1

TAKEN, TAKE = "taken", "take"
_BYTE = ir.IntType(8)


def write_raster(module: ir.Module, features: Features) -> None:
    """``TAKEN(raster, x, y)``, a truth value, and ``TAKE(raster, x, y)``: the block is that of a raster."""
    _write_taken(module, features)
    _write_take(module, features)


def _write_taken(module: ir.Module, features: Features) -> None:
    """Points outside of the picture are looked up in the margin, which is never wrong about what is inside."""
    routine = Routine(module, features, TAKEN, [F64, F64], I1)
    density, margin = routine.double(Raster.DENSITY), routine.integer(Raster.MARGIN)
    stride, rows = routine.integer(Raster.STRIDE), routine.integer(Raster.ROWS)
    column, row = ((place * density).floor().whole() + margin for place in routine.arguments)
    place = _clipped(row, rows) * stride + _clipped(column, stride)
    pixel = routine.builder.gep(routine.pointer(Raster.PIXELS), [place.value], source_etype=_BYTE)
    byte = routine.builder.load(pixel, typ=_BYTE)
    routine.end(Term(routine.lanes, routine.builder.icmp_unsigned("!=", byte, _BYTE(0))))


def _clipped(index: Term, count: Term) -> Term:
    zero, last = index * 0, count - 1
    return (index < 0).choose(zero, (index > last).choose(last, index))


def _write_take(module: ir.Module, features: Features) -> None:
    """All pixels whose centres lie within the reach of a point."""
    routine = Routine(module, features, TAKE, [F64, F64])
    density, margin, reach = (
        routine.double(Raster.DENSITY),
        routine.integer(Raster.MARGIN),
        routine.double(Raster.REACH),
    )
    stride, pixels = routine.integer(Raster.STRIDE), routine.pointer(Raster.PIXELS)
    x, y = (place * density - 0.5 for place in routine.arguments)
    row = y.floor().whole()

    def across(line: Term) -> None:
        apart = line.double() - y
        rest = reach - apart * apart
        with routine.when(rest >= 0):
            half = rest.sqrt()
            # The first whole number that is not below, and the last that is not above.
            begin, end = (x + (1.0 - half)).floor().whole(), (x + half).floor().whole()
            first = (line + margin) * stride + margin

            def mark(column: Term) -> None:
                pixel = routine.builder.gep(pixels, [(first + column).value], source_etype=_BYTE)
                routine.builder.store(_BYTE(1), pixel)

            routine.each(end + 1, mark, begin)

    routine.each(row + margin + 1, across, row - margin + 1)
    routine.end()
