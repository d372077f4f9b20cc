"""Which choices of a training fit the experiment, and which settings they make use of."""

from __future__ import annotations

import msgspec

from odeplayground import expr
from odeplayground.spec import Engine, Experiment, Gradient, Model, Optimiser, System, TrainSpec


def why_not_model(system: System, model: Model) -> str:
    """Why this cannot be learned of such a system; empty if it can."""
    if model is Model.EQUATIONS:
        known = not system.parameters and not has_unknowns(system)
        return "The equations have no parameters and no terms [?] to learn." if known else ""
    if has_unknowns(system):
        whole = model is Model.NETWORK and wholly_unknown(system)
        return "" if whole else "The terms [?] are learned, and the rest of the equations stays known."
    if model in (Model.SECOND_ORDER, Model.HAMILTONIAN) and len(system.states) % 2:
        return "This needs the states in pairs, a position and its velocity."
    return ""


def why_not_engine(training: TrainSpec, engine: Engine) -> str:
    """Why a training with these settings cannot have this engine; empty if it can."""
    if engine is not Engine.NATIVE:
        return ""
    if training.gradient is not Gradient.DISCRETE and training.optimiser is not Optimiser.MARQUARDT:
        return "Native code has the discrete adjoint alone."
    plain = training.model is Model.NETWORK and not training.angles and not training.time_input
    return "" if plain else "Native code is for plain networks alone."


def has_unknowns(system: System) -> bool:
    """Whether the equations have terms ``[?]``."""
    return bool(expr.unknown_terms(system))


def wholly_unknown(system: System) -> bool:
    """Whether every equation is ``x' = [?](x, y, ...)`` with all the states and nothing else."""
    whole = f"[?]({', '.join(system.states)})"
    return not system.definitions and all(variable.rhs == whole for variable in system.variables)


def settings(experiment: Experiment) -> TrainSpec:
    """The settings as they will be used: of equations with terms ``[?]`` nothing else is learned.

    Where nothing else is known, one network is: that is quicker, and its outputs are the terms.
    """
    training = experiment.training
    if training.model is Model.NETWORK and wholly_unknown(experiment.system):
        return msgspec.structs.replace(training, time_input=False, angles=())
    if training.model is not Model.EQUATIONS and has_unknowns(experiment.system):
        return msgspec.structs.replace(training, model=Model.EQUATIONS)
    return training


def has_network(experiment: Experiment) -> bool:
    """Whether there is a network whose size matters."""
    return settings(experiment).model is not Model.EQUATIONS or has_unknowns(experiment.system)


def ignored(training: TrainSpec) -> frozenset[str]:
    """Names of the fields of the settings that the optimiser makes no use of."""
    return _IGNORED[training.optimiser]


_IGNORED = {
    Optimiser.ADAM: frozenset[str](),
    Optimiser.LBFGS: frozenset({"learning_rate"}),
    Optimiser.MARQUARDT: frozenset({"learning_rate", "gradient"}),
}
