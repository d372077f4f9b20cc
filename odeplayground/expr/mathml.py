"""Formulas in presentation MathML, with placeholders for colours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from odeplayground.expr.graph import Op
from odeplayground.expr.limits import MAX_LAYOUTS, MAX_LEVELS
from odeplayground.expr.names import GREEK
from odeplayground.expr.notation import is_symbol, shown
from odeplayground.expr.numbers import mantissa_and_exponent
from odeplayground.expr.typeset import TITLES, Pieces, Writer

_TEXT = ' mathcolor="@text"'

_ESCAPES = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;"})

_SIGNS = {
    Op.ADD: f"<mo{_TEXT}>+</mo>",
    Op.SUB: f"<mo{_TEXT}>−</mo>",
    Op.NEG: f'<mo form="prefix"{_TEXT}>−</mo>',
    Op.LT: f"<mo{_TEXT}>&lt;</mo>",
    Op.LE: f"<mo{_TEXT}>≤</mo>",
    Op.GT: f"<mo{_TEXT}>&gt;</mo>",
    Op.GE: f"<mo{_TEXT}>≥</mo>",
    Op.EQ: f"<mo{_TEXT}>=</mo>",
    Op.NE: f"<mo{_TEXT}>≠</mo>",
    Op.AND: f"<mtext{_TEXT}>\u00a0and\u00a0</mtext>",
    Op.OR: f"<mtext{_TEXT}>\u00a0or\u00a0</mtext>",
    Op.NOT: f"<mtext{_TEXT}>not\u00a0</mtext>",
}


class MathmlWriter(Writer):
    """Spells formulas in MathML; ``colours`` maps names to placeholders such as ``@state0``.

    Rows inside rows are avoided, and colours stand at the leaves: ziamath lays every row out twice to find its
    height, so that its time doubles with each level.
    """

    def __init__(self, colours: Mapping[str, str]) -> None:
        self._colours = colours

    def name(self, name: str) -> str:
        return self._indexed(name, self._base(name))

    def number(self, value: float) -> str:
        mantissa, exponent = mantissa_and_exponent(value)
        if exponent is None:
            return f"<mn{_TEXT}>{mantissa}</mn>"
        factor = "" if mantissa == "1" else f"<mn{_TEXT}>{mantissa}</mn>{self.dot()}"
        power = f"<mn{_TEXT}>{exponent}</mn>".replace("-", "−")
        return f"{factor}<msup><mn{_TEXT}>10</mn>{power}</msup>"

    def sign(self, op: Op) -> str:
        return _SIGNS[op]

    def space(self) -> str:
        return '<mspace width="0.17em"/>'

    def comma(self) -> str:
        return f"<mo{_TEXT}>,</mo>"

    def dot(self) -> str:
        return f"<mo{_TEXT}>·</mo>"

    def group(self, pieces: Pieces) -> Pieces:
        return ["<mrow>", *pieces, "</mrow>"]

    def fraction(self, above: Pieces, below: Pieces) -> Pieces:
        return [f"<mfrac{_TEXT}>", *above, *below, "</mfrac>"]

    def power(self, base: Pieces, exponent: Pieces) -> Pieces:
        return ["<msup>", *base, *exponent, "</msup>"]

    def root(self, inside: Pieces) -> Pieces:
        return [f"<msqrt{_TEXT}>", *inside, "</msqrt>"]

    def fence(self, left: str, inside: Pieces, right: str, tall: bool) -> Pieces:
        stretch = f' stretchy="{str(tall).lower()}"{_TEXT}'
        fenced: Pieces = [
            f'<mo form="prefix"{stretch}>{left}</mo>',
            *inside,
            f'<mo form="postfix"{stretch}>{right}</mo>',
        ]
        return self.group(fenced) if tall else fenced

    def title(self, op: Op, exponent: Pieces | None) -> Pieces:
        title = f'<mi mathvariant="normal"{_TEXT}>{TITLES[op]}</mi>'
        if op is Op.LOG10:
            title = f"<msub>{title}<mn{_TEXT}>10</mn></msub>"
        return [title] if exponent is None else ["<msup>", title, *exponent, "</msup>"]

    def cases(self, choices: Sequence[tuple[int, int]], otherwise: int) -> Pieces:
        when = f"</mtd><mtd><mtext{_TEXT}>if\u00a0</mtext>"
        rows = [
            piece for condition, value in choices for piece in ("<mtr><mtd>", value, when, condition, "</mtd></mtr>")
        ]
        last: Pieces = ["<mtr><mtd>", otherwise, f"</mtd><mtd><mtext{_TEXT}>otherwise</mtext></mtd></mtr>"]
        brace = f'<mo form="prefix" stretchy="true"{_TEXT}>{{</mo>'
        return self.group([f'{brace}<mtable columnalign="left left">', *rows, *last, "</mtable>"])

    def plain(self, text: str) -> str:
        """A formula that is too large to be drawn, as text."""
        return f"<mtext{_TEXT}>{text.translate(_ESCAPES)}</mtext>"

    def equation(self, left: str, dotted: bool, right: str) -> str:
        base = self._base(left)
        if dotted:
            base = f'<mover accent="true">{base}<mo{self._colour(left)}>˙</mo></mover>'
        return f"{self._indexed(left, base)}{_SIGNS[Op.EQ]}{right}"

    def _colour(self, name: str) -> str:
        return f' mathcolor="{self._colours.get(name, "@text")}"'

    def _base(self, name: str) -> str:
        return _part(shown(name).base, self._colour(name))

    def _indexed(self, name: str, base: str) -> str:
        subscripts = shown(name).subscripts
        if not subscripts:
            return base
        colour = self._colour(name)
        below = f"<mo{colour}>,</mo>".join(_part(part, colour) for part in subscripts)
        return f"<msub>{base}{below if len(subscripts) == 1 else f'<mrow>{below}</mrow>'}</msub>"


def _part(part: str, colour: str) -> str:
    if part.isdigit():
        return f"<mn{colour}>{part}</mn>"
    variant = "" if is_symbol(part) else ' mathvariant="normal"'
    return f"<mi{variant}{colour}>{GREEK.get(part, part)}</mi>"


def is_drawable(mathml: str) -> bool:
    """Whether ziamath can draw a formula in reasonable time: it lays out every row inside a row twice."""
    layouts, weight, level = 0, 1, 0
    for closing, tag in _TAG.findall(mathml):
        step = -1 if closing else 1
        if tag in _ROWS:
            weight = weight * 2 if step > 0 else weight // 2
        elif tag in _NESTS:
            level += step
        if level > MAX_LEVELS or weight > MAX_LAYOUTS:
            return False
        layouts += 0 if closing else weight
    return layouts <= MAX_LAYOUTS


_TAG = re.compile(r"<(/?)(m[a-z]+)")
_ROWS = frozenset({"mrow", "mtd"})
_NESTS = frozenset({"mfrac", "msup", "msqrt"})
