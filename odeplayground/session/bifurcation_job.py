"""The job that computes a bifurcation diagram and shows it while it grows."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from odeplayground.jobs import CancelToken, Job, JobFactory
from odeplayground.session.bifurcation_growing import Growing, mark, of_cycles, of_equilibria
from odeplayground.session.bifurcation_picture import Curve, Mark, Picture
from odeplayground.session.bifurcation_request import DiagramRequest
from odeplayground.spec import Bifurcation, DiagramKind

if TYPE_CHECKING:
    from odeplayground.dynamics import LimitCycle
    from odeplayground.dynamics.continuation import Branches, SpecialPoint

PAUSE = 0.12
"""Seconds that a request waits for a newer one before it begins."""
_FRAME = 0.05
"""Seconds between two pictures of the same job."""
_MOST_CYCLES = 6
"""Branches of cycles that are followed."""
_SAME = 0.01
"""A branch of cycles ends at a Hopf point if it comes this close, as a share of the ranges."""
_DRIVEN = "These equations depend on time, so that nothing stays at rest. Choose Orbits to see where they lead."
_NEUTRAL = "closed orbits that fill a region, which are no limit cycles"
_COLUMNS = 640
"""About as many as a wide diagram has pixels."""


def diagram_job(request: DiagramRequest, present: float, pause: float = PAUSE) -> JobFactory:
    """A job that yields a :class:`Picture` about 20 times per second and returns the last one.

    ``present`` is the value of the parameter now, where branches are looked for besides both ends of the range.
    """

    def job(cancel: CancelToken) -> Job:
        _wait(pause, cancel)
        if cancel.cancelled:
            return None
        from odeplayground import dynamics  # the numerics load after the window has been painted

        if request.kind is DiagramKind.ORBITS:
            picture = yield from _orbits(request, cancel)
        elif not dynamics.is_autonomous(request.system):
            picture = Picture(request.parameter, request.system.states, request.bounds, message=_DRIVEN)
        else:
            picture = yield from _Following(request, present, cancel).run()
        return picture

    return job


def _wait(seconds: float, cancel: CancelToken) -> None:
    ended = threading.Event()
    with cancel.calling(ended.set):
        ended.wait(seconds)


class _Frames:
    """Says when the next picture is due."""

    def __init__(self) -> None:
        self._last = -float("inf")

    def due(self) -> bool:
        now = time.monotonic()
        if now - self._last < _FRAME:
            return False
        self._last = now
        return True


class _Following:
    """Equilibria first, then the cycles that are born at Hopf points, then those of the present value."""

    def __init__(self, request: DiagramRequest, present: float, cancel: CancelToken) -> None:
        self._request, self._present, self._cancel = request, present, cancel
        self._box = dict(zip(request.system.states, request.box, strict=True))
        self._frames = _Frames()
        self._curves: list[Curve] = []
        self._marks: list[Mark] = []
        self._families = 0

    def run(self) -> Generator[Picture, None, Picture]:
        branches = yield from self._equilibria()
        yield self._picture((), branches.message)
        failure: Exception | None = None
        followed = 0
        for point in branches.of(Bifurcation.HOPF):
            if self._cancel.cancelled or followed == _MOST_CYCLES:
                break
            if self._reached(point):
                continue
            followed += 1
            try:
                yield from self._cycles(point)
            except Exception as error:  # the other branches are worth drawing; reported below
                failure = failure or error
        for cycle in self._present_cycles(_MOST_CYCLES - followed):
            if self._cancel.cancelled:
                break
            if self._drawn(cycle):
                continue
            try:
                yield from self._cycles(cycle)
            except Exception as error:  # as above
                failure = failure or error
        if failure is not None:
            raise failure
        return self._picture((), self._summary(branches))

    def _equilibria(self) -> Generator[Picture, None, Branches]:
        from odeplayground.dynamics import continuation  # the numerics load after the window has been painted

        request = self._request
        growing: dict[int, Growing] = {}
        values = dict(request.others) | {request.parameter: self._present}
        steps = continuation.equilibrium_growth(
            request.system, request.parameter, request.bounds, self._box, parameters=values, cancel=self._cancel
        )
        while True:
            try:
                event = next(steps)
            except StopIteration as end:
                branches: Branches = end.value
                break
            if isinstance(event, continuation.Grown):
                growing.setdefault(event.branch, Growing(cycles=False)).add(event)
                if self._frames.due():
                    yield self._picture(tuple(growing.values()), "Following equilibria…")
        self._curves += [of_equilibria(branch) for branch in branches]
        self._marks += [mark(point, point.state, point.state) for point in branches.points]
        return branches

    def _present_cycles(self, most: int) -> tuple[LimitCycle, ...]:
        """The limit cycles of the present value, in the plane, where looking for them is quick."""
        from odeplayground import dynamics

        request, (low, high) = self._request, self._request.bounds
        if most <= 0 or len(request.box) != 2 or not low <= self._present <= high or self._cancel.cancelled:
            return ()
        values = dict(request.others) | {request.parameter: self._present}
        return dynamics.limit_cycles(request.system, self._box, values, cancel=self._cancel).cycles[:most]

    def _drawn(self, cycle: LimitCycle) -> bool:
        """Whether a branch of cycles goes through this one already."""
        sizes = np.array([high - low for low, high in self._request.box])
        ends = np.concatenate([cycle.y.max(axis=1) / sizes, cycle.y.min(axis=1) / sizes])
        for curve in self._curves:
            if not curve.cycles:
                continue
            rows = np.concatenate([curve.high / sizes[:, None], curve.low / sizes[:, None]])
            off = curve.parameter - self._present
            for k in np.flatnonzero(off[:-1] * off[1:] <= 0):
                share = off[k] / (off[k] - off[k + 1]) if off[k] != off[k + 1] else 0.0
                if np.abs(rows[:, k] + share * (rows[:, k + 1] - rows[:, k]) - ends).max() < _SAME:
                    return True
        return False

    def _cycles(self, point: SpecialPoint | LimitCycle) -> Generator[Picture, None, None]:
        from odeplayground.dynamics import continuation

        request = self._request
        growing = Growing(cycles=True)
        values = dict(request.others) | {request.parameter: self._present}
        steps = continuation.cycle_growth(
            request.system,
            request.parameter,
            request.bounds,
            point,
            states=self._box,
            parameters=values,
            cancel=self._cancel,
        )
        while True:
            try:
                event = next(steps)
            except StopIteration as end:
                if end.value.family:
                    self._families += 1
                    return
                if len(end.value):
                    self._curves.append(of_cycles(end.value))
                break
            if isinstance(event, continuation.Grown):
                growing.add(event)
                if self._frames.due():
                    yield self._picture((growing,), "Following limit cycles…")
        self._marks += growing.marks

    def _reached(self, point: SpecialPoint) -> bool:
        """Whether a branch of cycles ends at this Hopf point already."""
        sizes = np.array([high - low for low, high in self._request.box])
        width = self._request.bounds[1] - self._request.bounds[0]
        for curve in self._curves:
            if curve.cycles and abs(curve.parameter[-1] - point.parameter) < _SAME * width:
                off = np.maximum(abs(curve.high[:, -1] - point.state), abs(curve.low[:, -1] - point.state))
                if (off < _SAME * sizes).all():
                    return True
        return False

    def _picture(self, growing: tuple[Growing, ...], message: str) -> Picture:
        request = self._request
        curves = [curve for one in growing if (curve := one.curve()) is not None]
        marks = [found for one in growing for found in one.marks]
        return Picture(
            request.parameter,
            request.system.states,
            request.bounds,
            (*self._curves, *curves),
            (*self._marks, *marks),
            message=message,
        )

    def _summary(self, branches: Branches) -> str:
        cycles = sum(curve.cycles for curve in self._curves)
        rests = len(branches)
        if not rests:
            return branches.message
        words = [f"{rests} branch{'es' * (rests > 1)} of equilibria"]
        if cycles:
            words.append(f"{cycles} of limit cycles")
        if self._families:
            words.append(_NEUTRAL)
        return " and ".join(words)


def _orbits(request: DiagramRequest, cancel: CancelToken) -> Generator[Picture, None, Picture]:
    from odeplayground.dynamics import continuation

    picture = Picture(request.parameter, request.system.states, request.bounds, observed=request.observed)
    frames, found = _Frames(), [np.empty((0, 2))]
    steps = continuation.orbit_growth(
        request.system,
        request.parameter,
        request.bounds,
        request.observed,
        window=request.window,
        parameters=dict(request.others),
        columns=_COLUMNS,
        cancel=cancel,
    )
    while True:
        try:
            event = next(steps)
        except StopIteration as end:
            points = np.stack([end.value.parameter, end.value.value], axis=-1)
            return msgspec.structs.replace(picture, orbits=points, message=end.value.message)
        found.append(np.stack([event.parameter, event.value], axis=-1))
        if frames.due():
            message = f"Following orbits… {event.share:.0%}"
            yield msgspec.structs.replace(picture, orbits=np.concatenate(found), message=message)
