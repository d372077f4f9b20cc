"""Memory of native solutions that is kept for the next one, for all shapes and tolerances together."""

from __future__ import annotations

from collections import deque
from functools import lru_cache
from threading import RLock

from odeplayground.dynamics.dense_block import DenseBlock
from odeplayground.dynamics.dense_shape import DenseShape
from odeplayground.dynamics.kernels.forks import in_child

KEPT_BYTES = 64 << 20


class BlockPool:
    """Blocks that nobody uses, the oldest of which go once their tapes take more than ``limit`` bytes."""

    def __init__(self, limit: int = KEPT_BYTES) -> None:
        self._limit = limit
        self._free: deque[DenseBlock] = deque()
        self._lock = RLock()  # a solution that is freed gives back, perhaps in the middle of a call

    @property
    def size(self) -> int:
        """Bytes of the tapes, about."""
        return sum(block.tape_size(block.capacity) for block in list(self._free))

    def take(self, shape: DenseShape, vectors: int, n_times: int) -> DenseBlock:
        """A block of this kind, kept or new."""
        wanted = shape, vectors, n_times
        with self._lock:
            for block in list(self._free):
                if (block.shape, block.vectors, block.n_times) == wanted and block in self._free:
                    self._free.remove(block)
                    return block
        return DenseBlock(shape, vectors, n_times)

    def give_back(self, block: DenseBlock) -> None:
        """Keep a block for another solution; one that is too large is not kept."""
        if block.tape_size(block.capacity) > self._limit:
            return
        with self._lock:
            self._free.append(block)
            while self.size > self._limit:
                self._free.popleft()


@lru_cache(maxsize=1)
def block_pool() -> BlockPool:
    """The pool of this process."""
    return BlockPool()


in_child(block_pool.cache_clear)  # another thread may have held its lock
