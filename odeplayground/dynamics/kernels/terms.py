"""Values of generated code with Python's operators, for code that is mostly formulas."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from odeplayground.dynamics.kernels.vector import F64, I1, I64, Lanes

_FLOATS = {"+": "fadd", "-": "fsub", "*": "fmul", "/": "fdiv"}
_WHOLES = {"+": "add", "-": "sub", "*": "mul", "/": "sdiv"}


class Term:
    """A double, a 64-bit integer, a truth value, or a vector of one of them. Python's numbers take the other's type.

    Of doubles, comparisons with NaN are false. Of integers, ``/`` rounds towards zero.
    """

    def __init__(self, lanes: Lanes, value: ir.Value) -> None:
        self.lanes, self.value = lanes, value

    def __add__(self, other: Term | float) -> Term:
        return self._arithmetic("+", self, self._like(other))

    def __radd__(self, other: float) -> Term:
        return self._arithmetic("+", self._like(other), self)

    def __sub__(self, other: Term | float) -> Term:
        return self._arithmetic("-", self, self._like(other))

    def __rsub__(self, other: float) -> Term:
        return self._arithmetic("-", self._like(other), self)

    def __mul__(self, other: Term | float) -> Term:
        return self._arithmetic("*", self, self._like(other))

    def __rmul__(self, other: float) -> Term:
        return self._arithmetic("*", self._like(other), self)

    def __truediv__(self, other: Term | float) -> Term:
        return self._arithmetic("/", self, self._like(other))

    def __lt__(self, other: Term | float) -> Term:
        return self._compared("<", other)

    def __le__(self, other: Term | float) -> Term:
        return self._compared("<=", other)

    def __gt__(self, other: Term | float) -> Term:
        return self._compared(">", other)

    def __ge__(self, other: Term | float) -> Term:
        return self._compared(">=", other)

    def __and__(self, other: Term) -> Term:
        return self._new(self.lanes.builder.and_(self.value, other.value))

    def __or__(self, other: Term) -> Term:
        return self._new(self.lanes.builder.or_(self.value, other.value))

    def __invert__(self) -> Term:
        return self._new(self.lanes.builder.not_(self.value))

    def choose(self, then: Term, otherwise: Term) -> Term:
        """One of two values, by this truth value, or lane by lane by a vector of them."""
        return self._new(self.lanes.builder.select(self.value, then.value, otherwise.value))

    def abs(self) -> Term:
        """The absolute value of doubles."""
        return self._intrinsic("fabs")

    def sqrt(self) -> Term:
        """The square root of doubles."""
        return self._intrinsic("sqrt")

    def floor(self) -> Term:
        """The largest whole number, as a double, that is not above a double."""
        return self._intrinsic("floor")

    def larger(self, other: Term) -> Term:
        """The larger one of two."""
        return (self > other).choose(self, other)

    def whole(self) -> Term:
        """A double without its fraction as an integer; any integer where it does not fit one."""
        builder = self.lanes.builder
        return self._new(builder.call(_declared(self.lanes, "fptosi.sat.i64.f64", I64, [F64]), [self.value]))

    def double(self) -> Term:
        """An integer as a double."""
        return self._new(self.lanes.builder.sitofp(self.value, F64))

    def splat(self) -> Term:
        """A number in all lanes."""
        return self._new(self.lanes.splat(self.value))

    def _like(self, other: Term | float) -> Term:
        if isinstance(other, Term):
            return other
        kind = self.value.type
        if kind == self.lanes.real:
            return self._new(self.lanes.number(float(other)))
        return self._new(ir.Constant(kind, float(other) if kind == F64 else int(other)))

    def _is_real(self) -> bool:
        return self.value.type in (F64, self.lanes.real)

    def _arithmetic(self, sign: str, a: Term, b: Term) -> Term:
        name = (_FLOATS if self._is_real() else _WHOLES)[sign]
        return self._new(getattr(self.lanes.builder, name)(a.value, b.value))

    def _compared(self, relation: str, other: Term | float) -> Term:
        builder = self.lanes.builder
        compare = builder.fcmp_ordered if self._is_real() else builder.icmp_signed
        return self._new(compare(relation, self.value, self._like(other).value))

    def _intrinsic(self, name: str) -> Term:
        if self.value.type == self.lanes.real:
            return self._new(self.lanes.intrinsic(name, self.value))
        function = _declared(self.lanes, f"{name}.f64", F64, [F64])
        return self._new(self.lanes.builder.call(function, [self.value]))

    def _new(self, value: ir.Value) -> Term:
        return Term(self.lanes, value)


def whole(lanes: Lanes, value: int) -> Term:
    """An integer that is known while the code is written."""
    return Term(lanes, I64(value))


def truth(lanes: Lanes, value: bool) -> Term:
    """A truth value that is known while the code is written."""
    return Term(lanes, I1(value))


def _declared(lanes: Lanes, name: str, result: ir.Type, kinds: Sequence[ir.Type]) -> ir.Function:
    full = f"llvm.{name}"
    known = lanes.module.globals.get(full)
    return ir.Function(lanes.module, ir.FunctionType(result, kinds), full) if known is None else known
