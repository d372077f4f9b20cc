"""The code for all dense networks: compiled once per precision, whatever the sizes."""

from __future__ import annotations

import ctypes
from dataclasses import replace
from functools import lru_cache, partial

from llvmlite import ir

from odeplayground.dynamics.kernels.compile import compile_written
from odeplayground.dynamics.kernels.dense import advance, begin, rate, retreat
from odeplayground.dynamics.kernels.features import Features, host_features
from odeplayground.dynamics.kernels.network.matrix import register_width

REGISTERS = 2
"""Registers per vector: with two, each weight that is loaded serves two multiply-adds."""


class Program:
    """Functions of one block, given by the address of its slots. They let other threads of Python run."""

    def __init__(self, features: Features) -> None:
        self.features = features
        self._code = compile_written(partial(_written, features), "dense networks", features)
        kind = ctypes.CFUNCTYPE(None, ctypes.c_int64)
        self.begin = kind(self._code.address(begin.BEGIN))
        self.advance = kind(self._code.address(advance.ADVANCE))
        self.retreat = kind(self._code.address(retreat.RETREAT))
        self.arrive = kind(self._code.address(retreat.ARRIVE))
        bound = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64)
        self.bound = bound(self._code.address(rate.BOUND))


def _written(features: Features) -> ir.Module:
    module = ir.Module()
    for write in (begin.begin, advance.advance, retreat.retreat, retreat.arrive):
        write(module, features)
    return module


def dense_features(bits: int, features: Features | None = None) -> Features:
    """The width that suits products of matrices, for numbers of 64 or 32 bits; ``None`` for the machine we run on."""
    features = replace(features or host_features(), bits=bits)
    return replace(features, width=REGISTERS * register_width(features))


@lru_cache(maxsize=8)
def dense_program(features: Features) -> Program:
    """Compiled at the first call."""
    return Program(features)
