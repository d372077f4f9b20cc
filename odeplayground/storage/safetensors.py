"""Arrays by name in the format of safetensors: a length, a header in JSON, and the numbers.

Source of the format: the README of the package safetensors, github.com/huggingface/safetensors. We only write it, so
that the package is not needed.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

_ALIGNED = 8
"""The header is filled up with spaces, so that the numbers begin at a multiple of this."""


def to_bytes(arrays: Mapping[str, NDArray[np.float64]], about: Mapping[str, str]) -> bytes:
    """A file with these arrays in double precision, and texts about them.

    Raises:
        ValueError: an array is called as the texts are in the format.
    """
    if "__metadata__" in arrays:
        raise ValueError("No array can be called __metadata__.")
    head: dict[str, object] = {"__metadata__": dict(about)}
    parts, end = [], 0
    for name, array in arrays.items():
        part = np.ascontiguousarray(array, dtype="<f8").tobytes()
        head[name] = {"dtype": "F64", "shape": list(np.shape(array)), "data_offsets": [end, end + len(part)]}
        parts.append(part)
        end += len(part)
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGNED)
    return struct.pack("<Q", len(text)) + text + b"".join(parts)
