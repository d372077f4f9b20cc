"""Which engine takes the gradients of a training."""

from __future__ import annotations

from torch import nn

from odeplayground.neural.native_engine import supports
from odeplayground.spec import Engine, Gradient, Optimiser, TrainSpec

FALLBACK = "The native engine is for plain dense networks: torch trains this model."
"""Where somebody might expect native code."""


def engine_for(spec: TrainSpec, field: nn.Module) -> Engine:
    """``NATIVE`` or ``TORCH``, for the gradients of this field by these settings.

    Raises:
        ValueError: the native engine is demanded where it cannot be had.
    """
    known = spec.gradient is Gradient.DISCRETE or spec.optimiser is Optimiser.MARQUARDT
    if spec.engine is Engine.NATIVE:
        if not known:
            raise ValueError(
                f'The native engine has the gradient "discrete" alone, not "{spec.gradient}"; take engine="torch".'
            )
        if not supports(field):
            raise ValueError(
                'The native engine is for plain dense networks, the model "network" without angles or time; '
                'take engine="auto".'
            )
    native = known and spec.engine is not Engine.TORCH and supports(field)
    return Engine.NATIVE if native else Engine.TORCH


def falls_back(spec: TrainSpec, field: nn.Module) -> bool:
    """Whether torch trains only because the native engine does not know the field."""
    known = spec.gradient is Gradient.DISCRETE or spec.optimiser is Optimiser.MARQUARDT
    return known and spec.engine is Engine.AUTO and not supports(field)
