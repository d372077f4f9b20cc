"""Trajectories of a portrait: forwards on a fine grid of times, and backwards while they stay near the window.

A stiff solution may jump between two times of the grid; there the points of the solver's own steps are added.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from odeplayground import dynamics
from odeplayground.jobs import CancelToken
from odeplayground.session.jumps import hides_a_jump, with_jumps
from odeplayground.session.request import Request, Window
from odeplayground.session.scene import Floats, Solved, Trajectory
from odeplayground.spec import Method, Status

POINTS = 8000
FEWEST, MOST = 600, 3000
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
    curves = {}
    for i, y, status, message, method in zip(
        indices, solved.y, solved.status, solved.messages, solved.methods, strict=True
    ):
        y = y.copy()  # not a view that keeps all the others alive
        y[:, 0] = request.starts[i]
        n = _finite(y)
        times, states = t[:n], y[:, :n]
        if status is Status.FINISHED and hides_a_jump(states):
            times, states = _stepwise(request, i, times, states, cancel)
        curves[i] = Solved(Trajectory(times, states, status=status, message=message), method)
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
    curves = {}
    for i, y in zip(indices, solved.y, strict=True):
        n = min(_finite(y), _inside(y, request.window, request.states))
        curves[i] = (t[:n], y[:, :n].copy())
    return curves


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
        cancel=cancel,
        **({} if max_steps is None else {"max_steps": max_steps}),
    )


def _finite(y: Floats) -> int:
    """How many points there are before the first that is not finite; at least the start."""
    bad = ~np.isfinite(y).all(axis=0)
    return max(1, int(bad.argmax()) if bad.any() else y.shape[1])


def _inside(y: Floats, window: Window, states: tuple[str, ...]) -> int:
    """How many points there are up to the first one outside (that one included: the line leads out)."""
    outside = np.zeros(y.shape[1], dtype=bool)
    for axis, (low, high) in ((window.x, window.x_range), (window.y, window.y_range)):
        room = _ROOM * (high - low)
        values = y[states.index(axis)]
        outside |= ~((values >= low - room) & (values <= high + room))
    return int(outside.argmax()) + 1 if outside.any() else y.shape[1]
