"""Arithmetic on vectors of doubles, one trajectory per lane, written into LLVM's intermediate code.

Features of 32 bits make all doubles numbers of single precision, and all 64-bit integers in lanes 32-bit ones.

Nothing here reorders or fuses by itself: a product and a sum become one rounding only where :meth:`Lanes.fma` is
asked for it and the features have it. So results do not depend on the number of lanes.
"""

from __future__ import annotations

import struct

from llvmlite import ir

from odeplayground.dynamics.kernels.features import Features

F64 = ir.DoubleType()
F32 = ir.FloatType()
I1 = ir.IntType(1)
I32 = ir.IntType(32)
I64 = ir.IntType(64)
POINTER = ir.PointerType()
VOID = ir.VoidType()


class Lanes:
    """Writes vector instructions at ``builder``'s place. Set :attr:`builder` to go on in another block.

    ``real`` values hold W doubles, ``integer`` values W 64-bit integers, ``mask`` values W truth values.
    """

    def __init__(self, builder: ir.IRBuilder, module: ir.Module, features: Features) -> None:
        self.builder = builder
        self.module = module
        self.features = features
        self.width = features.width
        self.scalar = F64 if features.bits == 64 else F32
        self.size = features.bits // 8
        """Bytes of a number."""
        self.real = ir.VectorType(self.scalar, features.width)
        self.integer = ir.VectorType(ir.IntType(features.bits), features.width)
        self.mask = ir.VectorType(I1, features.width)
        self.bits_type = ir.IntType(features.width)

    # Constants

    def number(self, value: float) -> ir.Value:
        """The same double in all lanes; any value, also infinite or NaN."""
        return _Written(self.real, f"splat ({self.scalar} {_hexadecimal(value, self.features.bits)})")

    def whole(self, value: int) -> ir.Value:
        """The same 64-bit integer in all lanes, taken modulo 2**64."""
        bits = self.features.bits
        return _Written(self.integer, f"splat (i{bits} {value & ((1 << bits) - 1)})")

    def truth(self, value: bool) -> ir.Value:
        """The same truth value in all lanes."""
        return _Written(self.mask, f"splat (i1 {int(value)})")

    def splat(self, scalar: ir.Value) -> ir.Value:
        """A double, integer or truth value that is computed at run time, in all lanes."""
        kind = ir.VectorType(scalar.type, self.width)
        undefined = ir.Constant(kind, ir.Undefined)
        first = self.builder.insert_element(undefined, scalar, I32(0))
        if self.width == 1:
            return first
        zeros = ir.Constant(ir.VectorType(I32, self.width), [I32(0)] * self.width)
        return self.builder.shuffle_vector(first, undefined, zeros)

    # Arithmetic

    def add(self, a: ir.Value, b: ir.Value) -> ir.Value:
        """The sum a + b."""
        return self.builder.fadd(a, b)

    def sub(self, a: ir.Value, b: ir.Value) -> ir.Value:
        """The difference a - b."""
        return self.builder.fsub(a, b)

    def mul(self, a: ir.Value, b: ir.Value) -> ir.Value:
        """The product a b."""
        return self.builder.fmul(a, b)

    def div(self, a: ir.Value, b: ir.Value) -> ir.Value:
        """The quotient a / b."""
        return self.builder.fdiv(a, b)

    def neg(self, a: ir.Value) -> ir.Value:
        """-a: the sign bit flipped, also of zeros and NaNs."""
        return self.builder.fneg(a)

    def fma(self, a: ir.Value, b: ir.Value, c: ir.Value) -> ir.Value:
        """Product and sum a b + c, rounded once where the features say so, else a product and a sum."""
        if self.features.fma:
            return self.intrinsic("fma", a, b, c)
        return self.add(self.mul(a, b), c)

    def abs(self, a: ir.Value) -> ir.Value:
        """|a|: the sign bit cleared."""
        return self.intrinsic("fabs", a)

    def sqrt(self, a: ir.Value) -> ir.Value:
        """The square root, rounded correctly; NaN below zero."""
        return self.intrinsic("sqrt", a)

    def floor(self, a: ir.Value) -> ir.Value:
        """The largest whole number that is not above a."""
        return self.intrinsic("floor", a)

    def rint(self, a: ir.Value) -> ir.Value:
        """The nearest whole number, the even one of two."""
        return self.intrinsic("rint", a)

    def copysign(self, size: ir.Value, sign: ir.Value) -> ir.Value:
        """The absolute value of one with the sign of the other."""
        return self.intrinsic("copysign", size, sign)

    def min(self, a: ir.Value, b: ir.Value) -> ir.Value:
        """The lesser one; NaN if either is (as ``numpy.minimum``). Of zeros with different signs, b."""
        return self.select(self.either(self.compare("<", a, b), self.is_nan(a)), a, b)

    def max(self, a: ir.Value, b: ir.Value) -> ir.Value:
        """The greater one; NaN if either is (as ``numpy.maximum``). Of zeros with different signs, b."""
        return self.select(self.either(self.compare(">", a, b), self.is_nan(a)), a, b)

    def at_least(self, bound: ir.Value, a: ir.Value) -> ir.Value:
        """a, or the bound where a is below it. One instruction; a NaN in a stays."""
        return self.select(self.compare(">", bound, a), bound, a)

    def at_most(self, bound: ir.Value, a: ir.Value) -> ir.Value:
        """a, or the bound where a is above it. One instruction; a NaN in a stays."""
        return self.select(self.compare("<", bound, a), bound, a)

    # Conditions

    def compare(self, relation: str, a: ir.Value, b: ir.Value) -> ir.Value:
        """A mask: ``<``, ``<=``, ``>``, ``>=``, ``==`` are false where either is NaN, ``!=`` is true there."""
        if relation == "!=":
            return self.builder.fcmp_unordered(relation, a, b)
        return self.builder.fcmp_ordered(relation, a, b)

    def is_nan(self, a: ir.Value) -> ir.Value:
        """Mask of the lanes that are not a number."""
        return self.builder.fcmp_unordered("uno", a, a)

    def is_finite(self, a: ir.Value) -> ir.Value:
        """Mask of the lanes that are neither infinite nor NaN."""
        return self.compare("<", self.abs(a), self.number(float("inf")))

    def both(self, a: ir.Value, b: ir.Value) -> ir.Value:
        """Logical and of masks."""
        return self.builder.and_(a, b)

    def either(self, a: ir.Value, b: ir.Value) -> ir.Value:
        """Logical or of masks."""
        return self.builder.or_(a, b)

    def not_(self, a: ir.Value) -> ir.Value:
        """Logical not of a mask."""
        return self.builder.xor(a, self.truth(True))

    def select(self, condition: ir.Value, then: ir.Value, otherwise: ir.Value) -> ir.Value:
        """Lane by lane: ``then`` where the mask is true, else ``otherwise``; values of any vector type."""
        return self.builder.select(condition, then, otherwise)

    def bits(self, mask: ir.Value) -> ir.Value:
        """The mask as an integer of W bits, lane 0 the lowest."""
        return self.builder.bitcast(mask, self.bits_type)

    def any(self, mask: ir.Value) -> ir.Value:
        """One truth value: whether some lane is true."""
        return self.builder.icmp_unsigned("!=", self.bits(mask), self.bits_type(0))

    def all(self, mask: ir.Value) -> ir.Value:
        """One truth value: whether every lane is true."""
        return self.builder.icmp_unsigned("==", self.bits(mask), self.bits_type(-1))

    # The bits of doubles

    def as_integer(self, a: ir.Value) -> ir.Value:
        """The 64 bits of each double."""
        return self.builder.bitcast(a, self.integer)

    def as_real(self, a: ir.Value) -> ir.Value:
        """The doubles that consist of these 64 bits."""
        return self.builder.bitcast(a, self.real)

    # Memory

    def address(self, pointer: ir.Value, index: ir.Value | int) -> ir.Value:
        """Pointer to the double number ``index`` (a number, or a 64-bit integer at run time)."""
        place = I64(index) if isinstance(index, int) else index
        return self.builder.gep(pointer, [place], source_etype=self.scalar)

    def load(self, pointer: ir.Value, index: ir.Value | int = 0) -> ir.Value:
        """W neighbouring doubles, the first at ``index`` (counted in doubles)."""
        return self.builder.load(self.address(pointer, index), align=self.size, typ=self.real)

    def store(self, a: ir.Value, pointer: ir.Value, index: ir.Value | int = 0) -> None:
        """Write W neighbouring doubles, the first at ``index`` (counted in doubles)."""
        self.builder.store(a, self.address(pointer, index), align=self.size)

    def load_splat(self, pointer: ir.Value, index: ir.Value | int = 0) -> ir.Value:
        """One double of memory in all lanes."""
        return self.splat(self.builder.load(self.address(pointer, index), align=self.size, typ=self.scalar))

    def extract(self, a: ir.Value, lane: ir.Value | int) -> ir.Value:
        """The scalar in one lane."""
        return self.builder.extract_element(a, I32(lane) if isinstance(lane, int) else lane)

    def insert(self, a: ir.Value, scalar: ir.Value, lane: ir.Value | int) -> ir.Value:
        """The vector with one lane replaced."""
        return self.builder.insert_element(a, scalar, I32(lane) if isinstance(lane, int) else lane)

    # Functions

    def intrinsic(self, name: str, *arguments: ir.Value) -> ir.Value:
        """LLVM's ``llvm.name`` for vectors of doubles; arguments and value are of the type ``real``."""
        full = f"llvm.{name}.v{self.width}f{self.features.bits}"
        function = self.module.globals.get(full)
        if function is None:
            function = ir.Function(self.module, ir.FunctionType(self.real, [self.real] * len(arguments)), full)
        return self.builder.call(function, arguments)


def _hexadecimal(value: float, bits: int) -> str:
    """In LLVM's notation: as a double, also those of single precision."""
    if bits == 32:
        (value,) = struct.unpack(">f", struct.pack(">f", value))
    return "0x" + struct.pack(">d", value).hex().upper()


class _Written(ir.Constant):  # type: ignore[misc] # llvmlite has no types
    """A constant in LLVM's short notation; llvmlite would write each lane."""

    def __init__(self, kind: ir.Type, text: str) -> None:
        self.type = kind
        self.constant = text

    def _get_reference(self) -> str:
        return self.constant
