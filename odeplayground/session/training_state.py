"""The states of a training, what each of them allows, and how far a training is."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from odeplayground.spec import Epoch

_RECENT = 20
"""Epochs that the estimate of the time left looks back."""


class TrainingStatus(StrEnum):
    """Where a training stands."""

    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"


ACTIVE = frozenset({TrainingStatus.RUNNING, TrainingStatus.PAUSED})

_ALLOWED: dict[str, tuple[frozenset[TrainingStatus], str]] = {
    "start": (frozenset(TrainingStatus) - ACTIVE, "A training is under way. Stop it first."),
    "pause": (frozenset({TrainingStatus.RUNNING}), "The training is not running."),
    "resume": (frozenset({TrainingStatus.PAUSED}), "The training is not paused."),
    "step": (frozenset({TrainingStatus.PAUSED}), "Pause the training first."),
    "stop": (ACTIVE, "No training is under way."),
    "adjust": (ACTIVE, "No training is under way. These are for the next one."),
    "back": (ACTIVE, "No training is under way; what was kept are the best weights."),
}
"""In which states a verb is allowed, and what to say in the others."""


def why_not(verb: str, status: TrainingStatus) -> str:
    """Why this cannot be done now; empty if it can."""
    allowed, sentence = _ALLOWED[verb]
    return "" if status in allowed else sentence


def seconds_left(history: Sequence[Epoch], epochs: int) -> float | None:
    """Estimate from the pace of the latest epochs; ``None`` before the first."""
    if not history:
        return None
    recent = history[-_RECENT:]
    pace = sum(epoch.seconds for epoch in recent) / len(recent)
    return pace * max(0, epochs - history[-1].epoch)


def evaluations(history: Sequence[Epoch]) -> tuple[int, int]:
    """How often the network was evaluated, forwards and backwards."""
    forward = sum(epoch.evaluations_forward for epoch in history)
    return forward, sum(epoch.evaluations_backward for epoch in history)
