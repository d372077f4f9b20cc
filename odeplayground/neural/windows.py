"""Which samples the optimiser sees, and in what pieces: multiple shooting windows and held-out blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from odeplayground.neural.data import Dataset, Floats

Mask = NDArray[np.bool_]
BLOCK = 3
"""Consecutive samples that are held out together."""
LEAD = 6
"""Samples before a held-out block at which its window begins."""
SECTION = 250
"""Longer trajectories are cut into sections, because smoothing takes the cube of the length."""


@dataclass(frozen=True, eq=False)
class Run:
    """One trajectory: times (n,), states (n, n_states), and which samples train (n,)."""

    t: Floats
    y: Floats
    trains: Mask


@dataclass(frozen=True, eq=False)
class Windows:
    """Pieces of runs with the same relative times ``t`` (k,).

    ``y`` (k, m, n_states) are the samples, ``weight`` (k, m) is one where a sample counts and zero elsewhere,
    ``origin[j]`` the run and the time at which window ``j`` begins.
    """

    t: Floats
    y: Floats
    weight: Floats
    origin: tuple[tuple[int, float], ...]


def split(data: Dataset, share: float, seed: int) -> list[Run]:
    """Cut every trajectory into blocks and hold out about this share of all samples, at most every other block.

    The first blocks always train, because nothing else may lead there.
    """
    runs = [Run(t, y, np.ones(len(t), dtype=bool)) for t, y in _sections(data)]
    blocks = [np.array_split(np.arange(len(run.t)), max(1, round(len(run.t) / BLOCK))) for run in runs]
    places = [(i, j) for i, parts in enumerate(blocks) for j in range(2, len(parts))]
    wanted = max(1, round(share * sum(len(parts) for parts in blocks))) if share > 0 else 0
    chosen: set[tuple[int, int]] = set()
    for place in np.random.default_rng(seed).permutation(len(places)):
        i, j = places[place]
        if len(chosen) < wanted and not {(i, j - 1), (i, j + 1)} & chosen:
            chosen.add((i, j))
            runs[i].trains[blocks[i][j]] = False
    return runs


def _sections(data: Dataset) -> Iterator[tuple[Floats, Floats]]:
    for one in data.trajectories:
        for part in np.array_split(np.arange(len(one.t)), -(-len(one.t) // SECTION)):
            yield one.t[part], one.y[:, part].T


def training_windows(runs: Sequence[Run], length: int, stride: int) -> list[Windows]:
    """Windows of ``length`` samples that begin with a training sample, every ``stride`` samples and at the end.

    They may pass over held-out samples, which count nothing. Grouped by their relative times.
    """
    places = []
    for number, run in enumerate(runs):
        last = max(0, len(run.t) - length)
        for begin in sorted({*range(0, last + 1, stride), last}):
            piece = run.trains[begin : begin + length]
            if piece[0] and piece.sum() > 1:
                places.append((number, begin, min(length, len(run.t) - begin)))
    return _gather(runs, places, [run.trains.astype(float) for run in runs])


def held_out_windows(runs: Sequence[Run]) -> list[Windows]:
    """The held-out blocks, each in a window that begins with a training sample before it; empty if there are none.

    The way to the block is part of the test: over a few samples alone, noise hides the difference between fields.
    """
    places = []
    for number, run in enumerate(runs):
        edges = np.flatnonzero(np.diff(np.concatenate([run.trains, [True]]).astype(int)))
        for before, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            begin = max(0, before - LEAD)
            begin += int(np.argmax(run.trains[begin:]))
            places.append((number, begin, last - begin + 1))
    return _gather(runs, places, [np.where(run.trains, 0.0, 1.0) for run in runs])


def _gather(runs: Sequence[Run], places: list[tuple[int, int, int]], weights: list[Floats]) -> list[Windows]:
    groups: dict[tuple[float, ...], list[tuple[int, slice]]] = {}
    for number, begin, length in places:
        t = runs[number].t[begin : begin + length]
        key = tuple(float(f"{x:.6g}") for x in np.diff(t))
        groups.setdefault(key, []).append((number, slice(begin, begin + length)))
    return [
        Windows(
            t=runs[group[0][0]].t[group[0][1]] - runs[group[0][0]].t[group[0][1].start],
            y=np.stack([runs[n].y[piece] for n, piece in group], axis=1),
            weight=np.stack([weights[n][piece] for n, piece in group], axis=1),
            origin=tuple((n, float(runs[n].t[piece.start])) for n, piece in group),
        )
        for group in groups.values()
    ]
