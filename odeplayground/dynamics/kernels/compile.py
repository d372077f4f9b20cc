"""From intermediate code to machine code, and giving its memory back."""

from __future__ import annotations

import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import lru_cache
from typing import Any

from llvmlite import binding, ir

from odeplayground import kept_code
from odeplayground.dynamics.kernels import keeping
from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.forks import free_in_child, in_child
from odeplayground.dynamics.kernels.keeping import Kept


class CompileError(RuntimeError):
    """LLVM refused the code: a mistake in the generator, or a machine that forbids generated code."""


class Level(StrEnum):
    """How long to think."""

    QUICK = "quick"
    """As little as possible, so that an edited equation moves at once."""
    OPTIMISED = "optimised"
    """Inlined and scheduled, to replace the quick code when it is ready."""


class Code:
    """Machine code of one module. Hold it as long as any thread may run what :meth:`address` named."""

    def __init__(self, engine: Any, names: Iterable[str]) -> None:
        # Looked up at once, since LLVM may be busy later.
        self._addresses = {name: int(engine.get_function_address(name)) for name in names}
        # Not __del__, which would also run while the interpreter shuts down.
        weakref.finalize(self, _retire, engine).atexit = False

    def address(self, name: str) -> int:
        """Where the function begins, for ``ctypes``. ``KeyError`` if the module does not define it."""
        return self._addresses[name]


def compile_module(module: ir.Module, features: Features, level: Level = Level.OPTIMISED) -> Code:
    """Machine code of a module. Any thread may call it; one compiles at a time.

    Quick ones go first: one that optimises lets them in between its two halves.

    Raises:
        CompileError: LLVM found fault with the module.
    """
    text = str(module)
    key = None if kept_code.shelf() is None else keeping.key_of_text(text, features, level)
    return _from_shelf(key, features) or _compiled(module, text, key, features, level)


def compile_written(
    write: Callable[[], ir.Module], what: object, features: Features, level: Level = Level.OPTIMISED
) -> Code:
    """The same for a module that depends on the source of this package and on ``what`` alone, told by its ``repr``.

    It is not even written where its machine code was kept by an earlier start of the program.
    """
    if kept_code.shelf() is None:
        return compile_module(write(), features, level)
    key = keeping.key_of_sources(what, features, level)
    known = _from_shelf(key, features)
    if known is not None:
        return known
    module = write()
    return _from_shelf(key, features) or _compiled(module, str(module), key, features, level)


def _from_shelf(key: str | None, features: Features) -> Code | None:
    """Machine code that was kept, if all that it wants to be told is known."""
    kept = keeping.found(key)
    if kept is None:
        return None
    with _turn(Level.QUICK):
        _dispose()
        _initialise()
        return Code(kept.engine(features), kept.names) if kept.complete else None


def _compiled(module: ir.Module, text: str, key: str | None, features: Features, level: Level) -> Code:
    """Machine code of a module with that text, which is kept if there is a key."""
    names = [f.name for f in module.functions if not f.is_declaration and f.linkage != "internal"]
    made: list[bytes] = []
    notify = None if key is None else made.append
    try:
        with _turn(level):
            _dispose()
            _initialise()
            parts = _read(text, features, level)
            if level is Level.QUICK:
                code = Code(_engine(*parts, notify), names)
        if level is not Level.QUICK:
            with _turn(level):
                code = Code(_engine(*parts, notify), names)
    except (RuntimeError, OSError) as error:
        raise CompileError(f"The code for the processor could not be made: {error}") from error
    if key is not None and made:
        keeping.keep(key, Kept(names, keeping.symbols(module), made[0]))
    return code


INLINED = "math."
"""Functions with such names are short, and calls of them would save and restore all vectors."""

_INLINED_INSTRUCTIONS = 2000
"""So much code a function may turn into by being copied to its callers."""

_compiling = threading.Lock()
free_in_child(_compiling)
_hurried: list[None] = []
"""An entry for each thread that wants quick code."""
in_child(_hurried.clear)
_POLITE = 1e-3
"""Seconds between looks whether quick code is wanted."""
_retired: deque[Any] = deque()
"""Engines without a user. Destroying one waits for LLVM, which may be busy: not for the thread that let it go."""


@contextmanager
def _turn(level: Level) -> Iterator[None]:
    """Wait until nobody else compiles; and, for a level that can wait, until nobody wants quick code."""
    if level is Level.QUICK:
        _hurried.append(None)
        try:
            with _compiling:
                yield
        finally:
            _hurried.pop()
        return
    while _hurried:
        time.sleep(_POLITE)
    with _compiling:
        yield


def _retire(engine: Any) -> None:
    _retired.append(engine)
    if _compiling.acquire(blocking=False):
        try:
            _dispose()
        finally:
            _compiling.release()


def _dispose() -> None:
    while _retired:
        _retired.popleft().close()


@lru_cache(maxsize=1)
def _initialise() -> None:
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    binding.check_jit_execution()


def _read(text: str, features: Features, level: Level) -> tuple[Any, Any]:
    """The module as LLVM knows it, optimised if so wanted, and the machine that it is for."""
    code = binding.parse_assembly(text)
    machine = binding.Target.from_default_triple().create_target_machine(
        cpu=features.cpu, features=features.flags, opt=_EFFORT[level], jit=True
    )
    code.triple = machine.triple
    code.data_layout = str(machine.target_data)
    if level is Level.OPTIMISED:
        _mark_inlined(code, text)
        _optimise(code, machine)
    return code, machine


def _engine(code: Any, machine: Any, notify: Callable[[bytes], object] | None = None) -> Any:
    """Machine code, which lives as long as this does; the object file, too, if somebody is to be told."""
    engine = binding.create_mcjit_compiler(code, machine)
    if notify is not None:
        engine.set_object_cache(lambda _module, content: notify(bytes(content)))
    engine.finalize_object()
    return engine


_EFFORT = {Level.QUICK: 0, Level.OPTIMISED: 2}
"""LLVM's optimisation level for the last step, from its code to the machine's."""


def _mark_inlined(code: Any, text: str) -> None:
    """Have functions of vectors copied to where they are called, unless that made much code."""
    for function in code.functions:
        if function.name.startswith(INLINED) and not function.is_declaration:
            calls = text.count(f'@"{function.name}"(') - 1
            size = sum(1 for block in function.blocks for _ in block.instructions)
            if calls * size <= _INLINED_INSTRUCTIONS:
                function.add_function_attribute("alwaysinline")


def _optimise(code: Any, machine: Any) -> None:
    """Run the passes that matter here. LLVM's own list for level 2 takes five times as long for as fast code."""
    passes = binding.create_new_module_pass_manager()
    passes.add_always_inliner_pass()
    passes.add_sroa_pass()
    passes.add_simplify_cfg_pass()
    passes.add_new_gvn_pass()
    passes.add_instruction_combine_pass()
    passes.add_dead_store_elimination_pass()
    passes.add_loop_rotate_pass()
    passes.add_simplify_cfg_pass()
    passes.add_aggressive_dce_pass()
    passes.add_global_dead_code_eliminate_pass()
    passes.run(code, binding.create_pass_builder(machine, binding.create_pipeline_tuning_options()))
