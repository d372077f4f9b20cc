"""``solve``: values, how each sample ended, and what it cost; with the gradient of your choice."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from odeplayground.neural.adjoint import Adjoint, Plan
from odeplayground.neural.checkpoints import DEFAULT_CHECKPOINTS
from odeplayground.neural.counters import Counters
from odeplayground.neural.errors import SolveError
from odeplayground.neural.flatten import Shape, State, Tolerances, TreeField, check_state, check_times
from odeplayground.neural.gradients import Discrete, DiscretePlan
from odeplayground.neural.interpolating import Interpolating, InterpolatingPlan
from odeplayground.neural.methods import find_method
from odeplayground.neural.odeint import make_scheme, march
from odeplayground.neural.row_adjoint import RowDiscrete, RowPlan, rows_fit
from odeplayground.neural.settings import make_control
from odeplayground.neural.stepping import Clock, Control, Field, Watcher
from odeplayground.neural.tableaus import Tableau
from odeplayground.neural.tape import LIMIT
from odeplayground.spec import Status

GRADIENTS = ("discrete", "adjoint", "interpolating", "direct")
ENGINES = ("auto", "native", "torch")


@dataclass(frozen=True)
class Solution:
    """What a solve gave.

    ``values`` are the states at the times, in the form of ``y0`` with a leading axis; NaN from where a solve
    stopped early. ``status`` holds one entry per sample (per row of ``y0``, whose last axis is the state). ``stats``
    counts evaluations, forward and, after ``backward``, back; accepted and rejected steps; and for "adjoint" the
    largest relative drift of the backward reconstruction.
    """

    values: Any
    status: list[Status]
    message: str
    stats: Any

    def __repr__(self) -> str:
        counts = ", ".join(f"{self.status.count(kind)} {kind}" for kind in Status if kind in self.status)
        return f"<Solution: {counts}. {self.message}>"


def solve(
    func: TreeField,
    y0: State,
    t: Tensor,
    *,
    gradient: str = "discrete",
    engine: str = "auto",
    rtol: Tolerances = 1e-7,
    atol: Tolerances = 1e-9,
    method: str | None = None,
    options: Mapping[str, Any] | None = None,
    params: Iterable[Tensor] | None = None,
    per_sample: bool = False,
    checkpoints: int = DEFAULT_CHECKPOINTS,
    tape_bytes: int = LIMIT,
    adjoint_rtol: Tolerances | None = None,
    adjoint_atol: Tolerances | None = None,
    adjoint_method: str | None = None,
    adjoint_options: Mapping[str, Any] | None = None,
) -> Solution:
    """Solve dy/dt = func(t, y) from y(t[0]) = y0; failure is a status, never an exception.

    Args:
        func: takes a scalar tensor and the state, returns the derivative.
        y0: tensor of any shape (..., n_states), or a tuple of tensors.
        t: times, shape (n,), strictly increasing or decreasing; with ``per_sample`` also (samples, n).
        gradient: "discrete", the exact adjoint of the accepted steps, quick, memory bounded by ``tape_bytes``;
            "adjoint", Chen et al. 2018, algorithm 2, with ``checkpoints`` (0: the pure form, in constant memory);
            "interpolating", the continuous adjoint along the stored solution; "direct", plain autograd.
        engine: "native" for dense networks, "torch" for everything, "auto" to choose.
        rtol: relative tolerance.
        atol: absolute tolerance.
        method: as for :func:`odeint`.
        options: as for :func:`odeint`.
        params: tensors that get gradients besides ``y0`` and ``t``; by default the parameters of a module.
        per_sample: each row of ``y0`` is solved with steps of its own: its result is the same, up to rounding, alone
            or among others. The native engine, and explicit adaptive methods with the gradient "discrete", take
            all rows along together, others take one row after the other; a plain ``func`` sees one row at a time, shape
            (1, n_states).
        checkpoints: states kept for "adjoint".
        tape_bytes: memory for "discrete"; beyond it steps are repeated on the way back.
        adjoint_rtol: for the way back of "adjoint"; by default, as for the next three, as forward.
        adjoint_atol: for the way back of "adjoint".
        adjoint_method: for the way back of "adjoint".
        adjoint_options: for the way back of "adjoint", as ``options``.

    Returns:
        The solution; its values carry the gradient.

    Raises:
        ValueError: an unknown gradient, engine, method or option; "native" where it cannot be had; settings of the
            way back with another gradient than "adjoint"; times that are not strictly monotonic; a plain function that
            depends on tensors which ``params`` does not name.
        TypeError: ``y0`` or ``t`` is not made of floating point tensors.
    """
    if gradient not in GRADIENTS:
        raise ValueError(f'There is no gradient "{gradient}". Known: {", ".join(GRADIENTS)}.')
    if engine not in ENGINES:
        raise ValueError(f'There is no engine "{engine}". Known: {", ".join(ENGINES)}.')
    check_state(y0)
    control = make_control(Shape(y0), rtol, atol, options)
    back = _Back(adjoint_rtol, adjoint_atol, adjoint_method, adjoint_options)
    if back.asked and gradient != "adjoint":
        raise ValueError(f'adjoint_... are for the gradient "adjoint", not for "{gradient}".')
    if isinstance(y0, Tensor) and y0.numel() == 0:
        return _nothing(y0, t, per_sample)
    if per_sample:
        return _one_by_one(
            func, y0, t, gradient=gradient, engine=engine, rtol=rtol, atol=atol, method=method, options=options,
            params=params, checkpoints=checkpoints, tape_bytes=tape_bytes, adjoint_rtol=adjoint_rtol,
            adjoint_atol=adjoint_atol, adjoint_method=adjoint_method, adjoint_options=adjoint_options,
        )  # fmt: skip
    check_times(t)
    native = _native(func, y0, gradient, engine, method, options)
    if native is not None:
        values, statuses, stats = native(func, y0, t, rtol, atol, tape_bytes=tape_bytes)
        return Solution(values, statuses, _sentence(statuses), stats)
    shape = Shape(y0)
    tableau = find_method(method)
    if gradient == "interpolating" and not tableau.adaptive:
        raise ValueError("The interpolating gradient needs the dense output of an adaptive method, such as dopri5.")
    field, joined, counters = shape.field(func), shape.join(y0), Counters()
    parameters = () if gradient == "direct" else _parameters(func, field, joined, t, params)
    way_back = back.of(shape, rtol, atol, method, options)
    call = _Call(gradient, field, tableau, control, func, counters, checkpoints, tape_bytes, *way_back)
    samples = y0.shape[:-1].numel() if isinstance(y0, Tensor) else 1
    try:
        values = call.run(joined, t, parameters)
        status, message = Status.FINISHED, "The whole time span was solved."
    except SolveError as error:
        status, message = error.status, str(error)
        values = _filled(error, call, joined, t, parameters)
    # The rows share their steps, so the whole solve stops with the first of them.
    return Solution(shape.split(values), [status] * samples, message, counters)


def _nothing(y0: Tensor, t: Tensor, per_sample: bool) -> Solution:
    """The solution of no states at all."""
    for grid in t if per_sample and t.ndim == 2 else [t]:
        check_times(grid)
    count = y0.shape[:-1].numel()
    stats = [Counters() for _ in range(count)] if per_sample else Counters()
    values = y0.expand(t.shape[-1], *y0.shape)
    return Solution(values, [Status.FINISHED] * count, _sentence([]), stats)


@dataclass(frozen=True)
class _Back:
    """What was asked of the way back of the continuous adjoint."""

    rtol: Tolerances | None = None
    atol: Tolerances | None = None
    method: str | None = None
    options: Mapping[str, Any] | None = None

    @property
    def asked(self) -> bool:
        """Whether anything was."""
        return any(one is not None for one in (self.rtol, self.atol, self.method, self.options))

    def of(
        self, shape: Shape, rtol: Tolerances, atol: Tolerances, method: str | None, options: Mapping[str, Any] | None
    ) -> tuple[Tableau, Control]:
        """Method and settings; those of the way forward where nothing was asked."""
        if self.options is None and self.method not in (None, method) and options:
            raise ValueError("Please give adjoint_options: options are for another method than adjoint_method.")
        control = make_control(
            shape,
            rtol if self.rtol is None else self.rtol,
            atol if self.atol is None else self.atol,
            options if self.options is None else self.options,
        )
        return find_method(self.method or method), control


@dataclass(frozen=True)
class _Call:
    gradient: str
    field: Field
    tableau: Tableau
    control: Control
    func: object
    counters: Counters
    checkpoints: int
    tape_bytes: int
    back_tableau: Tableau
    back_control: Control

    def run(self, y0: Tensor, t: Tensor, parameters: tuple[Tensor, ...]) -> Tensor:
        field, tableau, control, func, counters = self.field, self.tableau, self.control, self.func, self.counters
        if self.gradient == "direct":
            scheme = make_scheme(field, tableau, y0, t, control, func)
            try:
                return march(scheme, t, control, counters.watcher) if len(t) > 1 else y0[None]
            finally:
                counters.evaluations = scheme.evaluations
        y: Tensor
        if self.gradient == "discrete":
            plan = DiscretePlan(field, tableau, control, func, counters, self.tape_bytes)
            y = Discrete.apply(plan, y0, t, *parameters)  # type: ignore[no-untyped-call]
        elif self.gradient == "interpolating":
            y = Interpolating.apply(  # type: ignore[no-untyped-call]
                InterpolatingPlan(field, tableau, control, func, counters), y0, t, *parameters
            )
        else:
            adjoint = Plan(
                field=field,
                tableau=tableau,
                control=control,
                back_tableau=self.back_tableau,
                back_control=self.back_control,
                back_norm=None,
                checkpoints=self.checkpoints,
                func=func,
                watcher=counters.watcher,
                back_watcher=Watcher(),
                counters=counters,
            )
            y = Adjoint.apply(adjoint, y0, t, *parameters)  # type: ignore[no-untyped-call]
        return y


def _filled(error: SolveError, call: _Call, y0: Tensor, t: Tensor, parameters: tuple[Tensor, ...]) -> Tensor:
    """What was reached, with its gradient, and NaN for the rest."""
    partial = error.partial
    assert isinstance(partial, Tensor)
    reached = max(1, len(partial))
    try:
        values = call.run(y0, t[:reached], parameters) if reached > 1 else y0[None]
    except SolveError:  # at the very edge: without gradient
        values = partial[:reached]
    rest = values.new_full((len(t) - reached, *values.shape[1:]), float("nan"))
    return torch.cat([values, rest])


def _sentence(status: list[Status]) -> str:
    bad = [s for s in status if s is not Status.FINISHED]
    return bad[0].help if bad else "The whole time span was solved."


def _parameters(
    func: object, field: Field, y0: Tensor, t: Tensor, given: Iterable[Tensor] | None
) -> tuple[Tensor, ...]:
    if given is not None:
        return tuple(p for p in given if p.requires_grad)
    if isinstance(func, nn.Module):
        return tuple(p for p in func.parameters() if p.requires_grad)
    if torch.is_grad_enabled() and field(Clock(t.detach(), y0).at(float(t[0].detach())), y0.detach()).requires_grad:
        raise ValueError("func is a plain function of tensors that want gradients: name them in params.")
    return ()


Native = Callable[..., tuple[Any, list[Status], Any]]


def _native(
    func: object, y0: State, gradient: str, engine: str, method: str | None, options: Mapping[str, Any] | None
) -> Native | None:
    """The native engine where it is wanted and can be had."""
    if engine == "torch":
        return None
    if gradient != "discrete":
        if engine == "native":
            raise ValueError(
                f'The native engine has the gradient "discrete" alone, not "{gradient}"; take engine="torch".'
            )
        return None
    fits = isinstance(y0, Tensor) and method is None and not options
    module = None
    if importlib.util.find_spec("odeplayground.neural.native_engine") is not None:
        module = importlib.import_module("odeplayground.neural.native_engine")
    if module is not None and fits and module.supports(func, y0):
        return module.native_solve  # type: ignore[no-any-return]
    if engine == "native":
        raise ValueError(
            "The native engine is for dense networks (neural.MLP) and states of their kind, "
            "with the default method and no options."
        )
    return None


def _one_by_one(func: TreeField, y0: State, t: Tensor, **settings: Any) -> Solution:
    """Each row by itself."""
    if not isinstance(y0, Tensor) or y0.ndim < 1:
        raise ValueError("per_sample needs a tensor y0 with the state as its last axis.")
    rows = y0.reshape(-1, y0.shape[-1])
    grids = t if t.ndim == 2 else t.expand(len(rows), -1)
    if len(grids) != len(rows):
        raise ValueError(f"t has {len(grids)} rows, but y0 has {len(rows)} samples.")
    for grid in t if t.ndim == 2 else [t]:
        check_times(grid)
    directions = grids.detach().diff().sign()
    native = None
    if bool((directions == directions[:1, :1]).all()):  # the native engine goes one way with all
        native = _native(func, rows, *(settings[name] for name in ("gradient", "engine", "method", "options")))
    if native is not None:
        each: list[Counters] = []
        rtol, atol, tape_bytes = (settings[name] for name in ("rtol", "atol", "tape_bytes"))
        values, status, _ = native(func, rows, t, rtol, atol, tape_bytes=tape_bytes, counters=each)
        return Solution(values.reshape(-1, *y0.shape), status, _sentence(status), each)
    together = _rows_together(func, rows, grids, **settings)
    if together is not None:
        values, status, stats = together
        return Solution(values.reshape(-1, *y0.shape), status, _sentence(status), stats)
    found = [solve(func, row[None], grid, **settings) for row, grid in zip(rows, grids, strict=True)]
    values = torch.stack([one.values[:, 0] for one in found], dim=1).reshape(-1, *y0.shape)
    messages = [one.message for one in found if one.status[0] is not Status.FINISHED]
    message = messages[0] if messages else found[0].message
    return Solution(values, [one.status[0] for one in found], message, [one.stats for one in found])


def _rows_together(
    func: TreeField, rows: Tensor, grids: Tensor, **settings: Any
) -> tuple[Tensor, list[Status], list[Counters]] | None:
    """All rows at once, each with its own steps; ``None`` where method, gradient or options do not allow it."""
    shape = Shape(rows)
    tableau = find_method(settings["method"])
    control = make_control(shape, settings["rtol"], settings["atol"], settings["options"])
    if settings["gradient"] != "discrete" or settings["engine"] == "native" or len(rows) == 0:
        return None
    if grids.shape[1] < 2 or not rows_fit(shape, tableau, control, rows):
        return None
    field = shape.field(func)
    parameters = _parameters(func, field, rows[:1], grids[0], settings["params"])
    counters = [Counters() for _ in rows]
    plan = RowPlan(field, tableau, control, counters, [])
    values: Tensor = RowDiscrete.apply(plan, rows, grids, *parameters)  # type: ignore[no-untyped-call]
    return values, plan.status, counters
