"""Small systems with known solutions, shared by the tests of this folder."""

from __future__ import annotations

import torch
from torch import Tensor, nn

SPIRAL = torch.tensor([[-0.1, -1.0], [1.0, -0.1]], dtype=torch.float64)
WEIGHTS = torch.tensor([0.7, -0.3], dtype=torch.float64)
SOLVERS = ("odeint", "odeint_adjoint")


class Linear(nn.Module):
    """z' = A z."""

    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Parameter(SPIRAL.clone())

    def forward(self, t: Tensor, z: Tensor) -> Tensor:
        return z @ self.a.T


class Driven(nn.Module):
    """z' = -k z + cos(w t): the right side depends on time."""

    def __init__(self) -> None:
        super().__init__()
        self.k = nn.Parameter(torch.tensor(0.8, dtype=torch.float64))
        self.w = nn.Parameter(torch.tensor(2.0, dtype=torch.float64))
        self.unused = nn.Parameter(torch.ones(3, dtype=torch.float64))

    def forward(self, t: Tensor, z: Tensor) -> Tensor:
        return -self.k * z + torch.cos(self.w * t)


class Pendulum(nn.Module):
    """theta' = omega, omega' = -b omega - c sin theta."""

    def __init__(self) -> None:
        super().__init__()
        self.b = nn.Parameter(torch.tensor(0.25, dtype=torch.float64))
        self.c = nn.Parameter(torch.tensor(5.0, dtype=torch.float64))

    def forward(self, t: Tensor, z: Tensor) -> Tensor:
        theta, omega = z.unbind(-1)
        return torch.stack([omega, -self.b * omega - self.c * torch.sin(theta)], dim=-1)


def times(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def state(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def loss_of(z: Tensor) -> Tensor:
    """A loss that depends on every output time."""
    pace = torch.linspace(0.5, 1.5, z.shape[0], dtype=z.dtype)
    return (pace[:, None] * (torch.sin(z) + z**2)).sum()
