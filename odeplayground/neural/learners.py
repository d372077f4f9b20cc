"""What is trained: a field in normalised states made as the settings say, and the way back to a system."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
import torch
from torch import Tensor, nn

from odeplayground import dynamics, expr
from odeplayground.neural.data import Dataset
from odeplayground.neural.mechanistic import EquationsField
from odeplayground.neural.models import ScaledField, seeded_net
from odeplayground.neural.scaling import Scaling, export
from odeplayground.neural.structured import At, HamiltonianField, Inputs, NetworkField
from odeplayground.neural.terms import with_first_terms
from odeplayground.spec import AnySystem, LearnedSystem, Model, Structure, System, TrainSpec

Pairs = tuple[tuple[int, int], ...]


class Learner(ABC):
    """A field to train."""

    field: nn.Module
    driven: bool = False
    """Whether the field depends on time."""

    @abstractmethod
    def export(self, field: nn.Module) -> AnySystem:
        """A copy of the field as a system."""

    def over(self, field: nn.Module, times: Tensor) -> nn.Module:
        """A copy of the field, or itself, for windows with absolute times (k, m) solved over relative ones."""
        return At(field, times[0]) if self.driven else field


class _Plain(Learner):
    """A dense network and nothing else, which all engines know best."""

    def __init__(self, data: Dataset, spec: TrainSpec, scaling: Scaling) -> None:
        self._data, self._scaling = data, scaling
        n = len(data.states)
        net = seeded_net([n, *spec.hidden, n], spec.activation, spec.seed)
        self.field = ScaledField(net, torch.tensor(scaling.rate))

    def export(self, field: nn.Module) -> AnySystem:
        assert isinstance(field, ScaledField)
        return export(field.net, self._scaling, self._data)


class _Structured(Learner):
    """A network with angles, time, velocities or an energy."""

    def __init__(self, data: Dataset, spec: TrainSpec, scaling: Scaling) -> None:
        self._data, self._spec, self._scaling = data, spec, scaling
        self._pairs = _pairs(data, spec.model)
        self.driven = spec.time_input
        angles = _angles(data, spec)
        ends = (min(one.t[0] for one in data.trajectories), max(one.t[-1] for one in data.trajectories))
        self._inputs = Inputs(scaling, angles, (float(ends[0]), float(ends[1])) if spec.time_input else None)
        hamiltonian = spec.model is Model.HAMILTONIAN
        known = len(self._pairs) if spec.model is Model.SECOND_ORDER else 0
        outputs = 1 if hamiltonian else len(data.states) - known
        net = seeded_net([self._inputs.n, *spec.hidden, outputs], spec.activation, spec.seed)
        kind = HamiltonianField if hamiltonian else NetworkField
        self.field = kind(net, self._inputs, scaling, self._pairs)

    def export(self, field: nn.Module) -> AnySystem:
        assert isinstance(field, NetworkField | HamiltonianField)
        plain = export(field.net, self._scaling, self._data)
        names = self._data.states
        mean, scale = self._inputs.normalisation
        if isinstance(field, NetworkField):
            out = tuple(float(self._scaling.scale_out[i]) for i in field.free)
            structure, friction = (Structure.SECOND_ORDER if self._pairs else Structure.PLAIN), ()
        else:
            out = (float(field.energy),)
            structure, friction = Structure.HAMILTONIAN, tuple(field.friction.detach().double().tolist())
        return LearnedSystem(
            states=names,
            layers=plain.layers,
            activation=plain.activation,
            weights=plain.weights,
            mean=tuple(mean),
            scale_in=tuple(scale),
            scale_out=out,
            initial=plain.initial,
            t_span=plain.t_span,
            structure=structure,
            pairs=tuple((names[q], names[v]) for q, v in self._pairs),
            angles=tuple(name for name in names if name in self._spec.angles),
            time_input=self._spec.time_input,
            friction=friction,
        )


class _Equations(Learner):
    """Typed equations with unknown parameters."""

    def __init__(self, data: Dataset, spec: TrainSpec, scaling: Scaling) -> None:
        if data.system is None:
            raise ValueError("There are no equations whose parameters could be learned.")
        guess = _first_guess(data, data.system, spec)
        system = _with_first_terms(data, data.system, spec, scaling, guess)
        self.field = EquationsField(system, scaling, spec.unknowns, guess)
        self.driven = not dynamics.is_autonomous(data.system)

    def export(self, field: nn.Module) -> AnySystem:
        assert isinstance(field, EquationsField)
        return field.export()


def _with_first_terms(
    data: Dataset, system: System, spec: TrainSpec, scaling: Scaling, guess: dict[str, float]
) -> System:
    if not expr.untrained(system):
        return system
    t = np.concatenate([one.t for one in data.trajectories])
    y = np.concatenate([one.y for one in data.trajectories], axis=1)
    parameters = np.array([guess[name] for name in system.parameters])
    return with_first_terms(
        system, t, y, parameters, scaling.scale_out, hidden=spec.hidden, activation=spec.activation, seed=spec.seed
    )


def _first_guess(data: Dataset, system: System, spec: TrainSpec) -> dict[str, float]:
    """Where the unknowns begin: at the typed values, but off them by a random factor where those made the data."""
    own = dict(zip(system.parameters, system.values, strict=True)) | dict(data.parameters or {})
    if data.trajectories[0].clean is None or (expr.unknown_terms(system) and not spec.unknowns):
        return own
    factors = 2 ** np.random.default_rng(spec.seed).uniform(-1, 1, len(own))
    return {
        name: value * float(factor) if not spec.unknowns or name in spec.unknowns else value
        for (name, value), factor in zip(own.items(), factors, strict=True)
    }


def learner(data: Dataset, spec: TrainSpec, scaling: Scaling, dtype: torch.dtype) -> Learner:
    """What the settings ask for.

    Raises:
        ValueError: the model does not fit the data.
    """
    if spec.model is Model.EQUATIONS:
        made: Learner = _Equations(data, spec, scaling)
    elif spec.model is Model.NETWORK and not spec.time_input and not spec.angles:
        made = _Plain(data, spec, scaling)
    else:
        made = _Structured(data, spec, scaling)
    made.field.to(dtype)
    return made


def _angles(data: Dataset, spec: TrainSpec) -> list[int]:
    strange = [name for name in spec.angles if name not in data.states]
    if strange:
        raise ValueError(f"There is no state {strange[0]} that could be an angle.")
    return [i for i, name in enumerate(data.states) if name in spec.angles]


def _pairs(data: Dataset, model: Model) -> Pairs:
    """Which states belong together: those of the system with x' = v, otherwise neighbours."""
    if model is Model.NETWORK:
        return ()
    pairs = _typed_pairs(data.system) if data.system is not None else ()
    n = len(data.states)
    if not pairs:
        if n % 2:
            raise ValueError("This model needs the states in pairs, a position and its velocity.")
        pairs = tuple((i, i + 1) for i in range(0, n, 2))
    if model is Model.HAMILTONIAN and 2 * len(pairs) != n:
        raise ValueError("The Hamiltonian model needs every state in a pair, a position and its momentum.")
    return pairs


def _typed_pairs(system: System) -> Pairs:
    taken: set[int] = set()
    found = []
    for i, variable in enumerate(system.variables):
        if variable.rhs in system.states:
            j = system.states.index(variable.rhs)
            if i != j and not {i, j} & taken:
                taken |= {i, j}
                found.append((i, j))
    return tuple(found)
