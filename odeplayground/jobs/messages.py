"""What workers say: progress, then exactly one ending."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Progress:
    """Something the job yielded."""

    event: Any


@dataclass(frozen=True, slots=True)
class Done:
    """The job returned."""

    value: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """The job raised: a sentence for people and the traceback for the log."""

    sentence: str
    traceback: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The job was stopped on request."""


Body = Progress | Done | Failed | Cancelled


@dataclass(frozen=True, slots=True)
class Message:
    """A body with the channel and the number of the request that it belongs to."""

    channel: str
    number: int
    body: Body
