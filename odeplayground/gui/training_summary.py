"""The settings of a training in a few words."""

from __future__ import annotations

from odeplayground.spec import Experiment


def summary(experiment: Experiment) -> dict[str, str]:
    """What is set, in a few words per group."""
    plan, training = experiment.plan, experiment.training
    size = str(len(experiment.system.states))
    return {
        "Data": f"{plan.n_trajectories * plan.n_points} samples, noise {100 * plan.noise:g} %",
        "Network": " → ".join([size, *map(str, training.hidden), size]),
        "Training": f"Adam, {training.epochs} epochs",
        "Gradient": training.gradient.label.lower(),
    }
