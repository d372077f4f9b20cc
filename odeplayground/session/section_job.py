"""The points of a Poincaré section, more and more of them."""

from __future__ import annotations

import msgspec
import numpy as np

from odeplayground.jobs import CancelToken, Job, JobFactory
from odeplayground.session import forcing
from odeplayground.session.request import Field
from odeplayground.session.scene import Floats
from odeplayground.spec import Cut, Point, Status, System

MOST = 3000
"""Points, after which it is enough."""
_SPANS = 400
"""And so many time spans."""
_IN_VAIN = 20
"""Time spans without any point, after which none is expected."""
_PER_PART = 60
"""Times of the forcing per part."""


class SectionRequest(msgspec.Struct, frozen=True):
    """Everything that the points depend on."""

    field: Field
    system: System
    """The typed equations, which tell the period of the forcing."""
    t_span: tuple[float, float]
    start: Point
    cut: Cut


class SectionPoints(msgspec.Struct, frozen=True, eq=False):
    """The points so far: times (k,) and states (n_states, k); and where the section lies, in words."""

    request: SectionRequest
    t: Floats
    y: Floats
    where: str


def section_job(request: SectionRequest) -> JobFactory:
    """A job that yields ``SectionPoints``, each with those before and some more."""

    def job(cancel: CancelToken) -> Job:
        period = None if request.cut.state else forcing.period(request.system, request.field.parameters)
        parts = _strobed(request, period, cancel) if period is not None else _crossed(request, cancel)
        t, y = np.empty(0), np.empty((len(request.start), 0))
        for where, more_t, more_y in parts:
            if cancel.cancelled:
                return
            t, y = np.concatenate((t, more_t)), np.concatenate((y, more_y), axis=1)
            yield SectionPoints(request, t, y, where)
            if t.size >= MOST:
                return

    return job


def _strobed(request: SectionRequest, period: float, cancel: CancelToken) -> Job:
    """States at whole periods of the forcing."""
    from odeplayground import dynamics

    t, state = request.t_span[0], np.array(request.start, dtype=float)
    settled = False
    for _ in range(MOST // _PER_PART + 1):
        times = t + period * np.arange(_PER_PART + 1)
        field = request.field
        found = dynamics.simulate(
            field.system, (times[0], times[-1]), state, field.parameters, times, rtol=1e-8, atol=1e-10, cancel=cancel
        )
        if found.status is not Status.FINISHED:
            return
        t, state = float(times[-1]), found.y[:, -1]
        if settled:
            yield f"one per {period:.4g}", found.t[1:], found.y[:, 1:]
        settled = True


def _crossed(request: SectionRequest, cancel: CancelToken) -> Job:
    """States at which one of them rises through a value."""
    from odeplayground import dynamics

    field, names = request.field, request.system.states
    length = request.t_span[1] - request.t_span[0]
    name = request.cut.state or names[-1]
    first = dynamics.simulate(field.system, request.t_span, request.start, field.parameters, cancel=cancel)
    if first.status is not Status.FINISHED:
        return
    t, state, value = request.t_span[1], first.y[:, -1], request.cut.value
    if value is None:
        settled = first.y[names.index(name), first.y.shape[1] // 2 :]
        value = float(f"{0.5 * (settled.min() + settled.max()):.6g}")
    in_vain = 0
    for _ in range(_SPANS):
        found = dynamics.poincare(
            field.system,
            {name: value},
            (t, t + length),
            state,
            field.parameters,
            direction=1,
            rtol=1e-8,
            atol=1e-10,
            cancel=cancel,
        )
        if found.solution.status is not Status.FINISHED or cancel.cancelled:
            return
        t, state = t + length, found.solution.y[:, -1]
        in_vain = 0 if len(found) else in_vain + 1
        if in_vain >= _IN_VAIN:
            return
        if len(found):
            yield f"{name} = {value:.4g}", found.t, found.y
