"""The job that computes the missing parts of a portrait, one group after the other."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from odeplayground.jobs import CancelToken, Job, JobFactory
from odeplayground.session.request import Key, Part, Request, Slot


class Parts(msgspec.Struct, frozen=True, eq=False):
    """A finished part of a portrait (all curves, or one part of the background), with the keys of its slots."""

    part: Part
    seconds: float
    """Processor time that it took: what else the machine does has no influence."""
    values: dict[Slot, tuple[Key, Any]]


def rested(job: JobFactory, seconds: float) -> JobFactory:
    """A job that begins when nobody has asked for another one for so many seconds."""

    def later(cancel: CancelToken) -> Job:
        asked = threading.Event()
        with cancel.calling(asked.set):
            asked.wait(seconds)
        return (yield from job(cancel))

    return later


UNFINISHED = object()
"""The key of a part that is a first sketch: something to draw, but still missing."""


def portrait_job(request: Request, groups: Sequence[Part], missing: dict[Slot, Key]) -> JobFactory:
    """A job that yields ``Parts`` group by group, in this order.

    A group that fails does not keep the others from appearing; the first failure ends the job when all are through.
    """

    def job(cancel: CancelToken) -> Job:
        failure: Exception | None = None
        for group in groups:
            slots = [slot for slot in missing if slot[0] == group]
            began = time.thread_time()
            try:
                for values, finished in _steps(request, group, [number for _, number in slots], cancel):
                    if cancel.cancelled:  # what was computed may have been cut short
                        return
                    seconds = time.thread_time() - began
                    keys = missing if finished else dict.fromkeys(slots, UNFINISHED)
                    yield Parts(group, seconds, {slot: (keys[slot], values[slot[1]]) for slot in slots})
            except Exception as error:  # reported below
                failure = failure or error
        if failure is not None:
            raise failure

    return job


def _steps(
    request: Request, group: Part, numbers: list[int], cancel: CancelToken
) -> Iterator[tuple[dict[int, Any], bool]]:
    """Sketches of a part, and the part itself; each with whether it is finished."""
    if group is not Part.BASINS:
        yield _compute(request, group, numbers, cancel), True
        return
    from odeplayground.session import attractors

    for sketch, finished in attractors.basins(request, cancel):
        yield {0: sketch}, finished


def _compute(request: Request, group: Part, numbers: list[int], cancel: CancelToken) -> dict[int, Any]:
    from odeplayground.session import (
        attractors,
        background,
        curves,
    )  # the numerics load after the window has been painted

    match group:
        case Part.FORWARD:
            return dict(curves.forward(request, numbers, cancel))
        case Part.BACKWARD:
            return dict(curves.backward(request, numbers, cancel))
        case Part.ARROWS:
            return {0: background.arrows(request)}
        case Part.STREAMLINES:
            return {0: background.streamlines(request, cancel)}
        case Part.CYCLES:
            return {0: attractors.cycles(request, cancel)}
        case Part.NULLCLINES:
            return {0: background.nullclines(request)}
        case Part.EQUILIBRIA:
            return {0: background.marks(request, cancel)}
        case Part.ERROR if request.reference is not None:
            return {0: background.error_map(request, request.reference)}
        case _:
            raise AssertionError(f"{group} cannot be computed without a reference")
