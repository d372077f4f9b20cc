"""The settings of a training in a few words."""

from __future__ import annotations

from odeplayground.session import training_choices
from odeplayground.spec import Experiment, Model, Optimiser

_OPTIMISERS = {Optimiser.ADAM: "Adam", Optimiser.LBFGS: "L-BFGS", Optimiser.MARQUARDT: "Levenberg–Marquardt"}


def summary(experiment: Experiment) -> dict[str, str]:
    """What is set, in a few words per group."""
    training = experiment.training
    unused = "gradient" in training_choices.ignored(training)
    return {
        "Data": _data(experiment),
        "Model": _model(experiment),
        "Training": f"{_OPTIMISERS[training.optimiser]}, {training.epochs} epochs",
        "Gradient": "forward sensitivities" if unused else training.gradient.label.lower(),
    }


def _data(experiment: Experiment) -> str:
    plan, data = experiment.plan, experiment.data
    if plan.from_file and data is not None:
        return f"{data.n_points} samples of {data.source}"
    return f"{plan.n_trajectories * plan.n_points} samples, noise {100 * plan.noise:g} %"


def _model(experiment: Experiment) -> str:
    training, states = training_choices.settings(experiment), len(experiment.system.states)
    hidden = " → ".join(map(str, training.hidden))
    if training.model is Model.EQUATIONS:
        return f"terms [?], {hidden}" if training_choices.has_network(experiment) else "parameters of the equations"
    if training.model is Model.NETWORK:
        return f"{states} → {hidden} → {states}"
    return f"{training.model.label.partition(' with')[0]}, {hidden}"
