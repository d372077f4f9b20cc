"""Formulas in presentation MathML, with placeholders for colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from odeplayground.expr.graph import Op
from odeplayground.expr.names import GREEK
from odeplayground.expr.notation import is_symbol, shown
from odeplayground.expr.numbers import mantissa_and_exponent
from odeplayground.expr.typeset import TITLES, Pieces, Writer

_SIGNS = {
    Op.ADD: "<mo>+</mo>",
    Op.SUB: "<mo>−</mo>",
    Op.NEG: '<mo form="prefix">−</mo>',
    Op.LT: "<mo>&lt;</mo>",
    Op.LE: "<mo>≤</mo>",
    Op.GT: "<mo>&gt;</mo>",
    Op.GE: "<mo>≥</mo>",
    Op.EQ: "<mo>=</mo>",
    Op.NE: "<mo>≠</mo>",
    Op.AND: "<mtext>\u00a0and\u00a0</mtext>",
    Op.OR: "<mtext>\u00a0or\u00a0</mtext>",
    Op.NOT: "<mtext>not\u00a0</mtext>",
}


class MathmlWriter(Writer):
    """Spells formulas in MathML; ``colours`` maps names to placeholders such as ``@state0``."""

    def __init__(self, colours: Mapping[str, str]) -> None:
        self._colours = colours

    def name(self, name: str) -> str:
        return self._indexed(name, self._base(name))

    def number(self, value: float) -> str:
        mantissa, exponent = mantissa_and_exponent(value)
        if exponent is None:
            return f"<mn>{mantissa}</mn>"
        factor = "" if mantissa == "1" else f"<mn>{mantissa}</mn><mo>·</mo>"
        minus = _SIGNS[Op.NEG] if exponent < 0 else ""
        return f"<mrow>{factor}<msup><mn>10</mn><mrow>{minus}<mn>{abs(exponent)}</mn></mrow></msup></mrow>"

    def sign(self, op: Op) -> str:
        return _SIGNS[op]

    def space(self) -> str:
        return '<mspace width="0.17em"/>'

    def dot(self) -> str:
        return "<mo>·</mo>"

    def fraction(self, above: int, below: int) -> Pieces:
        return ["<mfrac><mrow>", above, "</mrow><mrow>", below, "</mrow></mfrac>"]

    def power(self, base: Pieces, exponent: int) -> Pieces:
        return ["<msup><mrow>", *base, "</mrow><mrow>", exponent, "</mrow></msup>"]

    def root(self, inside: int) -> Pieces:
        return ["<msqrt><mrow>", inside, "</mrow></msqrt>"]

    def fence(self, left: str, inside: Pieces, right: str) -> Pieces:
        opening = f'<mrow><mo form="prefix" stretchy="true">{left}</mo><mrow>'
        return [opening, *inside, f'</mrow><mo form="postfix" stretchy="true">{right}</mo></mrow>']

    def call(self, op: Op, exponent: int | None, arguments: Sequence[int]) -> Pieces:
        title = f'<mi mathvariant="normal">{TITLES[op]}</mi>'
        if op is Op.LOG10:
            title = f"<msub>{title}<mn>10</mn></msub>"
        head: Pieces = [title] if exponent is None else ["<msup>", title, "<mrow>", exponent, "</mrow></msup>"]
        rest = [piece for argument in arguments[1:] for piece in ("<mo>,</mo>", argument)]
        return [*head, *self.fence("(", [arguments[0], *rest], ")")]

    def cases(self, condition: int, then: int, otherwise: int) -> Pieces:
        opening = '<mrow><mo form="prefix" stretchy="true">{</mo><mtable columnalign="left left">'
        first: Pieces = ["<mtr><mtd>", then, "</mtd><mtd><mtext>if\u00a0</mtext>", condition, "</mtd></mtr>"]
        second: Pieces = ["<mtr><mtd>", otherwise, "</mtd><mtd><mtext>otherwise</mtext></mtd></mtr>"]
        return [opening, *first, *second, "</mtable></mrow>"]

    def equation(self, left: str, dotted: bool, right: str) -> str:
        base = self._base(left)
        if dotted:
            base = f'<mover accent="true">{base}<mo{self._colour(left)}>˙</mo></mover>'
        return f'<mrow mathcolor="@text">{self._indexed(left, base)}<mo>=</mo><mrow>{right}</mrow></mrow>'

    def _colour(self, name: str) -> str:
        colour = self._colours.get(name)
        return f' mathcolor="{colour}"' if colour else ""

    def _base(self, name: str) -> str:
        return _part(shown(name).base, self._colour(name))

    def _indexed(self, name: str, base: str) -> str:
        subscripts = shown(name).subscripts
        if not subscripts:
            return base
        comma = f"<mo{self._colour(name)}>,</mo>"
        below = comma.join(_part(part, self._colour(name)) for part in subscripts)
        return f"<msub>{base}<mrow>{below}</mrow></msub>"


def _part(part: str, colour: str) -> str:
    if part.isdigit():
        return f"<mn{colour}>{part}</mn>"
    variant = "" if is_symbol(part) else ' mathvariant="normal"'
    return f"<mi{variant}{colour}>{GREEK.get(part, part)}</mi>"
