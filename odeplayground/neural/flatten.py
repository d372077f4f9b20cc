"""Arguments of a solve in one form: a tensor state, one solver control, checked times."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch import Tensor

from odeplayground.neural.errors import SolveError
from odeplayground.neural.stepping import Control, Field, Norm, Tolerance, rms
from odeplayground.neural.tableaus import METHODS, Tableau

State = Tensor | tuple[Tensor, ...]
TreeField = Callable[[Tensor, Any], Any]
Tolerances = float | Tensor | Iterable[float]
OPTIONS = ("step_size", "first_step", "max_num_steps")


class Shape:
    """Turns the states of a caller, a tensor or a tuple of tensors, into one tensor and back."""

    def __init__(self, y0: State) -> None:
        self.parts = None if isinstance(y0, Tensor) else [part.shape for part in y0]
        self._sizes = [shape.numel() for shape in self.parts or ()]

    def join(self, y: State) -> Tensor:
        """The state as one tensor: as it is, or the parts of a tuple behind each other."""
        return y if isinstance(y, Tensor) else torch.cat([part.reshape(-1) for part in y])

    def split(self, flat: Tensor) -> State:
        """Inverse of :meth:`join`; leading axes of a tuple's joined states stay."""
        if self.parts is None:
            return flat
        pieces = torch.split(flat, self._sizes, dim=-1)
        return tuple(p.reshape(p.shape[:-1] + shape) for p, shape in zip(pieces, self.parts, strict=True))

    def field(self, func: TreeField) -> Field:
        """``func`` for joined states."""
        return func if self.parts is None else lambda t, y: self.join(func(t, self.split(y)))

    def norm(self) -> Norm:
        """Root mean square; for a tuple the largest one among its parts."""
        if self.parts is None:
            return rms
        return lambda y: torch.stack([rms(piece) for piece in torch.split(y, self._sizes)]).max()

    def tolerance(self, value: Tolerances) -> Tolerance:
        """One number, a tensor that fits the state, or for tuple states one number per part."""
        if isinstance(value, int | float):
            return float(value)
        if isinstance(value, Tensor) and (self.parts is None or value.ndim == 0):
            return value
        if self.parts is None:
            raise TypeError("A tolerance is a number or a tensor; one per part is for tuple states.")
        return torch.cat([torch.full((n,), float(v)) for v, n in zip(value, self._sizes, strict=True)])


def check_state(y0: State) -> None:
    """Refuse what cannot be a state.

    Raises:
        TypeError: not a floating point tensor or a tuple of such tensors.
    """
    parts = (y0,) if isinstance(y0, Tensor) else y0
    if not isinstance(parts, tuple) or not all(isinstance(p, Tensor) and p.is_floating_point() for p in parts):
        raise TypeError("y0 must be a floating point tensor or a tuple of such tensors.")


def check_times(t: Tensor) -> None:
    """Refuse times that do not run strictly in one direction.

    Raises:
        TypeError: not a floating point tensor.
        ValueError: not one-dimensional, empty, or not strictly monotonic.
    """
    if not isinstance(t, Tensor) or not t.is_floating_point():
        raise TypeError("t must be a floating point tensor.")
    if t.ndim != 1 or len(t) == 0:
        raise ValueError(f"t must have one axis and at least one time, not shape {tuple(t.shape)}.")
    steps = t.detach().diff()
    if not bool((steps > 0).all() or (steps < 0).all()):
        raise ValueError("t must be strictly increasing or strictly decreasing.")


def find_method(name: str | None) -> Tableau:
    """The method of this name; ``None`` is dopri5.

    Raises:
        ValueError: there is no such method.
    """
    if name is None:
        return METHODS["dopri5"]
    if name not in METHODS:
        raise ValueError(f'There is no method "{name}". Known methods: {", ".join(METHODS)}.')
    return METHODS[name]


def make_control(shape: Shape, rtol: Tolerances, atol: Tolerances, options: Mapping[str, Any] | None) -> Control:
    """Solver settings from the options in torchdiffeq's spelling.

    Raises:
        ValueError: an option is not known, or a number is out of its range.
    """
    options = options or {}
    unknown = [name for name in options if name not in OPTIONS]
    if unknown:
        raise ValueError(f'There is no option "{unknown[0]}". Known options: {", ".join(OPTIONS)}.')
    max_steps = int(options.get("max_num_steps", Control.max_steps))
    if max_steps < 1:
        raise ValueError(f"max_num_steps must be at least 1, not {max_steps}.")
    return Control(
        rtol=_not_negative("rtol", shape.tolerance(rtol)),
        atol=_not_negative("atol", shape.tolerance(atol)),
        norm=shape.norm(),
        step=_positive("step_size", options),
        first_step=_positive("first_step", options),
        max_steps=max_steps,
    )


def _not_negative(name: str, tolerance: Tolerance) -> Tolerance:
    least = float(torch.as_tensor(tolerance).min())
    if not least >= 0:  # NaN is refused too
        raise ValueError(f"{name} must not be negative, but it is {least:g}.")
    return tolerance


def _positive(name: str, options: Mapping[str, Any]) -> float | None:
    """A step from the options, if it is given."""
    if options.get(name) is None:
        return None
    step = float(options[name])
    if not 0 < step < math.inf:
        raise ValueError(f"{name} must be positive and finite, not {step:g}.")
    return step


def reshape_error(error: SolveError, shape: Shape) -> SolveError:
    """The same error with its partial values in the caller's form."""
    partial = error.partial
    return SolveError(str(error), error.status, shape.split(partial) if isinstance(partial, Tensor) else partial)
