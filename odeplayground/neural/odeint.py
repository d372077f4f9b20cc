"""``odeint``: solve an initial value problem with tensors, differentiable by plain autograd."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor

from odeplayground.neural.adaptive import solve_adaptive
from odeplayground.neural.errors import SolveError
from odeplayground.neural.fixed import solve_fixed
from odeplayground.neural.flatten import (
    Shape,
    State,
    Tolerances,
    TreeField,
    check_state,
    check_times,
    find_method,
    make_control,
    reshape_error,
)
from odeplayground.neural.stepping import Control, Field, Watcher
from odeplayground.neural.tableaus import Tableau

EventFunction = Callable[[Tensor, Any], Tensor]


def odeint(
    func: TreeField,
    y0: State,
    t: Tensor,
    *,
    rtol: Tolerances = 1e-7,
    atol: Tolerances = 1e-9,
    method: str | None = None,
    options: Mapping[str, Any] | None = None,
    event_fn: EventFunction | None = None,
) -> Any:
    """Solve dy/dt = func(t, y), y(t[0]) = y0. Called like torchdiffeq's function of this name.

    Gradients for ``y0``, ``t`` and everything that ``func`` uses flow through every solver step. The adaptive step
    is bounded by the spectral radius of the Jacobian then, so that they are right at an equilibrium too.

    Args:
        func: takes a scalar tensor and the state, returns the derivative in the form of the state.
        y0: tensor of any shape, or a tuple of tensors.
        t: times, shape (n,), strictly increasing or decreasing.
        rtol: relative tolerance of adaptive methods; for tuple states also one per part.
        atol: absolute tolerance, likewise.
        method: "dopri5" (the default, adaptive), "rk4" (the classic one), "midpoint" or "euler".
        options: "step_size" (largest step of a fixed-step method; otherwise one step per interval of ``t``),
            "first_step" and "max_num_steps".
        event_fn: not available yet, must be ``None``.

    Returns:
        The states at the times ``t``, shape (n,) + y0.shape; a tuple of such tensors for a tuple state.

    Raises:
        SolveError: the solution diverged, the steps became too small, or there were too many.
        ValueError: unknown method or option, or times that are not strictly monotonic.
        TypeError: ``y0`` or ``t`` is not made of floating point tensors.
        NotImplementedError: ``event_fn`` is given.
    """
    refuse_events(event_fn)
    check_state(y0)
    check_times(t)
    shape = Shape(y0)
    control = make_control(shape, rtol, atol, options)
    try:
        y = solve(shape.field(func), find_method(method), shape.join(y0), t, control, Watcher())
    except SolveError as error:
        raise reshape_error(error, shape) from None
    return shape.split(y)


def solve(f: Field, tableau: Tableau, y0: Tensor, t: Tensor, control: Control, watcher: Watcher) -> Tensor:
    """States at the times ``t``, shape (len(t),) + y0.shape, with checked arguments."""
    if len(t) == 1:
        return y0[None]
    return (solve_adaptive if tableau.adaptive else solve_fixed)(f, tableau, y0, t, control, watcher)


def refuse_events(event_fn: EventFunction | None) -> None:
    """Say clearly what cannot be done yet."""
    if event_fn is not None:
        raise NotImplementedError("event_fn is not available yet; solve over fixed times instead.")
