"""What the processor can do: how many doubles fit a vector, and whether multiply-add is one instruction."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

WITHOUT = "ODEPLAYGROUND_WITHOUT"
"""Environment variable with features to do without, such as ``avx512f,fma``."""


@dataclass(frozen=True)
class Features:
    """The machine to write code for. Results depend on ``fma`` alone; the rest only decides how fast they come."""

    width: int
    """Lanes: doubles per vector. 1, 2, 4, 8 or 16; a power of two."""
    fma: bool
    """Whether multiply-add is fused, that is rounded once."""
    cpu: str
    """LLVM's name of the processor, for its instruction timings."""
    flags: str
    """LLVM's feature flags, ``+avx2,-avx512f,...``."""
    bits: int = 64
    """Of each number: 64 or 32, for vectors of doubles or of single precision."""


def host_features(without: Iterable[str] | None = None) -> Features:
    """The machine we run on, as if it lacked the features ``without`` (``avx512f``, ``avx2``, ``fma``).

    ``None`` reads them from the environment variable ``ODEPLAYGROUND_WITHOUT``.
    """
    if without is None:
        without = os.environ.get(WITHOUT, "").split(",")
    return _host(frozenset(name.strip() for name in without if name.strip()))


@lru_cache(maxsize=16)
def _host(without: frozenset[str]) -> Features:
    from llvmlite import binding

    found = dict(binding.get_host_cpu_features())
    # Last, since a flag switches off whatever builds on it, and a later one could switch it on again.
    flags = [("+" if has else "-") + name for name, has in sorted(found.items()) if name not in without]
    flags += [f"-{name}" for name in sorted(without)]
    arm = binding.get_default_triple().startswith(("aarch64", "arm64"))
    have = {name for name, has in found.items() if has} - without
    # Whatever builds on a missing feature is missing too.
    if "avx2" not in have:
        have -= {"avx512f"}
    if "fma" not in have:
        have -= {"avx512f"}
    fma = "fma" not in without if arm else "fma" in have
    # Twice what a register of AVX2, SSE2 or NEON holds: that hides waiting, and shares the work between steps.
    width = 8 if have & {"avx512f", "avx2"} else 4
    return Features(width, fma, binding.get_host_cpu_name(), ",".join(flags))
