"""Instructions on vectors, in all lanes."""

import ctypes

import numpy as np
import pytest
from llvmlite import ir

from odeplayground.dynamics.kernels.compile import Level, compile_module
from odeplayground.dynamics.kernels.vector import I64, POINTER, VOID, Lanes
from tests.unit.dynamics.kernels.natively import machine

WIDTHS = [1, 2, 4, 8, 16]


def run(write, features, *arrays):
    """Compile ``write(lanes, *pointers)`` and call it with the arrays."""
    module = ir.Module()
    function = ir.Function(module, ir.FunctionType(VOID, [POINTER] * len(arrays)), "f")
    lanes = Lanes(ir.IRBuilder(function.append_basic_block()), module, features)
    write(lanes, *function.args)
    lanes.builder.ret_void()
    code = compile_module(module, features, Level.QUICK)
    pointers = [array.ctypes.data for array in arrays]
    ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * len(arrays))(code.address("f"))(*pointers)
    return arrays[-1]


@pytest.mark.parametrize("width", WIDTHS)
def test_load_and_store_reach_w_neighbours(width):
    source, target = np.arange(40.0), np.zeros(40)
    result = run(lambda lanes, a, b: lanes.store(lanes.load(a, 3), b, 5), machine(width), source, target)
    expected = np.zeros(40)
    expected[5 : 5 + width] = source[3 : 3 + width]
    np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize("width", WIDTHS)
def test_constants_and_scalars_fill_all_lanes(width):
    def write(lanes, a, b):
        total = lanes.add(lanes.load_splat(a, 2), lanes.number(0.1))
        lanes.store(total, b)

    result = run(write, machine(width), np.array([1.0, 2.0, 3.0]), np.zeros(16))
    np.testing.assert_array_equal(result[:width], np.full(width, 3.0 + 0.1))


@pytest.mark.parametrize("value", [0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, 1 / 3])
def test_constants_keep_their_bits(value):
    result = run(lambda lanes, b: lanes.store(lanes.number(value), b), machine(2), np.zeros(2))
    np.testing.assert_array_equal(result.view(np.int64), np.full(2, value).view(np.int64))


@pytest.mark.parametrize("width", WIDTHS)
def test_masks_as_bits(width):
    pattern = np.arange(width) % 3 == 0

    def write(lanes, a, b):
        mask = lanes.compare("!=", lanes.load(a), lanes.number(0.0))
        found = [lanes.bits(mask), lanes.any(mask), lanes.all(mask), lanes.any(lanes.not_(mask))]
        for place, value in enumerate(found):
            wide = lanes.builder.zext(value, I64)
            lanes.builder.store(wide, lanes.address(b, place), align=8)

    result = run(write, machine(width), pattern.astype(float), np.zeros(4, dtype=np.int64))
    assert list(result) == [sum(1 << i for i in range(width) if pattern[i]), 1, width == 1, width > 1]


def test_minimum_and_maximum_pass_nan_on():
    x, y = np.array([1.0, np.nan, 2.0, np.nan]), np.array([2.0, 1.0, np.nan, np.nan])
    for name in ("min", "max"):
        result = run(
            lambda lanes, a, b, c, name=name: lanes.store(getattr(lanes, name)(lanes.load(a), lanes.load(b)), c),
            machine(4),
            x,
            y,
            np.zeros(4),
        )
        np.testing.assert_array_equal(result, getattr(np, name + "imum")(x, y))


def test_bounds_leave_nan_alone():
    def write(lanes, a, b):
        lanes.store(lanes.at_most(lanes.number(1.0), lanes.at_least(lanes.number(-1.0), lanes.load(a))), b)

    result = run(write, machine(4), np.array([-3.0, 0.5, 7.0, np.nan]), np.zeros(4))
    np.testing.assert_array_equal(result, [-1, 0.5, 1, np.nan])


@pytest.mark.parametrize("fma", [True, False])
def test_products_and_sums_are_fused_only_on_request(fma):
    x = np.full(4, 1 + 2.0**-52)

    def write(lanes, a, b):
        value = lanes.load(a)
        square = lanes.mul(value, value)
        lanes.store(lanes.sub(square, lanes.number(1 + 2.0**-51)), b, 0)
        lanes.store(lanes.fma(value, value, lanes.number(-1 - 2.0**-51)), b, 4)

    features = machine(4, fma)
    result = run(write, features, x, np.zeros(8))
    assert (result[:4] == 0).all()
    assert (result[4:] == (2.0**-104 if features.fma else 0)).all()


def test_one_lane_at_a_time():
    def write(lanes, a, b):
        value = lanes.load(a)
        lanes.store(lanes.insert(value, lanes.extract(value, 3), 0), b)

    np.testing.assert_array_equal(run(write, machine(4), np.arange(4.0), np.zeros(4)), [3, 1, 2, 3])
