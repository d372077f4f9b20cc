"""Solutions of the true and the learned system side by side, over the sampled time and as much again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from odeplayground import dynamics
from odeplayground.neural.data import Dataset, Floats
from odeplayground.spec import AnySystem

POINTS = 300
"""Times per horizon."""
Parameters = Mapping[str, float] | None


@dataclass(frozen=True, eq=False)
class Paths:
    """Solutions from the same starts: times (m, n), states (m, n_states, n), NaN after a stop.

    The first half of the times is the sampled span.
    """

    t: Floats
    y: Floats

    @property
    def half(self) -> int:
        """Index of the end of the sampled span."""
        return int(self.t.shape[1]) // 2


def starts_of(data: Dataset) -> Floats:
    """Exact initial states where known, otherwise the first samples; shape (m, n_states)."""
    return np.array([one.y[:, 0] for one in data.trajectories]) if data.starts is None else data.starts


def spans_of(data: Dataset) -> list[tuple[float, float]]:
    """First and last time of each trajectory."""
    return [(float(one.t[0]), float(one.t[-1])) for one in data.trajectories]


def solve_paths(
    system: AnySystem,
    starts: Floats,
    spans: list[tuple[float, float]],
    parameters: Parameters = None,
    rtol: float = 1e-6,
) -> Paths:
    """Solve from every start over its span and the same length again."""
    t = np.array([np.linspace(begin, 2 * end - begin, 2 * POINTS + 1) for begin, end in spans])
    y = np.full((len(starts), starts.shape[1], t.shape[1]), np.nan)
    for span in set(spans):
        rows = [i for i, other in enumerate(spans) if other == span]
        times = t[rows[0]]
        ends = (float(times[0]), float(times[-1]))
        ensemble = dynamics.simulate_many(
            system, starts[rows], parameters, ends, times, rtol=rtol, atol=1e-3 * rtol, max_steps=20_000
        )
        y[rows] = ensemble.y
    return Paths(t, y)


def one_by_one(paths: Paths, others: Paths) -> Iterator[tuple[Paths, Paths]]:
    """Pairs of single paths from the same starts."""
    for i in range(len(paths.t)):
        yield Paths(paths.t[[i]], paths.y[[i]]), Paths(others.t[[i]], others.y[[i]])


def relative_error(paths: Paths, truth: Paths, deviation: Floats, part: slice) -> float:
    """Root mean square of the difference in a part of the times, each state divided by its deviation.

    Infinite where ``paths`` stopped and ``truth`` did not; NaN where there is no truth at all.
    """
    difference = (paths.y[..., part] - truth.y[..., part]) / deviation[:, None]
    known = np.isfinite(truth.y[..., part])
    if not known.any():
        return float("nan")
    squares = np.where(np.isfinite(difference), difference, np.inf)[known] ** 2
    return float(np.sqrt(np.mean(squares)))
