"""Generates the code that lays a colour over a picture where a mask says so."""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from odeplayground.raster.instructions import BYTE, INT, LONG, function, int_, long, loop
from odeplayground.raster.lines import STEP

NAME = "blend"

ARGUMENTS = {
    "mask": BYTE.as_pointer(),
    "mask_width": LONG,
    "picture": INT.as_pointer(),
    "picture_width": LONG,
    "width": LONG,
    "height": LONG,
    "shades": INT.as_pointer(),
}


def define(module: ir.Module) -> None:
    """``blend(mask, mask_width, picture, picture_width, width, height, shades)``.

    Of (height, width) pixels, with so many to a row of the mask (a multiple of ``STEP``) and of the picture. ``shades``
    are the 256 premultiplied colours of each coverage, in the picture's order. Afterwards the mask is empty.
    """
    b, values = function(module, NAME, ARGUMENTS)
    words = b.udiv(b.add(values["width"], long(STEP - 1)), long(STEP))
    with loop(b, long(0), values["height"]) as row:
        mask = b.bitcast(b.gep(values["mask"], [b.mul(row, values["mask_width"])]), LONG.as_pointer())
        picture = b.gep(values["picture"], [b.mul(row, values["picture_width"])])
        with loop(b, long(0), words) as number:
            place = b.gep(mask, [number])
            word = b.load(place, align=1)
            with b.if_then(b.icmp_unsigned("!=", word, long(0))):
                b.store(long(0), place, align=1)
                first = b.mul(number, long(STEP))
                left = b.sub(values["width"], first)
                stop = b.select(b.icmp_signed("<", left, long(STEP)), left, long(STEP))
                with loop(b, long(0), stop) as i:
                    coverage = b.and_(b.lshr(word, b.shl(i, long(3))), long(255))
                    shade = b.load(b.gep(values["shades"], [coverage]))
                    _over(b, b.gep(picture, [b.add(first, i)]), shade)
    b.ret_void()


def _over(b: ir.IRBuilder, place: Any, shade: Any) -> None:
    """Source over destination, two channels at a time, rounded as Qt does."""
    left = b.sub(int_(255), b.lshr(shade, int_(24)))
    ground = b.load(place)
    halves = []
    for value in (ground, b.lshr(ground, int_(8))):
        product = b.mul(b.and_(value, int_(0xFF00FF)), left)
        product = b.add(product, b.add(b.and_(b.lshr(product, int_(8)), int_(0xFF00FF)), int_(0x800080)))
        halves.append(b.and_(b.lshr(product, int_(8)), int_(0xFF00FF)))
    b.store(b.add(shade, b.or_(halves[0], b.shl(halves[1], int_(8)))), place)
