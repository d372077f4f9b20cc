"""Data from a system: its own trajectory first, then others that start within the region it spans."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from odeplayground import dynamics
from odeplayground.neural.data import Dataset, Floats, Trajectory, positive
from odeplayground.spec import Status, System

Parameters = Mapping[str, float] | None
CANDIDATES = 100
"""How many places are tried for each start; the one farthest from the others wins."""
ATTEMPTS = 20
FINE = 2000
"""Points on the own trajectory that show how fast the system moves."""
LARGEST_TURN = 0.8
"""Between two samples, in radians: the pace of the motion (the quotient of the root mean squares of second and first
derivatives, an angular frequency for oscillations) times the sampling interval."""
SHORTEST = 0.2
"""Least share of the usual time span."""


def sample(
    system: System,
    n_trajectories: int = 5,
    n_points: int = 60,
    t_span: tuple[float, float] | None = None,
    noise: float = 0.0,
    seed: int = 0,
    *,
    initial: ArrayLike | None = None,
    parameters: Mapping[str, float] | None = None,
) -> Dataset:
    """Sample a system at evenly spaced times. A term ``[?]`` for which nothing was learned counts as zero.

    Args:
        system: what to sample.
        n_trajectories: how many; the first one starts from the system's own initial state, the others are spread
            at random over the box that its trajectory spans.
        n_points: samples per trajectory, at least 4.
        t_span: ``None``: the first half of the system's own time span, or less (down to a fifth of it) where
            ``n_points`` samples would lie too far apart to show the motion.
        noise: standard deviation of the noise, relative to each state's standard deviation over all clean data.
        seed: for the starts and the noise; equal arguments give equal data.
        initial: the initial states instead, shape (m, n_states); then ``n_trajectories`` is not used.
        parameters: values that override the system's own.

    Raises:
        ValueError: impossible sizes, or the system cannot be solved over the time span.
    """
    if n_points < 4 or n_trajectories < 1 or not noise >= 0:
        raise ValueError("Sampling needs at least one trajectory, four points on each, and noise of zero or more.")
    times = np.linspace(*(t_span or _default_span(system, n_points, parameters)), n_points)
    numbers = np.random.default_rng(seed)
    if initial is None:
        starts, clean = _spread(system, n_trajectories, times, numbers, parameters)
    else:
        starts = np.atleast_2d(np.asarray(initial, dtype=float))
        clean, good = _solve(system, starts, times, parameters)
        if not good.all():
            raise ValueError(_unsolved(starts[np.argmin(good)], times))
    deviation = np.std(np.concatenate(list(clean), axis=1), axis=1)
    noisy = clean + noise * deviation[:, None] * numbers.standard_normal(clean.shape)
    return Dataset(
        states=system.states,
        trajectories=tuple(Trajectory(times.copy(), y, c) for y, c in zip(noisy, clean, strict=True)),
        noise=noise,
        starts=starts,
        system=system,
        parameters=dict(parameters) if parameters else None,
    )


def region(clean: Floats) -> tuple[Floats, Floats]:
    """The box that a trajectory (n_states, n) spans; where it stands still, the box reaches around it.

    A state that never becomes negative keeps a box without negative numbers.
    """
    low, high = clean.min(axis=1), clean.max(axis=1)
    still = high - low < 1e-3 * np.maximum(np.abs(high), np.abs(low)).max(initial=1e-9)
    reach = np.where(still, np.maximum(0.5 * np.abs(high), 0.5), 0.0)
    bottom = np.where(low >= 0, np.maximum(low - reach, 0.0), low - reach)
    return bottom, high + reach


def unseen_start(system: System, data: Dataset, parameters: Parameters = None) -> Floats:
    """A start (1, n_states) in the region of the first trajectory, far from the starts of the data."""
    first = data.trajectories[0]
    box = _Box(system, first.y if first.clean is None else first.clean, parameters)
    taken = np.array([one.y[:, 0] for one in data.trajectories])
    return box.far_apart(taken, 1, np.random.default_rng(len(taken)))


def _default_span(system: System, n_points: int, parameters: Parameters) -> tuple[float, float]:
    begin, end = system.t_span
    half = 0.5 * (end - begin)
    times = np.linspace(begin, begin + half, FINE)
    clean, good = _solve(system, np.array([system.initial]), times, parameters)
    if not good[0]:
        raise ValueError(_unsolved(np.array(system.initial), times))
    slope = np.gradient(clean[0] / positive(clean[0].std(axis=1))[:, None], times, axis=1)
    bend = np.gradient(slope, times, axis=1)
    size = float(np.sqrt(np.mean(slope**2)))
    pace = float(np.sqrt(np.mean(bend**2))) / size if size > 0 else 0.0
    shown = LARGEST_TURN * (n_points - 1) / pace if pace > 0 else half
    return begin, begin + min(half, max(shown, SHORTEST * half))


def _spread(
    system: System, n: int, times: Floats, numbers: np.random.Generator, parameters: Parameters
) -> tuple[Floats, Floats]:
    """Starts (n, n_states) and clean states (n, n_states, len(times))."""
    own = np.array([system.initial])
    clean, good = _solve(system, own, times, parameters)
    if not good[0]:
        raise ValueError(_unsolved(own[0], times))
    box = _Box(system, clean[0], parameters)
    starts, solved = [own[0]], [clean[0]]
    for _ in range(ATTEMPTS):
        if len(starts) == n:
            break
        wanted = box.far_apart(np.array(starts), n - len(starts), numbers)
        clean, good = _solve(system, wanted, times, parameters)
        starts += list(wanted[good])
        solved += list(clean[good])
    if len(starts) < n:
        raise ValueError(f"Only {len(starts)} of {n} trajectories could be solved; please shorten the time span.")
    return np.array(starts), np.array(solved)


class _Box:
    """Places within the region of a trajectory (n_states, n) where the system moves hardly faster than on it."""

    def __init__(self, system: System, clean: Floats, parameters: Parameters) -> None:
        self._system, self._parameters = system, parameters
        self._low, self._high = region(clean)
        self._fastest = self._speed(clean.T).max()

    def far_apart(self, taken: Floats, n: int, numbers: np.random.Generator) -> Floats:
        """Best-candidate sampling (Mitchell 1991): (n, n_states) places far from those taken and from each other."""
        places = list(taken)
        for _ in range(n):
            candidates = numbers.uniform(self._low, self._high, size=(CANDIDATES, len(self._low)))
            speed = self._speed(candidates)
            candidates = candidates[speed <= max(self._fastest, float(np.median(speed)))]
            gaps = (candidates[:, None] - np.array(places)[None]) / (self._high - self._low)
            places.append(candidates[np.argmax(np.linalg.norm(gaps, axis=2).min(axis=1))])
        return np.array(places[len(taken) :])

    def _speed(self, states: Floats) -> Floats:
        slopes = dynamics.evaluate(self._system, states, parameters=self._parameters) / (self._high - self._low)
        speed: Floats = np.linalg.norm(slopes, axis=1)
        return np.where(np.isfinite(speed), speed, np.inf)


def _solve(system: System, starts: Floats, times: Floats, parameters: Parameters) -> tuple[Floats, NDArray[np.bool_]]:
    """Clean states (m, n_states, n), and which of the m were solved to the end."""
    span = (float(times[0]), float(times[-1]))
    ensemble = dynamics.simulate_many(system, starts, parameters, span, times, rtol=1e-8, atol=1e-10)
    return ensemble.y, np.array([status == Status.FINISHED for status in ensemble.status])


def _unsolved(start: Floats, times: Floats) -> str:
    place = ", ".join(f"{x:g}" for x in start)
    return (
        f"The system has no solution from ({place}) over t = {times[0]:g} to {times[-1]:g}; "
        "please shorten the time span."
    )
