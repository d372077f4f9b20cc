"""Trajectories of a portrait: forwards on a fine grid of times, and backwards while they stay near the window.

A stiff solution may jump between two times of the grid; there the points of the solver's own steps are added. What
runs away backwards is gone after a few times of the grid; it is looked at again on a finer one.
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
_LOOKS = 3
"""So many grids, each up to ``N_BACKWARD`` times finer than the one before, for what runs away backwards."""
_MOST_STEPS_BACKWARD = 400
"""What runs away backwards is not worth more."""
_MOST_ENDINGS = 60
"""Ends of more curves than this are not looked at closely: it would take longer than solving them."""


def forward(request: Request, indices: Sequence[int], cancel: CancelToken) -> dict[int, Solved]:
    """Trajectories from these starting points over the time span. They end early where the solution does."""
    n = min(max(POINTS // len(request.starts), FEWEST), MOST)
    t = np.linspace(*request.t_span, n)
    solved = _solve(request, indices, request.t_span, t, request.solver.method, None, cancel)
    finished = solved.status == Status.FINISHED
    # A sentence for every one takes long, and of those that reached the end nobody reads it.
    messages = [""] * len(finished) if finished.all() else solved.messages
    solved.y[:, :, 0] = [request.starts[i] for i in indices]
    curves = _refined(t, solved, _finite(solved.y), ~finished)
    told = zip(indices, curves, solved.status.tolist(), messages, solved.methods, strict=True)
    return {
        i: Solved(Trajectory(times, states, status=status, message=message), method)
        for i, (times, states), status, message, method in told
    }


def _refined(t: Floats, solved: dynamics.Ensemble, lengths: Ints, early: Flags) -> list[tuple[Floats, Floats]]:
    """So many samples of each curve, and more of them where it jumps, or where the solution ends early."""
    # Views: they keep the others alive, which are gone with the next move of a slider.
    curves = [(t[:n], states[:, :n]) for n, states in zip(lengths.tolist(), solved.y, strict=True)]
    refined = early & np.isfinite(solved.y[:, :, 0]).all(axis=1) & (early.sum() <= _MOST_ENDINGS)
    whole = np.flatnonzero(lengths == t.size)
    refined[whole] = hide_jumps(solved.y if whole.size == lengths.size else solved.y[whole])
    rows = np.flatnonzero(refined)
    if rows.size:
        for row, curve in zip(rows.tolist(), with_jumps(t, solved.y[rows], solved.steps(rows)), strict=True):
            curves[row] = curve
    return curves


def backward(request: Request, indices: Sequence[int], cancel: CancelToken) -> dict[int, tuple[Floats, Floats]]:
    """The same lengths of time backwards, cut where they leave the surroundings of the window: (times, states)."""
    begin, length = request.t_span[0], request.t_span[1] - request.t_span[0]
    curves: dict[int, tuple[Floats, Floats]] = {}
    grids = {1: list(indices)}  # curves by how many times finer their grid is
    for _ in range(_LOOKS):
        finer: dict[int, list[int]] = {}
        for times_finer, group in sorted(grids.items()):
            t = np.linspace(begin, begin - length / times_finer, N_BACKWARD)
            found, cut = _cut_backward(request, group, t, cancel)
            curves |= found
            for i, n in zip(group, cut, strict=True):
                factor = _refinement(n)
                if factor > 1 and length / N_BACKWARD / times_finer / factor > 8 * np.spacing(abs(begin)):
                    finer.setdefault(times_finer * factor, []).append(i)
        if not finer or cancel.cancelled:
            break
        grids = finer
    return curves


def _cut_backward(
    request: Request, indices: Sequence[int], t: Floats, cancel: CancelToken
) -> tuple[dict[int, tuple[Floats, Floats]], list[int]]:
    """Curves at these times as far as they stay, and the number of times up to the first that is not inside."""
    # Backwards, what is stiff explodes, and an implicit method would only hide that at a high price.
    method = Method.TSIT5 if request.solver.method is Method.AUTO else request.solver.method
    begin, end = request.t_span
    solved = _solve(request, indices, (begin, begin - (end - begin)), t, method, _MOST_STEPS_BACKWARD, cancel)
    inside = _inside(solved.y, request.window, request.states)
    lengths = np.minimum(_finite(solved.y), inside)
    curves = _refined(t, solved, lengths, np.zeros(len(indices), dtype=bool))
    return dict(zip(indices, curves, strict=True)), inside.tolist()


def _refinement(n: int) -> int:
    """How many times finer a grid may be that still reaches the last of n times: a power of two, so that many curves
    share a grid. What begins outside stays a point.
    """
    return 1 if n < 2 else 1 << (((N_BACKWARD - 1) // (n - 1)).bit_length() - 1)


def _solve(
    request: Request,
    indices: Sequence[int],
    span: tuple[float, float],
    t: Floats,
    method: Method,
    max_steps: int | None,
    cancel: CancelToken,
) -> dynamics.Ensemble:
    """Solve over the span, and report these times: as long as the span is the same, so are the solver's steps."""
    solver = request.solver
    return dynamics.simulate_many(
        request.field.system,
        np.array([request.starts[i] for i in indices]),
        request.field.parameters,
        span,
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
