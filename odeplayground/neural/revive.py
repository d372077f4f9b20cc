"""A system that was learned, as a torch module again."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from odeplayground.neural.data import Floats
from odeplayground.neural.mechanistic import EquationsField
from odeplayground.neural.models import MLP, ScaledField
from odeplayground.neural.scaling import Scaling
from odeplayground.neural.structured import HamiltonianField, Inputs, NetworkField
from odeplayground.spec import AnySystem, LearnedSystem, Structure, System


def revived(system: AnySystem, scaling: Scaling | None = None) -> tuple[nn.Module, Scaling]:
    """The field in normalised states, du/dt with x = mean + scale_in * u, in double precision.

    Args:
        system: a learned one, or equations with parameters or learned terms.
        scaling: for equations, which have none of their own; their states are as typed without it. The scaling of a
            learned system is in it.

    Returns:
        A module called as ``field(t, u)`` with u (..., n_states), and the scaling of its states.

    Raises:
        ValueError: equations with nothing to learn in them, or with what torch cannot do.
    """
    if isinstance(system, System):
        n = len(system.states)
        scaling = scaling or Scaling(np.zeros(n), np.ones(n), np.ones(n))
        return EquationsField(system, scaling).double(), scaling
    own = _scaling(system)
    net = MLP(system.layers, system.activation.value).double()
    weights = torch.tensor(np.array(system.weights, dtype=float))
    with torch.no_grad():
        nn.utils.vector_to_parameters(weights, net.parameters())
    return _field(system, net, own).double(), own


def _field(system: LearnedSystem, net: MLP, scaling: Scaling) -> nn.Module:
    if system.structure is Structure.PLAIN and not system.angles and not system.time_input:
        return ScaledField(net, torch.tensor(scaling.rate))
    angles = [system.states.index(name) for name in system.angles]
    inputs = Inputs(scaling, angles, _span(system))
    pairs = [(system.states.index(q), system.states.index(v)) for q, v in system.pairs]
    if system.structure is not Structure.HAMILTONIAN:
        return NetworkField(net, inputs, scaling, pairs)
    field = HamiltonianField(net, inputs, scaling, pairs)
    field.energy.fill_(system.scale_out[0])
    if system.friction:
        field.friction.data = torch.tensor(system.friction, dtype=torch.float64)
    return field


def _scaling(system: LearnedSystem) -> Scaling:
    """Per state. Angles are seen through sine and cosine and have no scale; nor has a rate that is not learned."""
    states = _per_state(system)
    if any((system.mean[i], system.scale_in[i]) != (0.0, 1.0) for i in _circular(system)):
        raise ValueError("The sine and the cosine of an angle must not be scaled.")
    mean = np.array([0.0 if at is None else system.mean[at] for at in states])
    scale = np.array([1.0 if at is None else system.scale_in[at] for at in states])
    return Scaling(mean, scale, _rates(system, scale))


def _per_state(system: LearnedSystem) -> list[int | None]:
    """The number of the input that a state is; ``None`` for an angle."""
    places: list[int | None] = []
    at = 0
    for name in system.states:
        places.append(None if name in system.angles else at)
        at += 2 if name in system.angles else 1
    return places


def _circular(system: LearnedSystem) -> list[int]:
    """The numbers of the inputs that are sines and cosines."""
    states = {at for at in _per_state(system) if at is not None}
    return [i for i in range(len(system.states) + len(system.angles)) if i not in states]


def _rates(system: LearnedSystem, scale: Floats) -> Floats:
    rates = scale.copy()
    if system.structure is not Structure.HAMILTONIAN:
        known = {q for q, _ in system.pairs} if system.structure is Structure.SECOND_ORDER else set()
        rates[[name not in known for name in system.states]] = system.scale_out
    return rates


def _span(system: LearnedSystem) -> tuple[float, float] | None:
    if not system.time_input:
        return None
    middle, half = system.mean[-1], system.scale_in[-1]
    return middle - half, middle + half
