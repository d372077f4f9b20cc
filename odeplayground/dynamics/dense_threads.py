"""Pieces of native work on several threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import lru_cache
from itertools import count

from odeplayground.dynamics.kernels.forks import in_child


def share(pieces: Sequence[Callable[[], None]], threads: int) -> None:
    """Do all pieces, on so many threads at a time, this one being the first. The first failure is raised."""
    if threads <= 1 or len(pieces) <= 1:
        for piece in pieces:
            piece()
        return
    numbers = count()

    def work() -> None:
        while (number := next(numbers)) < len(pieces):
            pieces[number]()

    futures = [_pool().submit(work) for _ in range(min(threads, len(pieces)) - 1)]
    try:
        work()
    finally:
        wait(futures)
    for future in futures:
        future.result()


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(8, thread_name_prefix="dense")


in_child(_pool.cache_clear)  # threads stay behind
