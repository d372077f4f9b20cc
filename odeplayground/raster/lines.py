"""Drawing polylines into a mask by native code, once that has been compiled."""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from odeplayground.raster.threads import share

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Mask = NDArray[np.uint8]
Picture = NDArray[np.uint32]
Pair = tuple[float, float]

STEP = 8
"""Masks that are blended have a multiple of so many columns: so many are looked at together, as most are empty."""

_preparing = threading.Lock()
_known: list[_Code] = []
if hasattr(os, "register_at_fork"):  # a child of a process that is compiling would wait for ever
    os.register_at_fork(
        before=_preparing.acquire, after_in_parent=_preparing.release, after_in_child=_preparing.release
    )


class _Code:
    """The functions, and the engine that holds their code."""

    def __init__(self, engine: Any, functions: dict[str, Any]) -> None:
        self.engine = engine
        self.functions = functions


def ready() -> bool:
    """Whether the functions here can be called."""
    return bool(_known)


def prepare() -> None:
    """Compile the code, if that was not done yet. Any thread may call it.

    Raises:
        RuntimeError: LLVM could not make machine code here.
    """
    with _preparing:
        if not _known:
            _known.append(_compiled())


def trace(mask: Mask, points: Floats, starts: Ints, stops: Ints, scale: Pair, shift: Pair, width: float) -> None:
    """Draw thin polylines into a mask (height, width), 0 for untouched to 255 for covered. Other threads run meanwhile.

    Run i is ``points[starts[i]:stops[i]]`` of (n, 2) finite points; ``scale * point + shift`` is in pixels, as is the
    ``width`` of the lines. Corners are not rounded: it is meant for lines of one or two pixels, and the quickest.
    """
    points = np.require(points, np.float64, "C")

    def part(over: Mask, runs: slice) -> None:
        _called("trace", *_lines(over, points, starts[runs], stops[runs]), *scale, *shift, width)

    share(part, mask, stops - starts)


def stroke(
    mask: Mask,
    points: Floats,
    starts: Ints,
    stops: Ints,
    scale: Pair,
    shift: Pair,
    width: float,
    pattern: Sequence[float] = (),
) -> None:
    """The same for lines of any width, with round ends and corners.

    ``pattern`` alternates lengths of dashes and gaps in pixels, an even number of them; dashes end squarely.
    """
    ends = np.cumsum(pattern).reshape(-1, 2)
    lengths = np.array(pattern[::2], dtype=float)
    middles = ends[:, 0] - lengths / 2
    dashes = np.stack([middles, lengths / 2], axis=-1)
    lines = _lines(mask, points, starts, stops)
    _called("stroke", *lines, *scale, *shift, width, dashes, len(dashes), sum(pattern))


def blend(mask: Mask, picture: int, row: int, size: tuple[int, int], shades: Picture) -> None:
    """Lay a colour over (height, width) = ``size`` pixels of 32 bits of a picture, and empty the mask.

    The mask is (height, m), where m is at least the width and a multiple of ``STEP``. ``picture`` is the address of the
    first pixel, ``row`` the number of pixels from one row to the next. ``shades`` (256,) are the colours at each
    coverage, premultiplied, in the order of the picture's channels.
    """
    _called("blend", mask, mask.shape[1], picture, row, size[1], size[0], shades)


def _lines(mask: Mask, points: Floats, starts: Ints, stops: Ints) -> tuple[Any, ...]:
    runs = (np.require(one, np.int64, "C") for one in (starts, stops))
    return mask, mask.shape[1], mask.shape[0], np.require(points, np.float64, "C"), *runs, len(starts)


def _called(name: str, *arguments: Any) -> None:
    """Call a function with the addresses of arrays."""
    function = _known[0].functions[name]
    function(*(one.ctypes.data if isinstance(one, np.ndarray) else one for one in arguments))


def _compiled() -> _Code:
    from llvmlite import binding, ir

    from odeplayground.raster import blending, thin, wide

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    module = ir.Module(name="raster")
    for part in (thin, wide, blending):
        part.define(module)
    code = binding.parse_assembly(str(module))
    machine = binding.Target.from_default_triple().create_target_machine(
        cpu=binding.get_host_cpu_name(), features=binding.get_host_cpu_features().flatten(), opt=2, jit=True
    )
    code.verify()
    code.triple, code.data_layout = machine.triple, str(machine.target_data)
    passes = binding.create_new_module_pass_manager()
    passes.add_sroa_pass()
    passes.add_simplify_cfg_pass()
    passes.add_instruction_combine_pass()
    passes.run(code, binding.create_pass_builder(machine, binding.create_pipeline_tuning_options()))
    engine = binding.create_mcjit_compiler(code, machine)
    engine.finalize_object()
    functions = {
        part.NAME: ctypes.CFUNCTYPE(None, *map(_in_c, part.ARGUMENTS.values()))(engine.get_function_address(part.NAME))
        for part in (thin, wide, blending)
    }
    return _Code(engine, functions)


def _in_c(kind: Any) -> Any:
    """The type of an argument as ctypes has it."""
    return {"i64": ctypes.c_int64, "double": ctypes.c_double}.get(str(kind), ctypes.c_void_p)
