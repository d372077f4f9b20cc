"""Machine code: its life, its failures, and many threads."""

import ctypes
import gc
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from llvmlite import ir

from odeplayground.dynamics.kernels import compile as compiling
from odeplayground.dynamics.kernels.compile import CompileError, Level, compile_module
from odeplayground.dynamics.kernels.features import Features, host_features
from odeplayground.dynamics.kernels.vector import F64


def square_plus(number: float) -> ir.Module:
    """double f(double x) = x**2 + number, with an inner function."""
    module = ir.Module()
    kind = ir.FunctionType(F64, [F64])
    inner = ir.Function(module, kind, "inner")
    inner.linkage = "internal"
    builder = ir.IRBuilder(inner.append_basic_block())
    builder.ret(builder.fmul(inner.args[0], inner.args[0]))
    outer = ir.Function(module, kind, "f")
    builder = ir.IRBuilder(outer.append_basic_block())
    builder.ret(builder.fadd(builder.call(inner, outer.args), F64(number)))
    return module


def call(code, x):
    return ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(code.address("f"))(x)


@pytest.mark.parametrize("level", list(Level))
def test_both_levels_run(level):
    assert call(compile_module(square_plus(1.0), host_features(), level), 3.0) == 10


def test_only_outer_functions_have_an_address():
    code = compile_module(square_plus(1.0), host_features())
    with pytest.raises(KeyError, match="inner"):
        code.address("inner")


def test_faulty_code_is_refused_with_a_sentence():
    module = ir.Module()
    function = ir.Function(module, ir.FunctionType(F64, [F64]), "f")
    function.append_basic_block()  # without an end
    with pytest.raises(CompileError, match="could not be made"):
        compile_module(module, host_features())


def test_memory_is_given_back_with_the_code(monkeypatch):
    engines = []
    original = compiling._engine
    monkeypatch.setattr(compiling, "_engine", lambda *a: engines.append(original(*a)) or engines[-1])
    code = compile_module(square_plus(2.0), host_features(), Level.QUICK)
    assert not engines[0].closed
    del code
    gc.collect()
    assert engines[0].closed


def test_memory_waits_while_another_thread_compiles(monkeypatch):
    engines = []
    original = compiling._engine
    monkeypatch.setattr(compiling, "_engine", lambda *a: engines.append(original(*a)) or engines[-1])
    code = compile_module(square_plus(2.0), host_features(), Level.QUICK)
    with compiling._compiling:
        del code
        gc.collect()
        assert not engines[0].closed
    compile_module(square_plus(3.0), host_features(), Level.QUICK)
    assert engines[0].closed


def test_threads_may_compile_at_once():
    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(lambda k: compile_module(square_plus(k), host_features(), Level.QUICK), range(12)))
    assert [call(code, 2.0) for code in codes] == [4 + k for k in range(12)]


def test_quick_code_is_made_first(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[Level] = []
    read = compiling._read

    def noted(text: str, features: Features, level: Level) -> tuple[object, object]:
        order.append(level)
        return read(text, features, level)

    monkeypatch.setattr(compiling, "_read", noted)
    with ThreadPoolExecutor(2) as pool:
        with compiling._compiling:
            quick = pool.submit(compile_module, square_plus(1.0), host_features(), Level.QUICK)
            while not compiling._hurried:
                time.sleep(0.001)
            calm = pool.submit(compile_module, square_plus(2.0), host_features(), Level.OPTIMISED)
        quick.result()
        calm.result()
    assert order == [Level.QUICK, Level.OPTIMISED]
    assert not compiling._hurried
