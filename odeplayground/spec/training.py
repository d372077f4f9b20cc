"""What training needs to know, and the events it reports."""

from __future__ import annotations

import math
from collections.abc import Iterator

import msgspec

from odeplayground.spec.arrays import Array
from odeplayground.spec.checks import choice, items
from odeplayground.spec.choices import Activation, Choice, Engine, EquilibriumKind, Gradient, HoldOut, Model, Optimiser
from odeplayground.spec.system import AnySystem

_CHOICES: dict[str, type[Choice]] = {
    "activation": Activation,
    "gradient": Gradient,
    "optimiser": Optimiser,
    "model": Model,
    "held_out_by": HoldOut,
    "engine": Engine,
}
_SEQUENCES: tuple[tuple[str, type, str], ...] = (
    ("hidden", int, "(32, 32)"),
    ("horizons", int, "(8, 16)"),
    ("angles", str, '("theta",)'),
    ("unknowns", str, '("a", "b")'),
)


class TrainSpec(msgspec.Struct, frozen=True):
    """Settings of one training run. The defaults succeed on every shipped preset.

    A choice may be given by its value, such as ``optimiser="adam"``. What cannot mean any setting is refused with a
    ``ValueError`` that names the choices or the range; an unknown name is a ``TypeError``.
    """

    hidden: tuple[int, ...] = (32, 32)
    """Units of each hidden layer of the network, from the input to the output."""
    activation: Activation = Activation.TANH
    """The function of the hidden units: "tanh", "silu" or "softplus"."""
    gradient: Gradient = Gradient.DISCRETE
    """How Adam and L-BFGS get the gradient of the loss: "adjoint", "direct" or "discrete"."""
    epochs: int = 400
    """The most that all stages together take."""
    learning_rate: float = 1e-2
    """Step size of Adam at the beginning; it decays."""
    collocation: bool = True
    """Start from a fit of the field to the slope of the smoothed data."""
    held_out: float = 0.2
    """Share of the windows that the optimiser never sees."""
    seed: int = 0
    """Of the weights at the beginning; equal seeds give equal results."""
    optimiser: Optimiser = Optimiser.ADAM
    """How the weights are improved: "adam", "lbfgs" or "marquardt"."""
    model: Model = Model.NETWORK
    """What is learned: "network", "second order", "hamiltonian" or "equations"."""
    time_input: bool = False
    """Whether the network sees the time."""
    angles: tuple[str, ...] = ()
    """States that are angles in radians: a network sees their sine and cosine."""
    unknowns: tuple[str, ...] = ()
    """Parameters of the typed equations to learn; none: all. Only for the model ``"equations"``."""
    held_out_by: HoldOut = HoldOut.BLOCKS
    """Which samples are held out: "blocks", "trajectories" or "time"."""
    horizons: tuple[int, ...] = ()
    """Samples per window, stage by stage; 0 stands for whole trajectories. Empty: the recipe of the optimiser."""
    tolerance: float | None = None
    """Largest error of the solver's steps, in standard deviations of the data; ``None``: by the optimiser."""
    ridge: float | None = None
    """Weight of the sum of the squared weights beside the sum of the squared residuals; ``None``: by the noise."""
    free_starts: bool = True
    """Whether the states where windows begin are unknowns too, where the data are noisy."""
    patience: int = 0
    """Epochs without a better held-out loss after which a stage ends; 0: it never ends early."""
    engine: Engine = Engine.AUTO
    """Which code solves and differentiates: "auto", "native" or "torch"."""

    def __post_init__(self) -> None:
        """Take choices by their values, and lists for tuples.

        Raises:
            ValueError: not a choice, not a sequence of what is needed, or a number out of its range; the text says
                what is meant.
        """
        put = msgspec.structs.force_setattr
        for name, kind in _CHOICES.items():
            put(self, name, choice(name, kind, getattr(self, name)))
        for name, item, example in _SEQUENCES:
            put(self, name, items(name, item, example, getattr(self, name)))
        problem = next(_out_of_range(self), "")
        if problem:
            raise ValueError(problem)


def _out_of_range(spec: TrainSpec) -> Iterator[str]:
    if spec.epochs < 1:
        yield "Training needs at least one epoch."
    if not spec.hidden or min(spec.hidden) < 1:
        yield "The network needs at least one hidden layer, and at least one unit in each."
    if not 0 < spec.learning_rate < math.inf:
        yield "The learning rate must be positive."
    if not 0 <= spec.held_out < 1:
        yield "The held-out share must be at least 0 and less than 1."
    if any(length < 0 or length == 1 for length in spec.horizons):
        yield "A horizon must be at least two samples, or 0 for whole trajectories."
    if spec.tolerance is not None and not 0 < spec.tolerance < math.inf:
        yield "The tolerance must be positive."
    if spec.ridge is not None and not 0 <= spec.ridge < math.inf:
        yield "The ridge must be zero or more."
    if spec.patience < 0:
        yield "The patience must be zero or more."
    if spec.seed < 0:
        yield "The seed must be zero or more."


class Epoch(msgspec.Struct, frozen=True, tag="epoch"):
    """One finished epoch. Losses are mean squares of the normalised residuals."""

    epoch: int
    loss: float
    held_out: float
    seconds: float
    """Wall time of this epoch."""
    evaluations_forward: int
    evaluations_backward: int
    gradient_norm: float
    best_epoch: int
    accepted: int = 0
    """Steps of the solver, all windows together; none are counted where all are of one size."""
    rejected: int = 0


class Stage(msgspec.Struct, frozen=True, tag="stage"):
    """A new stage of the recipe begins at this epoch, for example ``"horizon 4 s"``."""

    epoch: int
    name: str
    samples: int = 0
    """The most that a window has; 0 for the start without windows."""
    tolerance: float = 0.0
    """Largest error of the solver's steps in this stage, in standard deviations of the data; 0 as above."""
    engine: Engine = Engine.AUTO
    """Which code solved its windows and took their gradients; "auto": none, or it is not known."""


class FieldUpdate(msgspec.Struct, frozen=True, tag="field"):
    """What is learned, as it is now: a network, or the typed equations with their parameters as they are now."""

    epoch: int
    field: AnySystem


class TrainNote(msgspec.Struct, frozen=True, tag="note"):
    """Something a person should know, such as a skipped step after a non-finite loss."""

    epoch: int
    message: str


class TrainDone(msgspec.Struct, frozen=True, tag="done"):
    """The end: the best weights by held-out loss, and the whole history."""

    field: AnySystem
    best_epoch: int
    seconds: float
    history: tuple[Epoch, ...]
    stages: tuple[Stage, ...]
    message: str


TrainEvent = Epoch | Stage | FieldUpdate | TrainNote | TrainDone


class MatchedEquilibrium(msgspec.Struct, frozen=True):
    """An equilibrium of the true system and its partner in the learned one; either may be missing."""

    true_state: tuple[float, ...] | None
    learned_state: tuple[float, ...] | None
    true_kind: EquilibriumKind | None
    learned_kind: EquilibriumKind | None
    true_eigenvalues: tuple[tuple[float, float], ...] = ()
    """Real and imaginary parts."""
    learned_eigenvalues: tuple[tuple[float, float], ...] = ()
    distance: float | None = None
    """Between the partners, in units of the data's standard deviation per state."""


class Score(msgspec.Struct, frozen=True):
    """A named number of the comparison, with a sentence that explains it and its unit ("" if none)."""

    name: str
    value: float
    unit: str
    help: str


class TermCurve(msgspec.Struct, frozen=True):
    """A learned term of equations over one of its arguments, the other one held."""

    name: str
    """As in the equations, for example ``[?](x, y)``."""
    argument: str
    where: str
    """What is held, for example ``y = 2.5``; empty where there is no other argument."""
    curve: Array
    """Shape (3, n): the argument, what was learned, and the true term, NaN where that is not known."""
    seen: tuple[float, float]
    """The least and the largest argument among the samples."""

    def __post_init__(self) -> None:
        if len(self.curve.shape) != 2 or self.curve.shape[0] != 3:
            raise ValueError(f"the curve of a term has three rows, not the shape {self.curve.shape}")


class Report(msgspec.Struct, frozen=True):
    """How the learned system compares with the true one. All errors are relative root mean squares."""

    field_error: float
    """In the data tube: sqrt(sum |f_learned - f|^2 / sum |f|^2), components scaled by the deviation of f.
    NaN where the true field is not known."""
    trajectory_error: float
    """Over the sampled trajectories and one more horizon beyond; ``inf`` where the learned system diverges.
    From the samples themselves where the true field is not known."""
    equilibria: tuple[MatchedEquilibrium, ...]
    scores: tuple[Score, ...]
    verdict: str
    """One sentence."""
    good: bool
    """Whether the verdict is favourable."""
    terms: tuple[TermCurve, ...] = ()
    """What was learned for the terms ``[?]`` of equations."""
