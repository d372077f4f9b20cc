"""Which samples the optimiser sees, and in what pieces: multiple shooting windows and what is held out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from odeplayground.neural.data import Dataset, Floats, Trajectory
from odeplayground.spec import HoldOut

Mask = NDArray[np.bool_]
BLOCK = 3
"""Consecutive samples that are held out together."""
LEAD = 6
"""Samples before a held-out block at which its window begins."""
PIECE = 12
"""Samples per window of a trajectory that is held out as a whole."""
SECTION = 400
"""Longer trajectories are cut into sections, because smoothing takes the cube of the length."""
PAUSE = 16
"""Usual sample intervals without a sample after which a trajectory is cut: over such a pause a field that is a little
off goes far astray, which would count more than all that the samples tell."""
LEAST = 8
"""Known values of each state that a piece between two pauses needs to stand alone."""


@dataclass(frozen=True, eq=False)
class Run:
    """One trajectory or a section of one: times (n,), states (n, n_states) with NaN where they are missing, which
    samples train (n,), and how much each value counts (n, n_states), zero where it is missing.
    """

    t: Floats
    y: Floats
    trains: Mask
    weight: Floats


@dataclass(frozen=True, eq=False)
class Windows:
    """Pieces of runs with as many samples each.

    ``times`` (k, m) are absolute, ``y`` (k, m, n_states) the samples, zero where they are missing, ``weight``
    (k, m, n_states) how much each counts, ``origin[j]`` the run and the time at which window ``j`` begins.
    """

    times: Floats
    y: Floats
    weight: Floats
    origin: tuple[tuple[int, float], ...]

    @property
    def t(self) -> Floats:
        """Times since the beginning, (k,), those of the first window."""
        first: Floats = self.times[:, 0]
        since: Floats = first - first[0]
        return since


def split(data: Dataset, share: float, seed: int, by: HoldOut = HoldOut.BLOCKS) -> list[Run]:
    """The data as runs, with about this share of all samples held out.

    By blocks: every trajectory is cut into blocks, of which at most every other one is held out, and never the first
    ones, because nothing else may lead there. By trajectories: at least one trains. By time: the last samples of each.
    """
    runs = [run for one in data.trajectories for run in _sections(one)]
    runs = [Run(run.t, run.y, run.trains, weight) for run, weight in zip(runs, _weights(data), strict=True)]
    if share > 0:
        _HOLD_OUT[by](data, runs, share, np.random.default_rng(seed))
    return runs


def _hold_out_blocks(data: Dataset, runs: list[Run], share: float, numbers: np.random.Generator) -> None:
    blocks = [np.array_split(np.arange(len(run.t)), max(1, round(len(run.t) / BLOCK))) for run in runs]
    places = [(i, j) for i, parts in enumerate(blocks) for j in range(2, len(parts))]
    wanted = max(1, round(share * sum(len(parts) for parts in blocks)))
    chosen: set[tuple[int, int]] = set()
    for place in numbers.permutation(len(places)):
        i, j = places[place]
        if len(chosen) < wanted and not {(i, j - 1), (i, j + 1)} & chosen:
            chosen.add((i, j))
            runs[i].trains[blocks[i][j]] = False


def _hold_out_trajectories(data: Dataset, runs: list[Run], share: float, numbers: np.random.Generator) -> None:
    n = len(data.trajectories)
    chosen = set(numbers.permutation(n)[: min(n - 1, max(1, round(share * n)))].tolist())
    owner = [i for i, one in enumerate(data.trajectories) for _ in _pieces(one)]
    for i, run in zip(owner, runs, strict=True):
        run.trains[:] = i not in chosen


def _hold_out_ends(data: Dataset, runs: list[Run], share: float, numbers: np.random.Generator) -> None:
    first = 0
    for one in data.trajectories:
        own = runs[first : first + len(_pieces(one))]
        first += len(own)
        kept = max(4, round((1 - share) * len(one.t)))
        for run in own:
            run.trains[max(0, min(len(run.t), kept)) :] = False
            kept -= len(run.t)


_HOLD_OUT = {
    HoldOut.BLOCKS: _hold_out_blocks,
    HoldOut.TRAJECTORIES: _hold_out_trajectories,
    HoldOut.TIME: _hold_out_ends,
}


def _pieces(one: Trajectory) -> list[NDArray[np.intp]]:
    stretches = _between_pauses(one)
    return [part for whole in stretches for part in np.array_split(whole, -(-len(whole) // SECTION))]


def _between_pauses(one: Trajectory) -> list[NDArray[np.intp]]:
    gaps, finite = np.diff(one.t), np.isfinite(one.y)
    cuts = [0]
    for cut in (np.flatnonzero(gaps > PAUSE * np.median(gaps)) + 1).tolist():
        if min(finite[:, cuts[-1] : cut].sum(axis=1).min(), finite[:, cut:].sum(axis=1).min()) >= LEAST:
            cuts.append(cut)
    return np.split(np.arange(len(one.t)), cuts[1:])


def _sections(one: Trajectory) -> Iterator[Run]:
    for part in _pieces(one):
        y = one.y[:, part].T
        yield Run(one.t[part], y, np.ones(len(part), dtype=bool), np.isfinite(y).astype(float))


def _weights(data: Dataset) -> Iterator[Floats]:
    """How much each value counts, per section: by the inverse variance of its noise, one for the median noise."""
    known = [(np.isfinite(one.y), one.sigma) for one in data.trajectories]
    noises = [sigma[finite] for finite, sigma in known if sigma is not None]
    usual = float(np.median(np.concatenate(noises))) if noises else 1.0
    for one, (finite, sigma) in zip(data.trajectories, known, strict=True):
        weight = finite * (1.0 if sigma is None else (usual / sigma) ** 2)
        for part in _pieces(one):
            yield weight[:, part].T


def training_windows(runs: Sequence[Run], length: int, stride: int, alike: bool = True) -> list[Windows]:
    """Windows of ``length`` samples that begin with a training sample, every ``stride`` samples and at the end.

    They may pass over held-out samples, which count nothing. Grouped by their relative times if they are to be
    ``alike``, otherwise by their number of samples.
    """
    places = []
    for number, run in enumerate(runs):
        last = max(0, len(run.t) - length)
        for begin in sorted({*range(0, last + 1, stride), last}):
            piece = run.trains[begin : begin + length]
            if len(piece) and piece[0] and piece.sum() > 1:
                places.append((number, begin, min(length, len(run.t) - begin)))
    return _gather(runs, places, [run.weight * run.trains[:, None] for run in runs], alike)


def held_out_windows(runs: Sequence[Run]) -> list[Windows]:
    """What is held out, each block in a window that begins with a training sample before it; empty if there is nothing.

    The way to the block is part of the test: over a few samples alone, noise hides the difference between fields.
    A run of which nothing trains is cut into pieces.
    """
    places = []
    for number, run in enumerate(runs):
        if not run.trains.any():
            parts = np.array_split(np.arange(len(run.t)), max(1, len(run.t) // PIECE))
            places += [(number, int(part[0]), len(part)) for part in parts]
            continue
        edges = np.flatnonzero(np.diff(np.concatenate([run.trains, [True]]).astype(int)))
        for before, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            begin = max(0, before - LEAD)
            begin += int(np.argmax(run.trains[begin:]))
            places.append((number, begin, last - begin + 1))
    return _gather(runs, places, [run.weight * ~run.trains[:, None] for run in runs], True)


def _gather(
    runs: Sequence[Run], places: list[tuple[int, int, int]], weights: list[Floats], alike: bool
) -> list[Windows]:
    groups: dict[tuple[float, ...], list[tuple[int, slice]]] = {}
    for number, begin, length in places:
        t = runs[number].t[begin : begin + length]
        key = tuple(float(f"{x:.6g}") for x in np.diff(t)) if alike else (float(length),)
        groups.setdefault(key, []).append((number, slice(begin, begin + length)))
    return [
        Windows(
            times=np.stack([runs[n].t[piece] for n, piece in group], axis=1),
            y=np.nan_to_num(np.stack([runs[n].y[piece] for n, piece in group], axis=1)),
            weight=np.stack([weights[n][piece] for n, piece in group], axis=1),
            origin=tuple((n, float(runs[n].t[piece.start])) for n, piece in group),
        )
        for group in groups.values()
    ]
