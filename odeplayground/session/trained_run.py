"""The outcome of a training with all that is needed to repeat it."""

from __future__ import annotations

import platform
from functools import cache
from importlib import metadata

from odeplayground._version import __version__
from odeplayground.session.training_wishes import Wishes
from odeplayground.spec import Experiment, Samples, TrainDone, TrainedRun, TrainSpec

LIBRARIES = ("numpy", "scipy", "torch", "llvmlite")
"""Those that numbers may depend on."""
BEGUN = "Began with terms that were learned before."


def trained_run(samples: Samples, spec: TrainSpec, done: TrainDone, by_hand: tuple[str, ...] = ()) -> TrainedRun:
    """What is kept of a training: data, settings with the seed, weights, history and what it ran with."""
    history, stages = done.history, done.stages
    return TrainedRun(
        samples, spec, done.field, done.best_epoch, done.seconds, history, stages, versions=versions(), by_hand=by_hand
    )


def versions() -> dict[str, str]:
    """Of the program, Python, the machine and the libraries; those that are not installed are left out."""
    return dict(_versions())


@cache
def _versions() -> dict[str, str]:
    """Kept: they are asked for while the window works, and looking takes some milliseconds."""
    found = {"odeplayground": __version__, "Python": platform.python_version(), "machine": platform.machine()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def begun_with(experiment: Experiment) -> tuple[str, ...]:
    """A sentence where a training goes on from what was learned before; equal settings do not repeat it."""
    return (BEGUN,) if any(experiment.system.terms) else ()


def wished(before: Wishes, now: Wishes, epoch: int) -> tuple[str, ...]:
    """What was asked for between two epochs, in sentences."""
    said = [
        f"After epoch {epoch}: {name} {getattr(now, field):g}."
        for field, name in _NAMES.items()
        if getattr(now, field) != getattr(before, field) and getattr(now, field) is not None
    ]
    return (*said, f"After epoch {epoch}: back to the best weights.") if now.back > before.back else tuple(said)


_NAMES = {"learning_rate": "learning rate", "horizon": "samples per window", "tolerance": "tolerance"}
