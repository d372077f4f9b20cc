"""The states of a caller, a tensor or a tuple of tensors, real or complex, as one real tensor and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor

from odeplayground.neural.errors import SolveError
from odeplayground.neural.stepping import Field, Norm, Tolerance, rms

State = Tensor | tuple[Tensor, ...]
TreeField = Callable[[Tensor, Any], Any]
Tolerances = float | Tensor | Iterable[float]


class Shape:
    """Turns states into one real tensor and back. A complex number is two real ones next to each other."""

    def __init__(self, y0: State) -> None:
        tensors = (y0,) if isinstance(y0, Tensor) else y0
        self.parts = None if isinstance(y0, Tensor) else [part.shape for part in y0]
        self._sizes = [shape.numel() for shape in self.parts or ()]
        self.complex = any(part.is_complex() for part in tensors)
        self._whole = None if self.parts is not None else tensors[0].shape

    @property
    def plain(self) -> bool:
        """Whether states are handed on as they are."""
        return self.parts is None and not self.complex

    def join(self, y: State) -> Tensor:
        """The state as one real tensor: as it is, or the parts of a tuple behind each other."""
        joined = y if isinstance(y, Tensor) else torch.cat([part.reshape(-1) for part in y])
        if not self.complex:
            return joined
        pairs = torch.view_as_real(joined if joined.is_complex() else torch.complex(joined, torch.zeros_like(joined)))
        return pairs.flatten(-2) if joined.ndim else pairs

    def split(self, flat: Tensor) -> Any:
        """Inverse of :meth:`join`; leading axes of joined states stay."""
        if self.complex:
            flat = torch.view_as_complex(flat.reshape(*flat.shape[:-1], -1, 2))
            if self._whole is not None and len(self._whole) == 0:
                flat = flat.squeeze(-1)
        if self.parts is None:
            return flat
        pieces = torch.split(flat, self._sizes, dim=-1)
        return tuple(p.reshape(p.shape[:-1] + shape) for p, shape in zip(pieces, self.parts, strict=True))

    def field(self, func: TreeField) -> Field:
        """``func`` for joined states."""
        return func if self.plain else lambda t, y: self.join(func(t, self.split(y)))

    def norm(self) -> Norm:
        """Root mean square; for a tuple the largest one among its parts."""
        if self.parts is None:
            return rms
        sizes = [n * (2 if self.complex else 1) for n in self._sizes]
        return lambda y: torch.stack([rms(piece) for piece in torch.split(y, sizes)]).max()

    def tolerance(self, value: Tolerances) -> Tolerance:
        """One number, a tensor that fits the state, or for tuple states one number per part."""
        if isinstance(value, int | float):
            return float(value)
        if isinstance(value, Tensor) and value.ndim == 0:
            return float(value)
        if isinstance(value, Tensor) and self.parts is None:
            return torch.repeat_interleave(value, 2, dim=-1) if self.complex else value
        if self.parts is None:
            raise TypeError("A tolerance is a number or a tensor; one per part is for tuple states.")
        sizes = [n * (2 if self.complex else 1) for n in self._sizes]
        return torch.cat([torch.full((n,), float(v)) for v, n in zip(value, sizes, strict=True)])


def check_state(y0: State) -> None:
    """Refuse what cannot be a state.

    Raises:
        TypeError: not a floating point or complex tensor, nor a tuple of such tensors.
    """
    parts = (y0,) if isinstance(y0, Tensor) else y0
    if not isinstance(parts, tuple) or not all(
        isinstance(p, Tensor) and (p.is_floating_point() or p.is_complex()) for p in parts
    ):
        raise TypeError("y0 must be a floating point or complex tensor, or a tuple of such tensors.")


def check_times(t: Tensor) -> None:
    """Refuse times that do not run strictly in one direction.

    Raises:
        TypeError: not a floating point tensor.
        ValueError: not one-dimensional, empty, not finite, or not strictly monotonic.
    """
    if not isinstance(t, Tensor) or not t.is_floating_point():
        raise TypeError("t must be a floating point tensor.")
    if t.ndim != 1 or len(t) == 0:
        raise ValueError(f"t must have one axis and at least one time, not shape {tuple(t.shape)}.")
    steps = t.detach().diff()
    if not bool(t.detach().isfinite().all()):
        raise ValueError("t must be finite.")
    if not bool((steps > 0).all() or (steps < 0).all()):
        raise ValueError("t must be strictly increasing or strictly decreasing.")


def reshape_error(error: SolveError, shape: Shape) -> SolveError:
    """The same error with its partial values in the caller's form."""
    partial = error.partial
    return SolveError(str(error), error.status, shape.split(partial) if isinstance(partial, Tensor) else partial)
