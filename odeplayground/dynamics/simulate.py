"""Solving initial value problems: the public functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from numpy.typing import ArrayLike

from odeplayground.dynamics import arguments
from odeplayground.dynamics.ensemble import Ensemble
from odeplayground.dynamics.fields import field_of
from odeplayground.dynamics.solution import Solution, Solving
from odeplayground.dynamics.solve import Solved
from odeplayground.dynamics.task import Task
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import AnySystem


def simulate(
    system: AnySystem,
    t_span: Sequence[float] | None = None,
    initial: Mapping[str, float] | ArrayLike | None = None,
    parameters: Mapping[str, float] | None = None,
    t_eval: ArrayLike | None = None,
    method: str = "auto",
    rtol: float = 1e-6,
    atol: float | ArrayLike = 1e-9,
    *,
    step: float | None = None,
    max_steps: int = 100_000,
    max_step: float | None = None,
    cancel: CancelToken | None = None,
) -> Solution:
    """Solve one initial value problem.

    Args:
        system: typed equations or a trained network.
        t_span: begin and end (the end may lie before the begin); by default the system's own.
        initial: the state at the begin: a mapping by name, which may leave out states, or all in order.
        parameters: values that replace the system's own, by name.
        t_eval: times (n,) to report, in the direction of the span; by default the ends of the steps.
        method: one of :class:`Method`; ``"auto"`` begins with Tsitouras 5(4) and changes to Rodas4 if stiff.
        rtol: the local error is kept below ``atol + rtol * |y|``, per state.
        atol: one number, or one per state.
        step: of the fixed-step methods; by default a thousandth of the span.
        max_steps: after so many steps (rejected ones count) the solution stops.
        max_step: no step of the other methods is longer, so that no short event is jumped over.
        cancel: looked at before every step.

    Returns:
        The solution up to where it came. Divergence, a step limit and cancelling are no errors: see its ``status``.

    Raises:
        ValueError: if an argument is wrong, with a sentence that says which.
    """
    chosen = arguments.method_of(method)
    span = arguments.time_span(system.t_span if t_span is None else t_span)
    times = arguments.sample_times(t_eval, span)
    y0 = arguments.initial_state(system, initial)
    field = field_of(system)
    bound = field.bind(arguments.parameter_values(system, parameters))
    relative, absolute = arguments.tolerances(rtol, atol, y0.size)
    task = Task(
        field=bound,
        t0=span[0],
        t1=span[1],
        y0=y0[:, None].copy(),  # it may be solved again later, whatever the caller does to the array
        rtol=relative,
        atol=absolute,
        step=arguments.fixed_step(step, span),
        max_step=arguments.longest_step(max_step),
        max_steps=arguments.step_cap(max_steps),
        cancel=cancel,
    )
    return Solution(Solving(task, chosen), times, bound, system.states, field.definitions)


def simulate_many(
    system: AnySystem,
    initial: Mapping[str, ArrayLike] | ArrayLike,
    parameters: Mapping[str, ArrayLike] | None = None,
    t_span: Sequence[float] = (0.0, 10.0),
    t_eval: ArrayLike | None = None,
    method: str = "auto",
    rtol: float = 1e-6,
    atol: float | ArrayLike = 1e-9,
    *,
    step: float | None = None,
    max_steps: int = 100_000,
    max_step: float | None = None,
    cancel: CancelToken | None = None,
) -> Ensemble:
    """Solve from many starting points at once. Each result is independent of the other trajectories.

    Args:
        system: typed equations or a trained network.
        initial: states at the begin, (m, n_states); or a mapping by name of numbers and arrays (m,), which may leave
            out states, as for :func:`simulate`.
        parameters: values that replace the system's own, by name: one number, or one per trajectory (m,).
        t_span: begin and end.
        t_eval: times (n,) to report, in the direction of the span; by default only the end states are kept.
        method: as for :func:`simulate`, like all that follows.
        rtol: relative tolerance.
        atol: absolute tolerance.
        step: of the fixed-step methods.
        max_steps: per trajectory.
        max_step: of the methods that choose their steps.
        cancel: looked at before every step.

    Returns:
        All trajectories, with a status and a sentence for each.

    Raises:
        ValueError: if an argument is wrong, with a sentence that says which.
    """
    chosen = arguments.method_of(method)
    span = arguments.time_span(t_span)
    times = arguments.sample_times(t_eval, span)
    task = task_of_many(
        system,
        initial,
        parameters,
        span,
        rtol,
        atol,
        step=step,
        max_steps=max_steps,
        max_step=max_step,
        cancel=cancel,
    )
    return Ensemble(system.states, times, Solved(task, chosen, times))


def task_of_many(
    system: AnySystem,
    initial: Mapping[str, ArrayLike] | ArrayLike,
    parameters: Mapping[str, ArrayLike] | None,
    span: tuple[float, float],
    rtol: float,
    atol: float | ArrayLike,
    *,
    step: float | None = None,
    max_steps: int = 100_000,
    max_step: float | None = None,
    cancel: CancelToken | None = None,
) -> Task:
    """The problem that :func:`simulate_many` solves, from its arguments and a span that was looked at.

    Raises:
        ValueError: if an argument is wrong, with a sentence that says which.
    """
    rows = arguments.initial_rows(system, initial)
    values = arguments.parameter_values(system, parameters, rows.shape[0])
    relative, absolute = arguments.tolerances(rtol, atol, rows.shape[1])
    return Task(
        field=field_of(system).bind(values),
        t0=span[0],
        t1=span[1],
        y0=rows.T,
        rtol=relative,
        atol=absolute,
        step=arguments.fixed_step(step, span),
        max_step=arguments.longest_step(max_step),
        max_steps=arguments.step_cap(max_steps),
        cancel=cancel,
    )
