"""Solving initial value problems: the public functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from odeplayground.dynamics import arguments
from odeplayground.dynamics.arrays import Floats, Integers
from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.ensemble import Ensemble
from odeplayground.dynamics.fields import field_of
from odeplayground.dynamics.recorders import History, Samples
from odeplayground.dynamics.solution import Solution
from odeplayground.dynamics.solve import Solved
from odeplayground.dynamics.task import Task
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import AnySystem

CHUNK = 4096
"""So many trajectories are solved together: the working memory stays in the processor's cache."""


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
    cancel: CancelToken | None = None,
) -> Solution:
    """Solve one initial value problem.

    Args:
        system: typed equations or a trained network.
        t_span: begin and end (the end may lie before the begin); by default the system's own.
        initial: the state at the begin: a mapping by name, which may leave out states, or all in order.
        parameters: values that replace the system's own, by name.
        t_eval: times (n,) to report, in the direction of the span; by default the ends of the steps.
        method: one of :class:`Method`; ``"auto"`` begins with Dormand-Prince and changes to Radau if stiff.
        rtol: the local error is kept below ``atol + rtol * |y|``, per state.
        atol: one number, or one per state.
        step: of the fixed-step methods; by default a thousandth of the span.
        max_steps: after so many steps (rejected ones count) the solution stops.
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
        y0=y0[:, None],
        rtol=relative,
        atol=absolute,
        step=arguments.fixed_step(step, span),
        max_steps=arguments.step_cap(max_steps),
        cancel=cancel,
    )
    history = History(task.t0, y0, task.direction)
    with np.errstate(all="ignore"):
        solved = Solved(task, chosen, history)
        dense = history.dense()
        t, y = dense.t, dense.y
        if times is not None:
            t = times[times * task.direction <= dense.t[-1] * task.direction]
            y = dense(t)
    return Solution(
        t=t,
        y=y,
        dense=dense,
        field=bound,
        names=system.states,
        definitions=field.definitions,
        status=solved.status(0),
        message=solved.message(0),
        stats=solved.outcome.stats(),
        method=solved.method(0),
    )


def simulate_many(
    system: AnySystem,
    initial: ArrayLike,
    parameters: Mapping[str, ArrayLike] | None = None,
    t_span: Sequence[float] = (0.0, 10.0),
    t_eval: ArrayLike | None = None,
    method: str = "auto",
    rtol: float = 1e-6,
    atol: float | ArrayLike = 1e-9,
    *,
    step: float | None = None,
    max_steps: int = 100_000,
    cancel: CancelToken | None = None,
) -> Ensemble:
    """Solve from many starting points at once. Each result is independent of the other trajectories.

    Args:
        system: typed equations or a trained network.
        initial: states at the begin, (m, n_states).
        parameters: values that replace the system's own, by name: one number, or one per trajectory (m,).
        t_span: begin and end.
        t_eval: times (n,) to report, in the direction of the span; by default only the end states are kept.
        method: as for :func:`simulate`, like all that follows.
        rtol: relative tolerance.
        atol: absolute tolerance.
        step: of the fixed-step methods.
        max_steps: per trajectory.
        cancel: looked at before every step.

    Returns:
        All trajectories, with a status and a sentence for each.

    Raises:
        ValueError: if an argument is wrong, with a sentence that says which.
    """
    chosen = arguments.method_of(method)
    span = arguments.time_span(t_span)
    times = arguments.sample_times(t_eval, span)
    rows = arguments.state_rows(system, "initial", initial)
    values = arguments.parameter_values(system, parameters, rows.shape[0])
    relative, absolute = arguments.tolerances(rtol, atol, rows.shape[1])
    length, cap = arguments.fixed_step(step, span), arguments.step_cap(max_steps)
    field = field_of(system)
    parts = []
    with np.errstate(all="ignore"):
        for lanes in _chunks(rows.shape[0]):
            bound = field.bind(values if values.ndim == 1 else values[:, lanes])
            y0 = rows[lanes].T.copy()
            task = Task(bound, *span, y0, relative, absolute, length, cap, cancel)
            samples = None if times is None else Samples(times, task.t0, y0, task.direction)
            parts.append((Solved(task, chosen, samples), samples))
    return _joined(system, times, [part[0] for part in parts], [part[1] for part in parts])


def _chunks(m: int) -> list[Integers]:
    return [np.arange(start, min(start + CHUNK, m)) for start in range(0, max(m, 1), CHUNK)]


def _joined(system: AnySystem, times: Floats | None, parts: list[Solved], samples: list[Samples | None]) -> Ensemble:
    each = [(solved, lane) for solved in parts for lane in range(solved.outcome.t.size)]
    y_stop = np.concatenate([solved.outcome.y.T for solved in parts])
    endings = np.concatenate([solved.outcome.endings for solved in parts])
    if times is None:
        y = np.where((endings == Ending.FINISHED)[:, None], y_stop, np.nan)
    else:
        y = np.concatenate([part.y for part in samples if part is not None])
    status = np.empty(len(each), dtype=object)
    status[:] = [solved.status(lane) for solved, lane in each]
    stats = [solved.outcome.stats() for solved in parts]
    return Ensemble(
        names=system.states,
        t=times,
        y=y,
        t_stop=np.concatenate([solved.outcome.t for solved in parts]),
        y_stop=y_stop,
        status=status,
        messages=tuple(solved.message(lane) for solved, lane in each),
        methods=tuple(solved.method(lane) for solved, lane in each),
        stats={name: sum(part[name] for part in stats) for name in stats[0]},
    )
