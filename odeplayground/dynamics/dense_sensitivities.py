"""How the end of a trajectory of a dense network depends on its start and on the weights, in native code. No torch.

Each end is pulled back over the very steps that were taken, once per state, with the derivatives by the weights kept
for each trajectory. So they are exact for these steps, and a trajectory's do not depend on its neighbours.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from odeplayground.dynamics.arrays import Floats, Integers
from odeplayground.dynamics.dense_block import DenseBlock, DenseControl, aligned
from odeplayground.dynamics.dense_shape import DenseShape, Reals
from odeplayground.dynamics.kernels.arguments_block import address_of
from odeplayground.dynamics.kernels.dense.slots import Row, Slot

MOST_STEPS = 10_000
"""Per trajectory. All are kept, since each is pulled back over several times."""
TAPE_BYTES = 2**31
KEPT = 4
"""Blocks of memory kept for later."""
VECTORS = 1
"""Per block: derivatives by all weights take much memory, which has to stay near the processor."""


@dataclass(frozen=True, eq=False)
class Sensitivities:
    """The ends (m, n) of m trajectories, with their derivatives."""

    ends: Reals
    by_start: Reals
    """(m, n, n): [i, j, k] is the derivative of state j at the end by state k at the start."""
    by_weights: Reals
    """(m, n, p), in the order of the weights."""
    endings: Integers
    """Codes of ``endings.Ending``. Where one is not FINISHED, the end is NaN and the derivatives mean nothing."""


class SensitivitySolver:
    """Ends of trajectories and their derivatives, for networks of one shape. Several threads may call it."""

    def __init__(self, shape: DenseShape, control: DenseControl) -> None:
        self.shape = shape
        self._control = replace(control, most_steps=min(control.most_steps, MOST_STEPS), tape_bytes=TAPE_BYTES)
        self._free: deque[_One] = deque(maxlen=KEPT)

    def solve(self, weights: Reals, y0: Reals, spans: Floats, poll: Callable[[], None] = lambda: None) -> Sensitivities:
        """Trajectories from starts y0 (m, n) over positive spans (m,) of time. ``poll`` is called now and then."""
        (count, n), dtype = y0.shape, self.shape.dtype
        found = Sensitivities(
            np.empty((count, n), dtype),
            np.empty((count, n, n), dtype),
            np.empty((count, n, self.shape.count), dtype),
            np.empty(count, dtype=np.int64),
        )
        one = self._take()
        for start in range(0, count, one.lanes):
            poll()
            part = slice(start, min(count, start + one.lanes))
            one.solve(weights, y0[part], spans[part], self._control)
            one.write(found, part)
        self._free.append(one)
        return found

    def _take(self) -> _One:
        try:
            return self._free.pop()
        except IndexError:
            return _One(self.shape)


class _One:
    """A block whose derivatives are kept lane by lane."""

    def __init__(self, shape: DenseShape) -> None:
        self._block = block = DenseBlock(shape, VECTORS, 2)
        self.lanes = block.lanes
        self._sums = aligned((shape.count, block.lanes), shape.dtype)
        block.slots[Slot.SEPARATE] = 1
        block.slots[Slot.WEIGHT_SUMS] = address_of(self._sums)

    def solve(self, weights: Reals, y0: Reals, spans: Floats, control: DenseControl) -> None:
        spare = self.lanes - len(y0)
        rows = np.concatenate([y0, np.repeat(y0[-1:], spare, axis=0)])
        times = np.zeros((2, self.lanes))
        times[1, : len(spans)] = spans
        self._block.solve(weights, rows.T, times, control, None)

    def write(self, found: Sensitivities, part: slice) -> None:
        block, size = self._block, part.stop - part.start
        found.ends[part] = block.out[1, :, :size].T
        found.endings[part] = block.lane_rows[Row.ENDING, :size]
        for state in range(block.shape.states):
            block.cotangent[:] = 0.0
            block.cotangent[1, state] = 1.0
            self._sums[:] = 0.0
            found.by_start[part, state] = block.pull()[:, :size].T
            found.by_weights[part, state] = self._sums[:, :size].T
