"""Solver settings from arguments in torchdiffeq's spelling."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from odeplayground.neural.flatten import Shape, Tolerances
from odeplayground.neural.stepping import Control, Norm, Tolerance

STEPS = ("step_size", "first_step", "min_step", "max_step", "safety", "ifactor", "dfactor")
OPTIONS = (
    *STEPS,
    "max_num_steps",
    "norm",
    "jump_t",
    "step_t",
    "dtype",
    "grid_points",
    "eps",
    "grid_constructor",
    "perturb",
    "interp",
)
"""``dtype``, ``interp`` and ``eps`` are taken and change nothing: times are in double precision, and fixed steps end
on every output."""


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
    if options.get("step_size") is not None and options.get("grid_constructor") is not None:
        raise ValueError("step_size and grid_constructor exclude each other.")
    numbers: dict[str, Any] = {name: _positive(name, options) for name in STEPS if options.get(name) is not None}
    if "step_size" in numbers:
        numbers["step"] = numbers.pop("step_size")
    jumps = _times(options.get("jump_t")) + _times(options.get("grid_points"))
    return Control(
        rtol=_not_negative("rtol", shape.tolerance(rtol)),
        atol=_not_negative("atol", shape.tolerance(atol)),
        norm=_norm(shape, options.get("norm")),
        perturb=bool(options.get("perturb", False)),
        max_steps=max_steps,
        jumps=jumps,
        stops=_times(options.get("step_t")),
        **numbers,
    )


def _norm(shape: Shape, norm: Any) -> Norm:
    """A caller's norm sees states in the caller's form."""
    if norm is None:
        return shape.norm()
    return norm if shape.plain else lambda y: norm(shape.split(y))


def _times(times: Any) -> tuple[float, ...]:
    if times is None:
        return ()
    return tuple(torch.as_tensor(times, dtype=torch.float64).reshape(-1).tolist())


def _not_negative(name: str, tolerance: Tolerance) -> Tolerance:
    least = float(torch.as_tensor(tolerance).min())
    if not least >= 0:  # NaN is refused too
        raise ValueError(f"{name} must not be negative, but it is {least:g}.")
    return tolerance.detach() if isinstance(tolerance, Tensor) else tolerance


def _positive(name: str, options: Mapping[str, Any]) -> float:
    step = float(options[name])
    if (name, step) in (("min_step", 0.0), ("max_step", math.inf)):
        return step
    if not 0 < step < math.inf:
        raise ValueError(f"{name} must be positive and finite, not {step:g}.")
    return step
