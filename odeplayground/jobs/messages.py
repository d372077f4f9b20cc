"""What workers say: progress, then exactly one ending."""

from __future__ import annotations

from typing import Any

import msgspec


class Progress(msgspec.Struct, frozen=True):
    """Something the job yielded."""

    event: Any


class Done(msgspec.Struct, frozen=True):
    """The job returned."""

    value: Any


class Failed(msgspec.Struct, frozen=True):
    """The job raised: a sentence for people and the traceback for the log."""

    sentence: str
    traceback: str


class Cancelled(msgspec.Struct, frozen=True):
    """The job was stopped on request."""


Body = Progress | Done | Failed | Cancelled


class Message(msgspec.Struct, frozen=True):
    """A body with the channel and the number of the request that it belongs to."""

    channel: str
    number: int
    body: Body
