"""``odeint_dense``: the solution as a function of time."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from odeplayground.neural.adaptive import AdaptiveRun
from odeplayground.neural.callbacks import Callbacks
from odeplayground.neural.errors import SolveError
from odeplayground.neural.flatten import Shape, State, Tolerances, TreeField, check_state, reshape_error
from odeplayground.neural.methods import find_method
from odeplayground.neural.odeint import make_outputs, make_scheme
from odeplayground.neural.outputs import dense_weights
from odeplayground.neural.settings import make_control


def odeint_dense(
    func: TreeField,
    y0: State,
    t0: Tensor | float,
    t1: Tensor | float,
    *,
    rtol: Tolerances = 1e-7,
    atol: Tolerances = 1e-9,
    method: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> Callable[[Tensor | float], Any]:
    """Solve from ``t0`` to ``t1`` and return the solution as a function. Called like torchdiffeq's function.

    Args:
        func: as for :func:`odeint`.
        y0: as for :func:`odeint`.
        t0: the start.
        t1: the end, before or after the start.
        rtol: as for :func:`odeint`.
        atol: as for :func:`odeint`.
        method: an adaptive method.
        options: as for :func:`odeint`.

    Returns:
        A function of one time, or of times of shape (n,), within the span; it gives the state, with a leading axis
        for many times, and raises ``ValueError`` outside. Gradients flow through the steps.

    Raises:
        As :func:`odeint`; ``ValueError`` also for a method with fixed steps.
    """
    check_state(y0)
    tableau, shape = find_method(method), Shape(y0)
    if not tableau.adaptive:
        raise ValueError("odeint_dense needs an adaptive method, such as dopri5.")
    first, end = float(t0), float(t1)
    control, start = make_control(shape, rtol, atol, options), shape.join(y0)
    times = torch.tensor([first, end], dtype=torch.float64)
    scheme = make_scheme(shape.field(func), tableau, start, times, control, func)
    outputs = make_outputs(scheme, [first, end])
    run = AdaptiveRun(scheme, first, end, control, Callbacks.of(func, shape))
    pieces: list[tuple[float, float, Tensor, Tensor]] = []
    try:
        while run.time != end:
            step = run.advance(outputs)
            pieces.append((step.t, step.h, scheme.y.clone(), step.slopes.clone()))
            run.proceed(step)
    except SolveError as error:
        raise reshape_error(error, shape) from None
    dense = torch.tensor(tableau.polynomials, dtype=torch.float64, device=start.device)
    ends = [run.sign * (t + h) for t, h, _, _ in pieces]

    def at(time: float) -> Tensor:
        if not min(first, end) <= time <= max(first, end):
            raise ValueError(f"t = {time:g} lies outside of the solved span, {first:g} to {end:g}.")
        if not pieces:
            return start
        t, h, y, slopes = pieces[min(bisect.bisect_left(ends, run.sign * time), len(pieces) - 1)]
        theta = torch.tensor((time - t) / h, dtype=torch.float64, device=start.device)
        change: Tensor = torch.tensordot((h * dense_weights(dense, theta)).to(slopes), slopes, dims=1)
        return y + change

    def solution(t: Tensor | float) -> Any:
        asked = torch.as_tensor(t, dtype=torch.float64)
        if asked.ndim == 0:
            return shape.split(at(float(asked)))
        return shape.split(torch.stack([at(time) for time in asked.tolist()]))

    return solution
