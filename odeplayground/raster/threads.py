"""Much to draw is shared out among a few threads, each with a mask of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.uint8]

WORTH_IT = 20_000
"""Points for each thread; with fewer, waking it takes longer than drawing."""
_MOST = 4


def share(draw: Callable[[Mask, slice], None], mask: Mask, sizes: NDArray[np.intp]) -> None:
    """Call ``draw(mask, runs)`` for all runs, of so many points each; the larger coverages end in ``mask``.

    What ``draw`` raises is raised when no thread draws any more.
    """
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if ends.size else 0
    parts = max(1, min(_MOST, os.cpu_count() or 1, total // WORTH_IT))
    cuts = [0, *np.searchsorted(ends, total * np.arange(1, parts) / parts).tolist(), len(sizes)]
    runs = [slice(first, last) for first, last in pairwise(cuts)]
    others = [np.zeros_like(mask) for _ in runs[1:]]
    waiting = [_pool().submit(draw, *pair) for pair in zip(others, runs[1:], strict=True)]
    try:
        draw(mask, runs[0])
    finally:
        wait(waiting)  # they read the caller's arrays
    for other, one in zip(others, waiting, strict=True):
        one.result()
        np.maximum(mask, other, out=mask)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_MOST - 1, thread_name_prefix="kernel-lines")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)  # threads stay behind
