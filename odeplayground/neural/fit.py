"""Training in one blocking call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from odeplayground.neural.compare import compare
from odeplayground.neural.control import Control
from odeplayground.neural.data import Dataset
from odeplayground.neural.improver import State
from odeplayground.neural.train import train
from odeplayground.spec import AnySystem, Epoch, Report, Stage, System, TrainEvent, TrainSpec


@dataclass(frozen=True, eq=False)
class Fit:
    """What training gave. ``report`` is there if the true system is known."""

    field: AnySystem
    history: tuple[Epoch, ...]
    stages: tuple[Stage, ...]
    best_epoch: int
    seconds: float
    report: Report | None

    def __repr__(self) -> str:
        verdict = "" if self.report is None else f": {self.report.verdict}"
        epochs = self.history[-1].epoch if self.history else 0
        return f"<Fit of {epochs} epochs, best at {self.best_epoch}, {self.seconds:.1f} s{verdict}>"


def fit(
    data: Dataset,
    spec: TrainSpec | None = None,
    on_event: Callable[[TrainEvent], object] | None = None,
    *,
    system: System | None = None,
    control: Control | None = None,
    resume: State | None = None,
) -> Fit:
    """Train a network and, where the true system is known, compare the two.

    Args:
        data: from :func:`sample`, or one's own.
        spec: settings; ``None``: the defaults.
        on_event: called with every event.
        system: the true system; ``None``: the one that was sampled, if any.
        control: as for :func:`train`.
        resume: as for :func:`train`.

    Raises:
        ValueError: impossible settings.
        TypeError: no data, or no settings.
    """
    if not isinstance(data, Dataset):
        raise TypeError(f"fit takes data as from sample(system), or a Dataset of one's own, not {type(data).__name__}.")
    if spec is not None and not isinstance(spec, TrainSpec):
        raise TypeError(f"fit takes settings as TrainSpec(...), not {type(spec).__name__}.")
    events = train(data, TrainSpec() if spec is None else spec, control, resume)
    while True:
        try:
            event = next(events)
        except StopIteration as end:
            done = end.value
            break
        if on_event is not None:
            on_event(event)
    if on_event is not None:
        on_event(done)
    truth = data.system if system is None else system
    report = None if truth is None else compare(truth, done.field, data)
    return Fit(done.field, done.history, done.stages, done.best_epoch, done.seconds, report)
