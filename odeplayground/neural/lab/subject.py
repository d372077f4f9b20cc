"""What the gradient lab looks at: a field, a start, and a loss at some times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from odeplayground.neural.data import Dataset, Floats, Trajectory
from odeplayground.neural.models import MLP, seeded_net
from odeplayground.neural.revive import revived
from odeplayground.neural.scaling import Scaling
from odeplayground.spec import AnySystem, LearnedSystem, Samples

SAMPLES = 7
"""Times of the loss, the start among them."""
POINTS = 12
"""Points for the residual networks."""
RANDOM_SPAN = 5.0
RANDOM_LAYERS = (2, 32, 2)
CENTRE = (0.4, 0.2)
_STRENGTH = 8.0
"""Of the random units, whose weights begin small."""
_BENDS = 2.0
_STRAIGHT = 0.25
_TURN = 1.6
_START = (-1.1, 0.9)


@dataclass(frozen=True, eq=False)
class Subject:
    """A field in states of size one, and where it is solved.

    ``field`` is called as ``field(t, z)`` with z (..., n) in double precision, ``times`` (k,) are those of the loss,
    ``start`` (n,) is the state at the first, ``points`` (m, n) are where residual networks begin. The loss is the mean
    square of the states at ``times[1:]``: sum z^2 / (k n).
    """

    field: nn.Module
    times: Floats
    start: Floats
    points: Floats
    states: tuple[str, ...]

    @property
    def data(self) -> Dataset:
        """The loss as data to be met: the start, and zeros after it."""
        targets = np.zeros((len(self.start), len(self.times)))
        targets[:, 0] = self.start
        return Dataset(self.states, (Trajectory(self.times, targets),))

    def pulls(self, z: Tensor) -> Tensor:
        """dL/dz(t_i) for states z (k, ..., n) at the times, none at the start."""
        g = 2.0 / (len(self.times) * len(self.start)) * z
        g[0] = 0.0
        return g


def random_subject(seed: int, pull: float = 0.0) -> Subject:
    """A turning field with a random network in it; ``pull`` is the rate at which states come together, in 1 / time."""
    times = np.linspace(0.0, RANDOM_SPAN, SAMPLES)
    angles = np.linspace(0.0, 2 * np.pi, POINTS, endpoint=False)
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return Subject(random_network(seed, pull), times, np.array(_START), points, ("x", "y"))


def learned_subject(system: AnySystem, samples: Samples) -> Subject:
    """A learned system along the first trajectory that it learned from, in standard deviations.

    Raises:
        ValueError: too little is known of the trajectory, or the system cannot be a torch module.
    """
    data = Dataset.from_samples(samples)
    values = np.concatenate([one.y for one in data.trajectories], axis=1)
    deviation = data.deviation
    scaling = Scaling(np.nanmean(values, axis=1), deviation, deviation)
    field, scaling = revived(system, scaling)
    known = values[:, np.isfinite(values).all(axis=0)].T
    first = data.trajectories[0]
    start = first.first if data.starts is None else data.starts[0]
    chosen = np.linspace(0, len(known) - 1, POINTS).round().astype(int)
    return Subject(
        _at_rest(field, system),
        np.linspace(first.t[0], first.t[-1], SAMPLES),
        (start - scaling.mean) / scaling.scale_in,
        (known[chosen] - scaling.mean) / scaling.scale_in,
        data.states,
    )


def _at_rest(field: nn.Module, system: AnySystem) -> nn.Module:
    """The field with parameters that can be asked for gradients, all of them numbers that were learned."""
    for parameter in field.parameters():
        parameter.requires_grad_(True)
    if isinstance(system, LearnedSystem) and not system.friction and hasattr(field, "friction"):
        field.friction.requires_grad_(False)
    return field


def random_network(seed: int, pull: float) -> MLP:
    """A network 2-32-2 that turns, is bent at random, and contracts as told: near ``CENTRE`` its rate is about
    ``turn (z - CENTRE) - pull (z - CENTRE)`` and what its random units add.

    Two hidden units are nearly straight, tanh(s u) / s with a small s, and carry the linear part. So everything is a
    weight of a dense network, for which the solvers are quick.
    """
    net = seeded_net(RANDOM_LAYERS, "tanh", seed).double()
    inward, outward = (layer for layer in net.layers if isinstance(layer, nn.Linear))
    linear = torch.tensor([[-pull, -_TURN], [_TURN, -pull]], dtype=torch.float64)
    with torch.no_grad():
        inward.weight.mul_(_BENDS)
        outward.weight.mul_(_STRENGTH)
        inward.weight[:2] = _STRAIGHT * torch.eye(2, dtype=torch.float64)
        inward.bias[:2] = -_STRAIGHT * torch.tensor(CENTRE, dtype=torch.float64)
        outward.weight[:, :2] = linear / _STRAIGHT
    return net
