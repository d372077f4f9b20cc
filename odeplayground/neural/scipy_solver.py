"""torchdiffeq's ``scipy_solver``: scipy's solvers for states of torch. No gradients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from odeplayground.neural.errors import SolveError
from odeplayground.neural.stepping import Field
from odeplayground.spec import Status

OPTIONS = ("solver", "min_step", "max_step")


@torch.no_grad()
def solve_by_scipy(f: Field, y0: Tensor, t: Tensor, rtol: Any, atol: Any, options: Mapping[str, Any] | None) -> Tensor:
    """States at the times ``t``, shape (len(t), *y0.shape).

    Raises:
        SolveError: scipy gave up.
        ValueError: an option is not known.
    """
    from scipy.integrate import solve_ivp

    options = dict(options or {})
    unknown = [name for name in options if name not in OPTIONS]
    if unknown:
        raise ValueError(f'There is no option "{unknown[0]}" for scipy_solver. Known options: {", ".join(OPTIONS)}.')
    name = options.get("solver", "LSODA")
    limits = {"max_step": options.get("max_step", np.inf)}
    if name == "LSODA":
        limits["min_step"] = options.get("min_step", 0.0)

    def rates(time: float, y: Any) -> Any:
        state = torch.as_tensor(y, dtype=y0.dtype, device=y0.device).view(y0.shape)
        return f(torch.as_tensor(time, dtype=y0.dtype, device=y0.device), state).reshape(-1).cpu().numpy()

    times = t.detach().cpu().double().numpy()
    if len(times) == 1:
        return y0.detach()[None].clone()
    start = y0.detach().cpu().reshape(-1).numpy()
    found = solve_ivp(rates, (times[0], times[-1]), start, method=name, t_eval=times, rtol=rtol, atol=atol, **limits)
    values = torch.as_tensor(found.y.T.copy(), dtype=y0.dtype, device=y0.device).view(-1, *y0.shape)
    if not found.success:
        raise SolveError(f"scipy's {name} stopped: {found.message}", Status.STEP_TOO_SMALL, values)
    return values
