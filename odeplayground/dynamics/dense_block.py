"""One block of trajectories of a dense network: its memory, and the calls of the kernels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.dense_shape import DenseShape, Reals
from odeplayground.dynamics.kernels.arguments_block import address_of
from odeplayground.dynamics.kernels.dense.advance import FULL
from odeplayground.dynamics.kernels.dense.slots import STAGES, Plane, Row, Setting, Slot
from odeplayground.dynamics.kernels.network.table import NUMBER
from odeplayground.dynamics.kernels.tableaus.form import Explicit
from odeplayground.dynamics.kernels.tableaus.tsit5 import TSIT5

ALIGNMENT = 64
"""Bytes: no vector may lie across two lines of the cache."""
SLACK = 4096
"""Bytes behind each array, since rows are read in groups."""
FIRST_CAPACITY = 24
"""Steps."""
WARM_UP = 8
"""Rounds of the power method before the first step."""


@dataclass(frozen=True)
class DenseControl:
    """How steps are chosen, and how much memory the tape of a block may take."""

    rtol: float = 1e-7
    atol: float = 1e-9
    shared: bool = False
    """One step for all trajectories of a block, by their mean error: fewer steps, but neighbours matter."""
    capped: bool = True
    """Bound steps where trajectories rest, for the sake of the gradients."""
    most_steps: int = 100_000
    tape_bytes: int = 64 << 20


class DenseBlock:
    """Memory for ``vectors`` vectors of trajectories and ``n_times`` outputs. One thread at a time."""

    def __init__(self, shape: DenseShape, vectors: int, n_times: int) -> None:
        self.shape, self.vectors, self.n_times = shape, vectors, n_times
        self.program = shape.program
        self.lanes = vectors * self.program.features.width
        n, dtype = shape.states, shape.dtype
        self.lane_rows = aligned((len(Row), self.lanes), dtype)
        self.planes = aligned((Plane.PROBE + 2, n, self.lanes), dtype)
        self.out = aligned((n_times, n, self.lanes), dtype)
        self.cotangent = aligned((n_times, n, self.lanes), dtype)
        self.times = aligned((n_times, self.lanes), dtype)
        room = max(3 * shape.widest * self.lanes, 2 * shape.hidden * self.lanes)
        self._work = aligned((room,), dtype)
        self.weight_sums = aligned((shape.sums,), dtype)
        self.bias_sums = aligned((shape.bias_sums,), dtype)
        self._tableau = tableau_numbers(TSIT5).astype(dtype)
        self._settings = np.zeros(len(Setting), dtype)
        self.slots = np.zeros(len(Slot), dtype=np.int64)
        self._address = address_of(self.slots)
        self._direction = np.cos(1.0 + np.arange(n))[:, None] / np.linalg.norm(np.cos(1.0 + np.arange(n)))
        self._checkpoints: list[Checkpoint] = []
        self._last: Checkpoint | None = None
        self._weights = np.zeros(0, dtype)
        self.capacity = 0
        self._tape: tuple[Reals, ...] = ()
        self._fill_slots()
        self._make_tape(FIRST_CAPACITY)

    def _fill_slots(self) -> None:
        shape, slots = self.shape, self.slots
        for slot, value in (
            (Slot.LAYERS, len(shape.sizes) - 1),
            (Slot.ACTIVATION, NUMBER[shape.activation]),
            (Slot.STATES, shape.states),
            (Slot.HIDDEN, shape.hidden),
            (Slot.VECTORS, self.vectors),
            (Slot.N_TIMES, self.n_times),
            (Slot.WIDEST, shape.widest),
        ):
            slots[slot] = value
        for slot, array in (
            (Slot.SIZES, shape.layer_sizes),
            (Slot.PLACES, shape.places),
            (Slot.ZEROS, shape.zeros),
            (Slot.TIMES, self.times),
            (Slot.OUT, self.out),
            (Slot.COTANGENT, self.cotangent),
            (Slot.LANES, self.lane_rows),
            (Slot.PLANES, self.planes),
            (Slot.TABLEAU, self._tableau),
            (Slot.SETTINGS, self._settings),
            (Slot.WORK, self._work),
            (Slot.WEIGHT_SUMS, self.weight_sums),
            (Slot.BIAS_SUMS, self.bias_sums),
        ):
            slots[slot] = address_of(array)

    def _make_tape(self, capacity: int) -> None:
        """A tape for so many steps, with what is on the present one."""
        old = self._tape
        points, n, hidden, dtype = STAGES * capacity + 1, self.shape.states, self.shape.hidden, self.shape.dtype
        new = (
            *(aligned((points, rows, self.lanes), dtype) for rows in (n, n, hidden, hidden)),
            aligned((capacity + 1, self.lanes), dtype),
            aligned((capacity, self.lanes), dtype),
            np.zeros((capacity, 2), dtype=np.int64),
        )
        for before, after in zip(old, new, strict=False):
            after[: len(before)] = before
        for slot, array in zip(
            (Slot.Z, Slot.K, Slot.H, Slot.S, Slot.STEP_T, Slot.STEP_H, Slot.RANGES), new, strict=True
        ):
            self.slots[slot] = address_of(array)
        self._tape = new
        self.slots[Slot.CAPACITY] = self.capacity = capacity

    def tape_size(self, capacity: int) -> int:
        """Bytes of a tape, about."""
        numbers = 2 * (self.shape.states + self.shape.hidden) * STAGES + 2
        return int(numbers * capacity * self.lanes * self.shape.dtype.itemsize)

    def solve(
        self,
        weights: Reals,
        y0: Reals,
        times: Floats,
        control: DenseControl,
        first: Reals | None,
        *,
        record: bool = True,
    ) -> None:
        """Outputs of states y0 (n, lanes) at times (n_times, lanes) or (n_times, 1), increasing from zero.

        ``first`` are the first steps, (lanes,), or zeros to choose them. With ``record`` the tape stays for
        :meth:`pull`.
        """
        slots, program = self.slots, self.program
        self._weights = weights
        slots[Slot.WEIGHTS] = address_of(weights)
        slots[Slot.SHARED], slots[Slot.CAPPED], slots[Slot.RECORD] = control.shared, control.capped, record
        self._settings[:] = control.rtol, control.atol, control.most_steps, largest_step(control.rtol)
        self._tape[0][0] = y0
        self.times[:] = times
        self.out[1:] = np.nan
        self.out[0] = y0
        rows = self.lane_rows
        rows[:] = 0.0
        rows[Row.END] = self.times[-1]
        if first is not None:
            rows[Row.STEP] = first
        program.begin(self._address)
        if control.capped:
            self.planes[Plane.DIRECTION] = self._direction
            for _ in range(WARM_UP):
                program.bound(self._address, -STAGES)
        self._checkpoints.clear()
        self._last = None
        self._note_start()
        program.advance(self._address)
        while slots[Slot.ANSWER] == FULL:
            if self.tape_size(2 * self.capacity) <= control.tape_bytes:
                self._make_tape(2 * self.capacity)
            else:
                self._checkpoints.append(self._checkpoint())
                self._rewind()
            program.advance(self._address)

    def _note_start(self) -> None:
        """Keep what the tape itself does not hold of the point where it begins."""
        self._start = self.lane_rows.copy(), self.planes[Plane.DIRECTION].copy(), int(self.slots[Slot.NEXT])

    def _points(self) -> tuple[Reals, ...]:
        """States, slopes, activations and their derivatives."""
        return self._tape[:4]

    def _checkpoint(self) -> Checkpoint:
        rows, direction, following = self._start
        return Checkpoint(rows, direction, following, tuple(array[0].copy() for array in self._points()))

    def _rewind(self) -> None:
        """Begin a new tape where the old one ends."""
        for array in self._points():
            array[0] = array[STAGES * self.capacity]
        self.slots[Slot.STEPS] = 0
        self._note_start()

    def _restore(self, checkpoint: Checkpoint) -> None:
        for array, kept in zip(self._points(), checkpoint.points, strict=True):
            array[0] = kept
        self.lane_rows[:] = checkpoint.rows
        self.planes[Plane.DIRECTION] = checkpoint.direction
        self.slots[Slot.STEPS], self.slots[Slot.NEXT] = 0, checkpoint.following

    def _repeat(self, checkpoint: Checkpoint) -> None:
        """Take the steps of a tape once more."""
        self._restore(checkpoint)
        self.program.advance(self._address)

    def pull(self) -> Reals:
        """The cotangent of the states at the begin, (n, lanes), from ``cotangent``. May be called again.

        Derivatives by the weights are added to ``weight_sums`` and ``bias_sums``. Where the tape was cut,
        ``lane_rows`` are afterwards those of its first piece.
        """
        if self._last is not None:
            self._repeat(self._last)  # an earlier call has left the first piece on the tape
        elif self._checkpoints:
            self._last = self._checkpoint()
        program, state = self.program, self.planes[Plane.PULLED + STAGES]
        self.planes[Plane.PENDING] = 0.0
        state[:] = 0.0
        program.retreat(self._address)
        for checkpoint in reversed(self._checkpoints):
            self._repeat(checkpoint)
            program.retreat(self._address)
        program.arrive(self._address)
        total: Reals = state + self.cotangent[0]
        return total


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """Where a tape began that has been overwritten: numbers of the lanes, outputs reached, and its first point."""

    rows: Reals
    direction: Reals
    following: int
    points: tuple[Reals, ...]


def tableau_numbers(tableau: Explicit) -> Floats:
    """Weights of the stages (7, 7), of the error (7,), and of the powers of the output (7, 4)."""
    a = np.zeros((7, 7))
    for i, row in enumerate((*tableau.a, tableau.b), start=1):
        a[i, : len(row)] = row
    one = np.eye(7)
    p1 = a[6]
    p2 = one[0] - p1
    p3 = p1 - one[6] - p2
    p4 = np.array(tableau.dense[0])
    # p1 s + p2 s (1 - s) + p3 s**2 (1 - s) + p4 s**2 (1 - s)**2, by powers of s.
    dense = np.stack([p1 + p2, p3 + p4 - p2, -p3 - 2 * p4, p4], axis=1)
    return np.concatenate([a.ravel(), np.array(tableau.error[0]), dense.ravel()])


def largest_step(rtol: float) -> float:
    """Largest h |lambda| that keeps the relative error of x' = lambda x, per unit of lambda t, below rtol."""
    return min(1.0, float((3600 * max(rtol, 1e-14)) ** 0.2))


def aligned(shape: tuple[int, ...], dtype: np.dtype) -> Reals:
    """Zeros, at the begin of a line of the cache, with some room behind."""
    size = int(np.prod(shape)) * dtype.itemsize
    raw = np.zeros(size + ALIGNMENT + SLACK, np.uint8)
    start = -raw.ctypes.data % ALIGNMENT
    return raw[start : start + size].view(dtype).reshape(shape)
