"""The trainings of this session by name, to be compared and shown again."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from odeplayground.spec import Optimiser, TrainedRun

MOST = 12
"""Runs that are kept; of more the oldest goes."""
_SHORT = {Optimiser.ADAM: "Adam", Optimiser.LBFGS: "L-BFGS", Optimiser.MARQUARDT: "Marquardt"}


class NamedRun(msgspec.Struct, frozen=True):
    """A training with the name that it is called by."""

    name: str
    run: TrainedRun


class Runs:
    """The latest trainings, oldest first."""

    def __init__(self) -> None:
        self._runs: list[NamedRun] = []
        self._count = 0

    def __iter__(self) -> Iterator[NamedRun]:
        return iter(self._runs)

    def __len__(self) -> int:
        return len(self._runs)

    def __getitem__(self, number: int) -> NamedRun:
        return self._runs[number]

    def add(self, run: TrainedRun) -> None:
        """A training has ended."""
        self._count += 1
        self._runs.append(NamedRun(f"{self._count} {_SHORT[run.spec.optimiser]}", run))
        del self._runs[:-MOST]

    def complete(self, run: TrainedRun, with_report: TrainedRun) -> None:
        """The report on a training has come."""
        self._runs = [NamedRun(one.name, with_report) if one.run is run else one for one in self._runs]

    def number_of(self, run: TrainedRun | None) -> int | None:
        """Which one this is; ``None``: none of them."""
        return next((i for i, one in enumerate(self._runs) if run is not None and one.run == run), None)
