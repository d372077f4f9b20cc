"""``odeplayground train``: learn a system from data sampled from it."""

from __future__ import annotations

import math
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

import msgspec

from odeplayground.cli import learning, source
from odeplayground.cli.comparison import print_comparison
from odeplayground.cli.exits import Exit, InputError
from odeplayground.cli.explain import bad_input
from odeplayground.cli.output import terminal, write_json
from odeplayground.cli.progress import training_progress
from odeplayground.spec import Experiment, FieldUpdate, TrainEvent


def train(arguments: Namespace) -> int:
    """Train, show the comparison, save the project if asked to."""
    experiment = _configured(arguments)
    _check_target(arguments.out)
    with training_progress(experiment.training.epochs, quiet=arguments.json) as show:
        outcome = learning.learn(experiment, _print_event if arguments.json else show)
    if outcome.experiment.run is not None and arguments.out:
        _save(outcome.experiment, arguments.out)
    _tell(outcome, arguments)
    return _code(outcome)


def _tell(outcome: learning.Learned, arguments: Namespace) -> None:
    report = outcome.report
    if arguments.json:
        if report is not None:
            write_json("report", report)
    else:
        console = terminal()
        console.print(outcome.message, markup=False)
        if report is not None:
            console.print()
            print_comparison(console, outcome.experiment, report)
    if outcome.experiment.run is not None and arguments.out:
        print(f"Saved {arguments.out}.", file=sys.stderr)


def _code(outcome: learning.Learned) -> Exit:
    if outcome.interrupted:
        return Exit.INTERRUPTED
    run = outcome.experiment.run
    learned = run is not None and any(math.isfinite(epoch.loss) for epoch in run.history)
    return Exit.GOOD if learned and not outcome.broken else Exit.DIVERGED


def _configured(arguments: Namespace) -> Experiment:
    """The experiment with the data plan and the training settings of the command line."""
    experiment = source.with_values(source.load(arguments.system), arguments.set)
    plan = _given(n_trajectories=arguments.trajectories, n_points=arguments.points, noise=arguments.noise)
    settings = _given(epochs=arguments.epochs, gradient=arguments.gradient)
    seed = _given(seed=arguments.seed)
    configured = msgspec.structs.replace(
        experiment,
        plan=msgspec.structs.replace(experiment.plan, **plan, **seed),
        training=msgspec.structs.replace(experiment.training, **settings, **seed),
    )
    return _afresh(configured)


def _afresh(experiment: Experiment) -> Experiment:
    """Without what an earlier training has learned; unknown terms are learned from its samples again."""
    from odeplayground.session.training_choices import has_unknowns

    if not has_unknowns(experiment.system):
        return msgspec.structs.replace(experiment, run=None)
    if experiment.run is None:
        return experiment
    return msgspec.structs.replace(experiment, system=msgspec.structs.replace(experiment.system, terms=()))


def _check_target(path: str | None) -> None:
    """Find out before the training, not after it, that its outcome cannot be saved."""
    from odeplayground.storage import project

    if path is None:
        return
    if Path(path).suffix.lower() != project.SUFFIX:
        raise InputError(f'A project file is named like "fit{project.SUFFIX}", not "{path}".')
    if not Path(path).parent.is_dir():
        raise InputError(f'There is no folder "{Path(path).parent}" to save "{Path(path).name}" in.')


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _print_event(event: TrainEvent) -> None:
    if not isinstance(event, FieldUpdate):
        write_json(str(event.__struct_config__.tag), event)


def _save(experiment: Experiment, path: str) -> None:
    from odeplayground.storage import project

    with bad_input():
        project.save(experiment, path)
