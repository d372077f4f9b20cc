"""The state of a training as arrays by name, and back. What is not numbers is text, as bytes of JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import torch
from torch import Tensor

from odeplayground.neural.improver import State
from odeplayground.spec import Epoch


@dataclass(frozen=True, eq=False)
class Saved:
    """A state in parts."""

    position: dict[str, Any]
    history: list[Epoch]
    arrays: State

    def copy_into(self, tensors: Sequence[Tensor], name: str) -> None:
        """Set tensors to the stored weights of this name.

        Raises:
            ValueError: they have other shapes.
        """
        for i, tensor in enumerate(tensors):
            stored = self.arrays.get(f"{name}/{i}")
            if stored is None or stored.shape != tuple(tensor.shape):
                raise ValueError("The checkpoint is of another training: its weights have other shapes.")
            tensor.copy_(torch.tensor(stored))


def pack(position: Mapping[str, Any], history: Sequence[Epoch], weights: Mapping[str, Sequence[Tensor]]) -> State:
    """Copies of everything."""
    arrays: State = {
        "position": np.frombuffer(json.dumps(position).encode(), dtype=np.uint8).copy(),
        "history": np.array([msgspec.structs.astuple(epoch) for epoch in history], dtype=float),
    }
    for name, tensors in weights.items():
        arrays |= {f"{name}/{i}": np.array(tensor.detach().numpy()) for i, tensor in enumerate(tensors)}
    return arrays


def unpack(state: State) -> Saved:
    """Inverse of :func:`pack`.

    Raises:
        ValueError: it is no state of a training.
    """
    try:
        position = json.loads(bytes(state["position"]))
        rows = state["history"].tolist()
    except (KeyError, ValueError):
        raise ValueError("This is no checkpoint of a training.") from None
    types = [int, float, float, float, int, int, float, int, int, int]
    return Saved(position, [Epoch(*(kind(x) for kind, x in zip(types, row, strict=True))) for row in rows], state)
