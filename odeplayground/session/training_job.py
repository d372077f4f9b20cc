"""The jobs of learning: sample data and train on them, and compare the result with the true system."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

import msgspec

from odeplayground.jobs import CancelToken, Job, JobFactory
from odeplayground.session import request
from odeplayground.session.trained_run import versions
from odeplayground.session.training_choices import settings
from odeplayground.session.training_data import data_for, source
from odeplayground.session.training_record import Judge
from odeplayground.session.training_wishes import WishBox
from odeplayground.spec import Experiment, Samples, TrainedRun


@dataclass(frozen=True, eq=False)
class Sampled:
    """The data that the network will be trained on."""

    samples: Samples


def training_job(experiment: Experiment, box: WishBox | None = None) -> JobFactory:
    """A job that yields ``Sampled``, then the events of the training and each new ``Best``; returns a ``TrainDone``.

    Whoever ends it early has seen the best so far. A single step ends with an epoch; its field and what is best are
    told before. Wishes in the box are fulfilled from the next epoch on.
    """

    def job(cancel: CancelToken) -> Job:
        from odeplayground import neural

        versions()  # so that nobody waits for them when the run is kept
        data = data_for(experiment)
        origin = source(experiment)
        measured = origin.source if isinstance(origin, Samples) else ""
        yield Sampled(msgspec.structs.replace(data.to_samples(), source=measured))
        judge, control = Judge(), neural.Control()
        with cancel.calling(control.stop), closing(neural.train(data, settings(experiment), control)) as training:
            while True:
                if box is not None:
                    box.tell(control)
                try:
                    event = next(training)
                except StopIteration as end:
                    return end.value
                best = judge.better(event)
                if best is not None:
                    yield best
                yield event

    return job


def comparison_job(experiment: Experiment, run: TrainedRun) -> JobFactory:
    """A job that returns the ``Report`` on a run of this experiment's system."""

    def job(cancel: CancelToken) -> Job:
        from odeplayground import neural
        from odeplayground.session import plane
        from odeplayground.session.term_curves import term_curves

        yield  # a point where it can be cancelled before the work begins
        view, states = experiment.view, experiment.system.states
        # Equilibria are compared where they can be seen.
        shown = {name: ends for name, ends in ((view.x, view.x_range), (view.y, view.y_range)) if name in states}
        bounds = plane.bounds(request.of_true(experiment, (2, 2))) | shown
        data = neural.Dataset.from_samples(run.samples)
        if run.samples.source:  # what was measured is the truth, whatever equations were typed
            from odeplayground.neural.samples_verdict import compare_with_samples

            report = compare_with_samples(run.field, data)
        else:
            laws = _laws(experiment)
            report = neural.compare(experiment.system, run.field, data, experiment.parameters, bounds, laws)
        curves = term_curves(experiment, run)
        return msgspec.structs.replace(report, terms=curves) if curves else report

    return job


def _laws(experiment: Experiment) -> dict[str, str]:
    """Expressions of what the preset says of its quantities, as long as these are its states and parameters."""
    from odeplayground.storage import presets

    if experiment.preset not in presets.presets():
        return {}
    preset = presets.load(experiment.preset)
    names = (preset.system.states, preset.system.parameters)
    return preset.invariants if names == (experiment.system.states, experiment.system.parameters) else {}
