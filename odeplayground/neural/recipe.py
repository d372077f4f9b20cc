"""The stages of a training: how long the windows are, and how many epochs each stage gets at most."""

from __future__ import annotations

from dataclasses import dataclass

from odeplayground.spec import Optimiser, TrainSpec

COLLOCATION_EPOCHS = 60
LENGTHS = ((4, 0.3), (8, 0.3), (12, 0.4))
"""Adam: samples per window, and the share of the epochs after the start that a stage with them gets."""
NATIVE_LENGTHS = ((4, 0.3), (8, 0.3), (25, 0.4))
"""The same with native code, for which long windows are cheap."""
GROWING = (4, 10, 25, 0)
"""The others: they take few epochs and can afford whole trajectories (0) in the end."""
SHORT_STAGE = 15
"""Epochs of their stages before the last one."""


@dataclass(frozen=True)
class Phase:
    """Windows of ``length`` samples, 0 for whole trajectories; ``None``: the slopes of the smoothed data."""

    length: int | None
    epochs: int


def recipe(spec: TrainSpec, native: bool = False) -> list[Phase]:
    """The stages that these settings mean, in ``native`` code or by torch; none is empty."""
    start = min(COLLOCATION_EPOCHS, spec.epochs // 3) if spec.collocation else 0
    rest = spec.epochs - start
    if spec.horizons:
        share = 1 / len(spec.horizons)
        phases = _shared([(length, share) for length in spec.horizons], rest)
    elif spec.optimiser is Optimiser.ADAM:
        phases = _shared(NATIVE_LENGTHS if native else LENGTHS, rest)
    else:
        lengths = GROWING[1:] if spec.collocation else GROWING
        short = min(SHORT_STAGE, rest // len(lengths))
        phases = [Phase(length, short) for length in lengths[:-1]]
        phases.append(Phase(lengths[-1], rest - short * len(phases)))
    return [phase for phase in (Phase(None, start), *phases) if phase.epochs]


def _shared(lengths: tuple[tuple[int, float], ...] | list[tuple[int, float]], epochs: int) -> list[Phase]:
    phases, taken, total = [], 0, 0.0
    for length, share in lengths:
        total += share
        end = round(epochs * total)
        phases.append(Phase(length, end - taken))
        taken = end
    return phases
