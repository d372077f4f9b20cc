"""Loops and branches, by running small functions."""

from __future__ import annotations

import ctypes

import pytest
from llvmlite import ir

from odeplayground.dynamics.kernels.compile import Level, compile_module
from odeplayground.dynamics.kernels.control import Flow
from odeplayground.dynamics.kernels.features import host_features
from odeplayground.dynamics.kernels.vector import I64, Lanes


def run(body, *arguments, unroll=0, level=Level.QUICK):
    """What ``body(lanes, flow, *values)`` returns for integers."""
    module, features = ir.Module(), host_features()
    function = ir.Function(module, ir.FunctionType(I64, [I64] * len(arguments)), "f")
    lanes = Lanes(ir.IRBuilder(function.append_basic_block()), module, features)
    lanes.builder.ret(body(lanes, Flow(lanes, unroll), *function.args))
    code = compile_module(module, features, level)
    kinds = [ctypes.c_int64] * (len(arguments) + 1)
    return ctypes.CFUNCTYPE(*kinds)(code.address("f"))(*arguments)


@pytest.mark.parametrize("unroll", [0, 10])
@pytest.mark.parametrize("level", list(Level))
def test_each_goes_through_a_known_range(unroll, level):
    def body(lanes, flow):
        total = flow.variable(I64(0))

        def add(i):
            value = I64(i) if isinstance(i, int) else i
            total.value = lanes.builder.add(lanes.builder.mul(total.value, I64(10)), value)

        flow.each(5, add, start=2)
        return total.value

    assert run(body, unroll=unroll, level=level) == 234


@pytest.mark.parametrize(("stop", "rounds"), [(5, 5), (0, 0), (-3, 0)])
def test_each_goes_through_a_range_that_is_known_late(stop, rounds):
    def body(lanes, flow, stop):
        count = flow.variable(I64(0))
        flow.each(stop, lambda i: setattr(count, "value", lanes.builder.add(count.value, I64(1))))
        return count.value

    assert run(body, stop) == rounds


def test_nested_loops_with_bounds_that_depend():
    def body(lanes, flow, n):
        count = flow.variable(I64(0))

        def inner(j):
            count.value = lanes.builder.add(count.value, I64(1))

        flow.each(n, lambda i: flow.each(i, inner))
        return count.value

    assert run(body, 6) == 15


def test_when_runs_only_where_true():
    def body(lanes, flow, x):
        result = flow.variable(I64(1))
        with flow.when(lanes.builder.icmp_signed(">", x, I64(3))):
            result.value = I64(2)
        return result.value

    assert [run(body, x) for x in (3, 4)] == [1, 2]


def test_a_loop_can_be_left_and_begun_again():
    """The sum of odd numbers up to a limit."""

    def body(lanes, flow, limit):
        builder = lanes.builder
        i, total = flow.variable(I64(0)), flow.variable(I64(0))
        with flow.loop() as loop:
            i.value = builder.add(i.value, I64(1))
            loop.leave_if(builder.icmp_signed(">", i.value, limit))
            loop.again_if(builder.icmp_unsigned("==", builder.and_(i.value, I64(1)), I64(0)))
            total.value = builder.add(total.value, i.value)
        return total.value

    assert run(body, 9) == 25


@pytest.mark.parametrize("bits", [0, 1, 0b101100, 1 << 62])
def test_each_bit_names_the_bits_that_are_set(bits):
    def body(lanes, flow, value):
        total = flow.variable(I64(0))
        with flow.each_bit(value) as number:
            total.value = lanes.builder.add(total.value, lanes.builder.shl(I64(1), number))
        return total.value

    assert run(body, bits) == bits
