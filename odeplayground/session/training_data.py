"""The data of a training: samples of the system as it is shown, or what its unknown terms are learned from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from odeplayground.session.errors import UserError
from odeplayground.session.near_window import near_window, starts_in_window
from odeplayground.session.training_choices import has_unknowns
from odeplayground.spec import Experiment, Samples, System

if TYPE_CHECKING:
    from odeplayground import neural

ENOUGH = 0.5
"""Share of the planned samples that must lie near the window."""
NO_DATA = (
    "Equations with a term [?] make no data to learn it from. Load data, or train once with the term written out, "
    "then put [?] in its place: the samples stay."
)


def source(experiment: Experiment) -> Experiment | Samples:
    """What the data come from: an experiment to sample, or samples.

    Measured data are taken where the plan says so. A system with terms ``[?]`` cannot be sampled: its terms are learned
    from the samples of the document's last training, and where there was none, from the preset that the document began
    with.

    Raises:
        UserError: there are terms ``[?]``, and nothing to learn them from; or the measured data are of other states.
    """
    if experiment.plan.from_file and experiment.data is not None:
        return _measured(experiment.data, experiment.system)
    if not has_unknowns(experiment.system):
        return experiment
    if experiment.run is not None:
        return experiment.run.samples
    whole = preset_of(experiment)
    if whole is None:
        raise UserError(NO_DATA)
    return whole


def data_for(experiment: Experiment) -> neural.Dataset:
    """The data that this experiment is trained on.

    Raises:
        UserError: as :func:`source`.
        ValueError: the system has no solution to sample.
    """
    from odeplayground import neural

    found = source(experiment)
    if found is experiment:
        return sample(experiment)
    data = neural.Dataset.from_samples(found) if isinstance(found, Samples) else sample(found)
    trajectories = tuple(replace(one, clean=None) for one in data.trajectories)  # of another system than this
    return replace(data, trajectories=trajectories, system=experiment.system, parameters=experiment.parameters)


def _measured(data: Samples, system: System) -> Samples:
    if data.states == system.states:
        return data
    raise UserError(
        f"The data of {data.source} are of {', '.join(data.states)}, but the system has the states "
        f"{', '.join(system.states)}. Load the data again, or train on samples of the system."
    )


def sample(experiment: Experiment) -> neural.Dataset:
    """Sample data as the experiment's plan says, with the current parameters, from its first starting point on.

    Data that leave the window are cut. If too little is left of them, the other starts are spread over the window.
    """
    data = near_window(_sampled(experiment), experiment)
    wanted = experiment.plan.n_trajectories * experiment.plan.n_points
    if sum(one.t.size for one in data.trajectories) < ENOUGH * wanted:
        data = near_window(_sampled(experiment, starts_in_window(experiment)), experiment)
    return data


def _sampled(experiment: Experiment, initial: np.ndarray | None = None) -> neural.Dataset:
    from odeplayground import neural

    plan = experiment.plan
    return neural.sample(
        _as_shown(experiment),
        plan.n_trajectories,
        plan.n_points,
        plan.t_span,
        plan.noise,
        plan.seed,
        initial=initial,
        parameters=experiment.parameters,
    )


def _as_shown(experiment: Experiment) -> System:
    """The system with the first starting point and the time span of the picture as its own."""
    system = experiment.system
    variables = (
        msgspec.structs.replace(variable, initial=value)
        for variable, value in zip(system.variables, experiment.starts[0], strict=True)
    )
    return msgspec.structs.replace(system, variables=tuple(variables), t_span=experiment.t_span)


def preset_of(experiment: Experiment) -> Experiment | None:
    """The experiment with the equations of its preset; parameters that both have keep their values."""
    from odeplayground.storage import presets

    if not experiment.preset:
        return None
    whole = presets.load(experiment.preset).experiment.system
    if whole.states != experiment.system.states or has_unknowns(whole):
        return None
    values = {name: value for name, value in experiment.parameters.items() if name in whole.parameters}
    return msgspec.structs.replace(experiment, system=whole, values=values)
