"""Dense networks as fields: solutions, and exact gradients of the steps, in native code. No torch here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock

import numpy as np

from odeplayground.dynamics.arrays import Floats, Integers
from odeplayground.dynamics.dense_block import DenseBlock, DenseControl
from odeplayground.dynamics.dense_pool import block_pool
from odeplayground.dynamics.dense_shape import DenseShape, Reals
from odeplayground.dynamics.dense_threads import share
from odeplayground.dynamics.kernels.dense.slots import Row

VECTORS = {4: 4, 8: 4}
"""Vectors per block by the bytes of a number: weights and states of a layer stay in the first cache."""

Loss = Callable[[slice, Reals], tuple[float, Reals]]
"""Of the trajectories (a slice of their numbers) and their values (k, n, m): a loss and its cotangents (k, n, m)."""


@dataclass(frozen=True, eq=False)
class DenseStats:
    """Per trajectory: codes of ``endings.Ending``, and steps accepted and tried."""

    endings: Integers
    accepted: Integers
    tried: Integers


class DenseSolver:
    """Solves z' = net(z) for networks of one shape, with step sizes of their own or shared ones.

    Several threads may call it. ``threads`` blocks are worked on at a time; the bits of the result do not depend on
    how many.
    """

    def __init__(self, shape: DenseShape, control: DenseControl, threads: int = 1) -> None:
        self.shape, self.control, self.threads = shape, control, threads

    def blocks(self, count: int) -> list[slice]:
        """How trajectories are shared out, in pieces of about the same size."""
        width = self.shape.program.features.width
        vectors = -(-count // width)
        parts = -(-vectors // VECTORS[self.shape.dtype.itemsize])
        per = -(-vectors // parts) * width
        return [slice(i, min(count, i + per)) for i in range(0, count, per)]

    def solve(self, weights: Reals, y0: Reals, times: Floats, *, keep: bool) -> DenseRun:
        """Outputs of states y0 (m, n) at times (k,) or (m, k), increasing from zero; with ``keep`` for gradients."""
        count, n = y0.shape
        values = np.empty((times.shape[-1], count, n), self.shape.dtype)
        stats = _stats(count)
        parts = self.blocks(count)
        held: list[DenseBlock | None] = [None] * len(parts)

        def work(number: int) -> None:
            part = parts[number]
            block = self._take(part, times.shape[-1])
            self._load(block, weights, y0[part], times if times.ndim == 1 else times[part], None, record=keep)
            size = part.stop - part.start
            values[:, part] = block.out[:, :, :size].transpose(0, 2, 1)
            _note(stats, part, block)
            if keep:
                held[number] = block
            else:
                block_pool().give_back(block)

        share([partial(work, i) for i in range(len(parts))], self.threads)
        run = DenseRun(self, weights, values, stats, parts, [block for block in held if block is not None])
        run.per_sample_times = times.ndim == 2
        return run

    def loss_and_gradient(
        self, weights: Reals, y0: Reals, times: Floats, loss: Loss, first: Reals | None = None
    ) -> tuple[float, Reals, Reals, DenseStats]:
        """The sum of the losses of all blocks, with the gradients by the weights and by y0 (m, n).

        Each block is solved, judged and pulled back at once. ``first`` (m,) are the first steps, which are replaced
        by those that were accepted.
        """
        count, n = y0.shape
        stats, parts = _stats(count), self.blocks(count)
        by_start = np.zeros((count, n), self.shape.dtype)
        gradient = _Sum(self.shape)

        def work(number: int) -> None:
            part = parts[number]
            block = self._take(part, times.shape[-1])
            given = None if first is None else first[part]
            self._load(block, weights, y0[part], times if times.ndim == 1 else times[part], given)
            size = part.stop - part.start
            value, cotangent = loss(part, block.out[:, :, :size])
            block.cotangent[:, :, :size] = cotangent
            block.cotangent[:, :, size:] = 0.0
            _note(stats, part, block)
            if first is not None:
                first[part] = block.lane_rows[Row.FIRST, :size]
            by_start[part] = _pulled(block)[:, :size].T
            gradient.add(number, block, value)
            block_pool().give_back(block)

        share([partial(work, i) for i in range(len(parts))], self.threads)
        return gradient.value, gradient.total, by_start, stats

    def _take(self, part: slice, n_times: int) -> DenseBlock:
        width = self.shape.program.features.width
        vectors = -(-(part.stop - part.start) // width)
        return block_pool().take(self.shape, vectors, n_times)

    def _load(
        self, block: DenseBlock, weights: Reals, y0: Reals, times: Floats, first: Reals | None, *, record: bool = True
    ) -> None:
        spare = block.lanes - len(y0)
        rows = np.concatenate([y0, np.repeat(y0[-1:], spare, axis=0)]) if spare else y0
        lanes = times[:, None] if times.ndim == 1 else np.concatenate([times, np.repeat(times[-1:], spare, 0)]).T
        given = None if first is None else np.concatenate([first, np.repeat(first[-1:], spare)])
        block.solve(weights, rows.T, lanes, self.control, given, record=record)


class DenseRun:
    """A solution: ``values`` (k, m, n), NaN from where a trajectory ended early, and ``stats``."""

    def __init__(
        self,
        solver: DenseSolver,
        weights: Reals,
        values: Reals,
        stats: DenseStats,
        parts: Sequence[slice],
        blocks: list[DenseBlock],
    ) -> None:
        self.values, self.stats = values, stats
        self.per_sample_times = False
        self._solver, self._weights, self._parts, self._blocks = solver, weights, parts, blocks

    def pull(self, cotangent: Reals) -> tuple[Reals, Reals]:
        """Gradients by the weights and by the starts (m, n), of cotangents (k, m, n). One thread at a time.

        Raises:
            RuntimeError: the tape was not kept.
        """
        if not self._blocks:
            raise RuntimeError("The steps of this solution are not there.")
        gradient = _Sum(self._solver.shape)
        by_start = np.empty(self.values.shape[1:], self.values.dtype)

        def work(number: int) -> None:
            part, block = self._parts[number], self._blocks[number]
            size = part.stop - part.start
            block.cotangent[:, :, :size] = cotangent[:, part].transpose(0, 2, 1)
            block.cotangent[:, :, size:] = 0.0
            by_start[part] = _pulled(block)[:, :size].T
            gradient.add(number, block, 0.0)

        share([partial(work, i) for i in range(len(self._parts))], self._solver.threads)
        return gradient.total, by_start

    def __del__(self) -> None:
        for block in self._blocks:
            block_pool().give_back(block)


class _Sum:
    """Losses and gradients of blocks, added up in the order of the blocks, whichever thread is done first."""

    def __init__(self, shape: DenseShape) -> None:
        self._shape, self._lock = shape, Lock()
        self._waiting: dict[int, tuple[Reals, float]] = {}
        self._next = 0
        self.total: Reals = np.zeros(shape.count, shape.dtype)
        self.value = 0.0

    def add(self, number: int, block: DenseBlock, value: float) -> None:
        """What a block gave; it waits for those before it."""
        one = np.empty_like(self.total)
        self._shape.flat_gradient(block.weight_sums, block.bias_sums, one)
        with self._lock:
            self._waiting[number] = one, value
            while self._next in self._waiting:
                gradient, loss = self._waiting.pop(self._next)
                self.total += gradient
                self.value += loss
                self._next += 1


def _pulled(block: DenseBlock) -> Reals:
    block.weight_sums[:] = 0.0
    block.bias_sums[:] = 0.0
    return block.pull()


def _stats(count: int) -> DenseStats:
    return DenseStats(*(np.zeros(count, dtype=np.int64) for _ in range(3)))


def _note(stats: DenseStats, part: slice, block: DenseBlock) -> None:
    rows, size = block.lane_rows, part.stop - part.start
    stats.endings[part] = rows[Row.ENDING, :size]
    stats.accepted[part] = rows[Row.ACCEPTED, :size]
    stats.tried[part] = rows[Row.TRIED, :size]
