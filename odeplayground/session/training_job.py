"""The jobs of learning: sample data and train on them, and compare the result with the true system."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from odeplayground.jobs import CancelToken, Job, JobFactory
from odeplayground.session import request
from odeplayground.session.near_window import near_window, starts_in_window
from odeplayground.session.training_record import Judge
from odeplayground.spec import Experiment, Samples, System, TrainedRun

if TYPE_CHECKING:
    from odeplayground import neural

ENOUGH = 0.5
"""Share of the planned samples that must lie near the window."""


@dataclass(frozen=True, eq=False)
class Sampled:
    """The data that the network will be trained on."""

    samples: Samples


def training_job(experiment: Experiment) -> JobFactory:
    """A job that yields ``Sampled``, then the events of the training and each new ``Best``; returns a ``TrainDone``.

    Whoever ends it early has seen the best so far. A single step ends with an epoch; its field and what is best are
    told before.
    """

    def job(cancel: CancelToken) -> Job:
        from odeplayground import neural

        data = sample(experiment)
        yield Sampled(data.to_samples())
        judge = Judge()
        with closing(neural.train(data, experiment.training)) as training:
            while True:
                try:
                    event = next(training)
                except StopIteration as end:
                    return end.value
                best = judge.better(event)
                if best is not None:
                    yield best
                yield event

    return job


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


def comparison_job(experiment: Experiment, run: TrainedRun) -> JobFactory:
    """A job that returns the ``Report`` on a run of this experiment's system."""

    def job(cancel: CancelToken) -> Job:
        from odeplayground import neural
        from odeplayground.session import plane

        yield  # a point where it can be cancelled before the work begins
        view = experiment.view
        # Equilibria are compared where they can be seen.
        shown = {name: ends for name, ends in ((view.x, view.x_range), (view.y, view.y_range)) if name != "t"}
        bounds = plane.bounds(request.of_true(experiment, (2, 2))) | shown
        data = neural.Dataset.from_samples(run.samples)
        return neural.compare(experiment.system, run.field, data, experiment.parameters, bounds)

    return job
