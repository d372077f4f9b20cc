"""Trajectories of a portrait: forwards on a fine grid of times, and backwards while they stay near the window.

A stiff solution may jump between two times of the grid; there the points of the solver's own steps are added.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from odeplayground import dynamics
from odeplayground.jobs import CancelToken
from odeplayground.session.jumps import Flags, hide_jumps, with_jumps
from odeplayground.session.request import Request, Window
from odeplayground.session.scene import Floats, Solved, Trajectory
from odeplayground.spec import Method, Status

Ints = NDArray[np.intp]

POINTS = 8000
FEWEST, MOST = 500, 3000
N_BACKWARD = 400
"""Points of all forward curves together, of one, and of a backward one, before those of jumps. These times are equally
spaced and cost next to nothing to solve, as the solver's output is dense; drawing many curves is what costs."""

_ROOM = 1.0
"""Backwards, curves are kept up to this many window sizes beyond each side of the window."""
_MOST_STEPS_BACKWARD = 400
"""What runs away backwards is not worth more."""


def forward(request: Request, indices: Sequence[int], cancel: CancelToken) -> dict[int, Solved]:
    """Trajectories from these starting points over the time span. They end early where the solution does."""
    n = min(max(POINTS // len(request.starts), FEWEST), MOST)
    t = np.linspace(*request.t_span, n)
    solved = _solve(request, indices, t, request.solver.method, None, cancel)
    finished = solved.status == Status.FINISHED
    jumps = np.zeros(len(finished), dtype=bool)
    jumps[finished] = hide_jumps(solved.y[finished])
    # A sentence for every one takes long, and of those that reached the end nobody reads it.
    messages = [""] * len(finished) if finished.all() else solved.messages
    curves = {}
    for row, (i, n) in enumerate(zip(indices, _finite(solved.y).tolist(), strict=True)):
        states = solved.y[row, :, :n].copy()  # not a view that keeps all the others alive
        states[:, 0] = request.starts[i]
        times = t[:n]
        if jumps[row]:
            times, states = _stepwise(request, i, times, states, cancel)
        curve = Trajectory(times, states, status=solved.status[row], message=messages[row])
        curves[i] = Solved(curve, solved.methods[row])
    return curves


def _stepwise(request: Request, i: int, t: Floats, y: Floats, cancel: CancelToken) -> tuple[Floats, Floats]:
    """The samples of a trajectory, and more of them where it jumps, from the steps of the solver."""
    solver, field = request.solver, request.field
    solution = dynamics.simulate(
        field.system,
        request.t_span,
        request.starts[i],
        field.parameters,
        None,
        solver.method,
        solver.rtol,
        solver.atol,
        step=solver.step,
        max_step=solver.max_step,
        cancel=cancel,
    )
    if solution.status is not Status.FINISHED:
        return t, y
    return with_jumps(t, y, solution)


def backward(request: Request, indices: Sequence[int], cancel: CancelToken) -> dict[int, tuple[Floats, Floats]]:
    """The same lengths of time backwards, cut where they leave the surroundings of the window: (times, states)."""
    start, end = request.t_span
    t = np.linspace(start, start - (end - start), N_BACKWARD)
    # Backwards, what is stiff explodes, and an implicit method would only hide that at a high price.
    method = Method.TSIT5 if request.solver.method is Method.AUTO else request.solver.method
    solved = _solve(request, indices, t, method, _MOST_STEPS_BACKWARD, cancel)
    lengths = np.minimum(_finite(solved.y), _inside(solved.y, request.window, request.states)).tolist()
    return {i: (t[:n], y[:, :n].copy()) for i, y, n in zip(indices, solved.y, lengths, strict=True)}


def _solve(
    request: Request, indices: Sequence[int], t: Floats, method: Method, max_steps: int | None, cancel: CancelToken
) -> dynamics.Ensemble:
    solver = request.solver
    return dynamics.simulate_many(
        request.field.system,
        np.array([request.starts[i] for i in indices]),
        request.field.parameters,
        (float(t[0]), float(t[-1])),
        t,
        method,
        solver.rtol,
        solver.atol,
        step=solver.step,
        max_step=solver.max_step,
        cancel=cancel,
        **({} if max_steps is None else {"max_steps": max_steps}),
    )


def _finite(y: Floats) -> Ints:
    """How many points of (m, n_states, n) there are before the first that is not finite; at least the start. (m,)"""
    good = np.isfinite(y)
    if good.all():
        return np.full(len(y), y.shape[2])
    bad: Flags = ~np.asarray(good.all(axis=1))
    return np.maximum(1, _first(bad))


def _inside(y: Floats, window: Window, states: tuple[str, ...]) -> Ints:
    """How many points there are up to the first one outside (that one included: the line leads out), (m,)."""
    outside = np.zeros((len(y), y.shape[2]), dtype=bool)
    for axis, (low, high) in ((window.x, window.x_range), (window.y, window.y_range)):
        room = _ROOM * (high - low)
        values = y[:, states.index(axis)]
        outside |= ~((values >= low - room) & (values <= high + room))
    return np.minimum(_first(outside) + 1, y.shape[2])


def _first(flags: Flags) -> Ints:
    """Number of the first flag that is up in each row of (m, n); n where none is. (m,)"""
    result: Ints = np.where(flags.any(axis=1), flags.argmax(axis=1), flags.shape[1])
    return result
