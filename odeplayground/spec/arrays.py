"""Arrays as frozen data, without numpy: what project files and messages between threads carry."""

from __future__ import annotations

import math
from typing import Any

import msgspec


class Array(msgspec.Struct, frozen=True):
    """A float64 array: shape and little-endian bytes in row-major order (base64 in JSON).

    ``numpy.asarray(array)`` gives a read-only view without copying; :meth:`of` takes anything with
    ``shape`` and ``tobytes``, already float64 and little-endian.
    """

    shape: tuple[int, ...]
    data: bytes

    def __post_init__(self) -> None:
        if any(n < 0 for n in self.shape) or len(self.data) != 8 * math.prod(self.shape):
            raise ValueError(f"{len(self.data)} bytes do not fill an array of shape {self.shape}")

    @property
    def __array_interface__(self) -> dict[str, Any]:
        return {"shape": self.shape, "typestr": "<f8", "data": self.data, "version": 3}

    @classmethod
    def of(cls, values: Any) -> Array:
        """Copy a float64 numpy array."""
        if str(values.dtype) not in ("float64", "<f8"):
            raise TypeError(f"expected float64, got {values.dtype}")
        return cls(tuple(int(n) for n in values.shape), values.tobytes())
