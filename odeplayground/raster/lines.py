"""Drawing polylines into a mask by native code, once that has been compiled."""

from __future__ import annotations

import ctypes
import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Mask = NDArray[np.uint8]

_preparing = threading.Lock()
_known: list[tuple[Any, Any]] = []
"""The function and the engine that holds its code, when there is one."""


def ready() -> bool:
    """Whether :func:`trace` can be called."""
    return bool(_known)


def prepare() -> None:
    """Compile the code, if that was not done yet. Any thread may call it.

    Raises:
        RuntimeError: LLVM could not make machine code here.
    """
    with _preparing:
        if not _known:
            _known.append(_compiled())


def trace(
    mask: Mask,
    points: Floats,
    starts: Ints,
    stops: Ints,
    scale: tuple[float, float],
    shift: tuple[float, float],
    width: float,
) -> None:
    """Draw polylines into a mask (height, width), 0 for untouched to 255 for covered. Other threads run meanwhile.

    Run i is ``points[starts[i]:stops[i]]`` of (n, 2) finite points; ``scale * point + shift`` is in pixels, as is the
    ``width`` of the lines. Corners are not rounded: it is meant for lines of one or two pixels.
    """
    function, _ = _known[0]
    mask = _required(mask, np.uint8)
    points, starts, stops = _required(points, np.float64), _required(starts, np.int64), _required(stops, np.int64)
    arrays = points.ctypes.data, starts.ctypes.data, stops.ctypes.data, len(starts)
    function(mask.ctypes.data, mask.shape[1], mask.shape[0], *arrays, *scale, *shift, width)


def _required(array: NDArray[Any], kind: Any) -> NDArray[Any]:
    return np.require(array, kind, "C")


def _compiled() -> tuple[Any, Any]:
    from llvmlite import binding

    from odeplayground.raster import kernel

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    code = binding.parse_assembly(str(kernel.module()))
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
    long, real, pointer = ctypes.c_int64, ctypes.c_double, ctypes.c_void_p
    kinds = [pointer, long, long, pointer, pointer, pointer, long, *[real] * 5]
    return ctypes.CFUNCTYPE(None, *kinds)(engine.get_function_address(kernel.NAME)), engine
