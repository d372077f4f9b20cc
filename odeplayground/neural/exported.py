"""A learned field as a program of torch's own, for who has torch and nothing of ours."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from odeplayground.neural.revive import revived
from odeplayground.spec import AnySystem


class StateField(nn.Module):
    """A field in the states as they are, dx/dt, of one in normalised states."""

    mean: Tensor
    scale: Tensor

    def __init__(self, system: AnySystem) -> None:
        """As :func:`revive.revived`, which may raise a ``ValueError``."""
        super().__init__()
        self.field, scaling = revived(system)
        self.register_buffer("mean", torch.tensor(scaling.mean))
        self.register_buffer("scale", torch.tensor(scaling.scale_in))

    def forward(self, t: Tensor, x: Tensor) -> Tensor:
        """dx/dt (m, n_states) at a time () and states (m, n_states)."""
        value: Tensor = self.field(t, (x - self.mean) / self.scale)
        return self.scale * value


def exported(system: AnySystem, about: Mapping[str, str] | None = None) -> bytes:
    """The file of a program for ``torch.export.load``, called as ``program.module()(t, x)``; in double precision.

    Args:
        system: a learned one, or equations with parameters or learned terms.
        about: texts that go along, by the name of their file.

    Returns:
        The file; t is a tensor of shape () and x one of shape (m, n_states), for any m.

    Raises:
        ValueError: equations with nothing to learn in them, or with what torch cannot do.
    """
    module = StateField(system).eval()
    example = torch.tensor(0.0, dtype=torch.float64), torch.zeros(3, len(system.states), dtype=torch.float64)
    shapes = {"t": None, "x": {0: torch.export.Dim("m")}}
    buffer = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # of torch about itself
        program = torch.export.export(module, example, dynamic_shapes=shapes)
        for node in program.graph.nodes:
            node.meta.pop("stack_trace", None)  # it tells where the sources are on this machine
        torch.export.save(program, buffer, extra_files=dict(about or {}))
    return buffer.getvalue()
