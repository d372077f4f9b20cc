"""Numpy arrays as the block of slots that a driver reads."""

from __future__ import annotations

import ctypes
import struct
from typing import Any

import numpy as np

from odeplayground.dynamics.arrays import Integers
from odeplayground.dynamics.kernels.batch import WHOLE, Batch, Result
from odeplayground.dynamics.kernels.slots import SLOTS


def address_of(array: Any) -> int:
    """Where an array begins."""
    try:
        return ctypes.addressof(ctypes.c_char.from_buffer(array))
    except (TypeError, ValueError, BufferError):
        # Of other arrays than writable contiguous ones numpy knows it, and takes four times as long.
        return int(array.ctypes.data)


_INLINE = 8
"""Numbers behind the slots, where those that are the same for all trajectories are kept."""
_PACKED = struct.Struct(f"{SLOTS}q{_INLINE}d")
LONGEST_VECTOR = 16
_NO_TIMES = np.full(LONGEST_VECTOR + 1, np.nan)
_NEVER_CANCELLED = np.zeros(1, dtype=np.int64)
_NO_TIMES_AT, _NEVER_CANCELLED_AT = address_of(_NO_TIMES), address_of(_NEVER_CANCELLED)
_FEW, _MANY = 4, 64
"""Trajectories fetched at a time by a thread."""

Functions = tuple[int, int, int, int]
"""Addresses of ``constants``, ``rhs``, ``linear`` and ``events``, or zeros."""
Place = tuple[int, int, int]
"""An address, and the strides in bytes from one trajectory, and from one state, to the next."""
_NOWHERE: Place = (0, 0, 0)


class Block:
    """The packed arguments. Keeps the arrays alive that it points to."""

    def __init__(self, batch: Batch, result: Result, order: Integers | None, functions: Functions) -> None:
        self._buffer = ctypes.create_string_buffer(_PACKED.size)
        self.address = ctypes.addressof(self._buffer)
        self._inline: list[float] = []
        self._kept: list[Any] = [batch, result, order]
        # In the order of ``slots.Array`` and ``slots.Slot``.
        numbers = (*self._inputs(batch), *_outputs(result), *self._settings(batch, order), *functions)
        inline = self._inline + [0.0] * (_INLINE - len(self._inline))
        _PACKED.pack_into(self._buffer, 0, *numbers, *inline)

    def _inputs(self, batch: Batch) -> tuple[int, ...]:
        if batch.box is None:
            low, high = self._row(-batch.limit), self._row(batch.limit)
        else:
            low, high = map(_columns, batch.box)
        atol = batch.atol
        return (
            *_columns(batch.y0),
            *_columns(batch.parameters),
            *self._row(batch.t0),
            *self._row(batch.t1),
            *self._row(batch.rtol),
            *(_columns(atol) if isinstance(atol, np.ndarray) else self._row(atol)),
            *low,
            *high,
            *self._row(batch.step),
            *self._row(batch.max_step),
        )

    def _settings(self, batch: Batch, order: Integers | None) -> tuple[int, ...]:
        total = batch.y0.shape[1] if order is None else order.size
        times = batch.times
        directions = stop_after = 0
        if batch.directions:
            directions = self._keep(np.array(batch.directions, dtype=np.float64))
            stop_after = self._keep(np.array(batch.stop_after, dtype=np.float64))
        return (
            0,
            total,
            _MANY if total > 100 * _MANY else _FEW,
            0 if order is None else address_of(order),
            _NEVER_CANCELLED_AT if batch.cancel is None else self._keep(batch.cancel),
            _NO_TIMES_AT if times is None else self._keep(np.concatenate((times, _NO_TIMES))),
            0 if times is None else times.size,
            batch.max_steps,
            int(batch.watch_stiffness),
            int(batch.box is not None),
            directions,
            stop_after,
            batch.parameters.shape[0],
        )

    def _keep(self, array: Any) -> int:
        self._kept.append(array)
        return address_of(array)

    def _row(self, values: Any) -> Place:
        """One number, or (m,)."""
        if isinstance(values, np.ndarray):
            return self._keep(values), values.strides[0] if values.ndim else 0, 0
        self._inline.append(values)
        return self.address + 8 * (SLOTS - 1 + len(self._inline)), 0, 0


def _outputs(result: Result) -> tuple[int, ...]:
    rows, n = result.rows, result.rows.shape[1] - 2 - WHOLE
    first, between = address_of(rows), rows.strides[0]
    samples, crossed = result.samples, result.crossed
    time = first + 8 * n
    return (
        *(first, between, 8),
        *(time, between, 0),
        *(time + 8, between, 0),
        *(time + 16, between, 0),
        *(time + 24, between, 0),
        *(time + 32, between, 0),
        *(time + 40, between, 0),
        *(_NOWHERE if crossed is None else (address_of(crossed), crossed.strides[0], 8)),
        *(_NOWHERE if samples is None else (address_of(samples), samples.strides[0], samples.strides[1])),
    )


def _columns(values: Any) -> Place:
    """(n,), (n, 1) or (n, m)."""
    several = values.ndim == 2 and values.shape[1] != 1
    return address_of(values), values.strides[1] if several else 0, values.strides[0]
