"""Formulas in LaTeX (amsmath)."""

from __future__ import annotations

from collections.abc import Sequence

from odeplayground.expr.graph import Op
from odeplayground.expr.names import GREEK
from odeplayground.expr.notation import is_symbol, shown
from odeplayground.expr.numbers import mantissa_and_exponent
from odeplayground.expr.typeset import TITLES, Pieces, Writer

_LATIN = {
    "omicron": "o",
    "Alpha": "A",
    "Beta": "B",
    "Epsilon": "E",
    "Zeta": "Z",
    "Eta": "H",
    "Iota": "I",
    "Kappa": "K",
    "Mu": "M",
    "Nu": "N",
    "Omicron": "O",
    "Rho": "P",
    "Tau": "T",
    "Chi": "X",
}
"""Greek letters that look like Latin ones: TeX has no commands for them."""

_COMMANDS = frozenset(
    {"sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "ln", "log", "min", "max"}
)

_SIGNS = {
    Op.ADD: " + ",
    Op.SUB: " - ",
    Op.NEG: "-",
    Op.LT: " < ",
    Op.LE: r" \le ",
    Op.GT: " > ",
    Op.GE: r" \ge ",
    Op.EQ: " = ",
    Op.NE: r" \ne ",
    Op.AND: r" \text{ and } ",
    Op.OR: r" \text{ or } ",
    Op.NOT: r"\text{not } ",
}

_FENCES = {"(": "(", ")": ")", "|": "|", "⌊": r"\lfloor ", "⌋": r"\rfloor "}


class LatexWriter(Writer):
    """Spells formulas in LaTeX."""

    def name(self, name: str) -> str:
        return _base(name) + _subscripts(name)

    def number(self, value: float) -> str:
        mantissa, exponent = mantissa_and_exponent(value)
        if exponent is None:
            return mantissa
        factor = "" if mantissa == "1" else rf"{mantissa} \cdot "
        return f"{factor}10^{{{exponent}}}"

    def sign(self, op: Op) -> str:
        return _SIGNS[op]

    def space(self) -> str:
        return r"\,"

    def dot(self) -> str:
        return r" \cdot "

    def comma(self) -> str:
        return ", "

    def group(self, pieces: Pieces) -> Pieces:
        return pieces

    def fraction(self, above: Pieces, below: Pieces) -> Pieces:
        return [r"\frac{", *above, "}{", *below, "}"]

    def power(self, base: Pieces, exponent: Pieces) -> Pieces:
        return [*base, "^{", *exponent, "}"]

    def root(self, inside: Pieces) -> Pieces:
        return [r"\sqrt{", *inside, "}"]

    def fence(self, left: str, inside: Pieces, right: str, tall: bool) -> Pieces:
        return [rf"\left{_FENCES[left]}", *inside, rf"\right{_FENCES[right]}"]

    def title(self, op: Op, exponent: Pieces | None) -> Pieces:
        title = TITLES[op]
        command = rf"\{title}" if title in _COMMANDS else rf"\operatorname{{{title}}}"
        command += "_{10}" if op is Op.LOG10 else ""
        return [command] if exponent is None else [command, "^{", *exponent, "}"]

    def cases(self, choices: Sequence[tuple[int, int]], otherwise: int) -> Pieces:
        lines = [piece for condition, value in choices for piece in (value, r" & \text{if } ", condition, r" \\ ")]
        return [r"\begin{cases} ", *lines, otherwise, r" & \text{otherwise} \end{cases}"]

    def equation(self, left: str, dotted: bool, right: str) -> str:
        base = rf"\dot{{{_base(left)}}}" if dotted else _base(left)
        return f"{base}{_subscripts(left)} = {right}"


def _base(name: str) -> str:
    return _part(shown(name).base)


def _subscripts(name: str) -> str:
    subscripts = shown(name).subscripts
    return f"_{{{','.join(_part(part) for part in subscripts)}}}" if subscripts else ""


def _part(part: str) -> str:
    if part in _LATIN:
        return rf"\mathrm{{{_LATIN[part]}}}"
    if part in GREEK:
        return f"\\{part}"
    if is_symbol(part) or part.isdigit():
        return part
    escaped = part.replace("_", r"\_")
    return rf"\mathrm{{{escaped}}}"
