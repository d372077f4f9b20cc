"""Checks what callers pass, and says in a sentence what is wrong."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from odeplayground.dynamics.arrays import Floats
from odeplayground.spec import AnySystem, Method

_METHODS = {str(member): member for member in Method}
_MOST_STEPS = 2**53
"""Doubles count so far, and so do kernels."""
_FEW = 16
"""So few numbers are looked at faster one by one than by numpy."""


def unknown_name(kind: str, name: str, known: Iterable[str]) -> ValueError:
    """The error for a name that is not there, with a suggestion."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1)
    if close:
        hint = f"did you mean {close[0]}?"
    elif names:
        hint = f"there are {', '.join(names)}."
    else:
        hint = "there are none."
    return ValueError(f"There is no {kind} called {name}: {hint}")


def numbers(what: str, values: Any) -> Floats:
    """Finite float64 numbers."""
    array = _array(what, values)
    _check_finite(what, array)
    return array


def _array(what: str, values: Any) -> Floats:
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{what}: expected numbers.") from error


def _check_finite(what: str, array: Floats) -> None:
    if not (all(map(math.isfinite, array.ravel().tolist())) if array.size <= _FEW else np.isfinite(array).all()):
        raise ValueError(f"{what}: every number has to be finite.")


def time_span(span: Sequence[float]) -> tuple[float, float]:
    """Begin and end, which must differ. The end may lie before the begin."""
    values = numbers("The time span", span)
    if values.shape != (2,):
        raise ValueError("The time span takes two numbers: begin and end.")
    begin, end = values.tolist()
    if begin == end:
        raise ValueError(f"The time span is empty: it begins and ends at t = {begin:g}.")
    return begin, end


def sample_times(t_eval: ArrayLike | None, span: tuple[float, float]) -> Floats | None:
    """Times inside the span, in its direction."""
    if t_eval is None:
        return None
    times = _array("t_eval", t_eval)
    if times.ndim == 1 and times.size and _runs_inside(times, span):
        return times  # so all of them are finite, too
    _check_finite("t_eval", times)
    begin, end = span
    if times.ndim != 1:
        raise ValueError("t_eval takes a list of times.")
    if times.size and (times.min() < min(span) or times.max() > max(span)):
        raise ValueError(f"t_eval has times outside of the time span from {begin:g} to {end:g}.")
    if times.size:
        raise ValueError(f"t_eval has to run in the direction of the time span, from {begin:g} to {end:g}.")
    return times


def _runs_inside(times: Floats, span: tuple[float, float]) -> bool:
    """Whether times are in order, from the begin of the span to its end; never with a NaN among several."""
    begin, end = span
    first, last = times.item(0), times.item(-1)
    before, after = times[:-1], times[1:]
    if begin < end:
        return begin <= first and last <= end and np.count_nonzero(before <= after) == before.size
    return begin >= first and last >= end and np.count_nonzero(before >= after) == before.size


def initial_state(system: AnySystem, initial: Mapping[str, float] | ArrayLike | None) -> Floats:
    """One state (n_states,): the system's own where a mapping leaves out a name."""
    if initial is None:
        return numbers("The initial state", system.initial)
    if isinstance(initial, Mapping):
        return numbers("The initial state", _overridden("state", system.states, system.initial, initial))
    values = numbers("The initial state", initial)
    if values.shape != (len(system.states),):
        raise ValueError(f"The initial state takes {_count(system)}.")
    return values


def state_rows(system: AnySystem, what: str, values: ArrayLike) -> Floats:
    """Many states, (m, n_states)."""
    array = numbers(what, values)
    if array.ndim != 2 or array.shape[1] != len(system.states):
        raise ValueError(f"{what} takes an array of shape (m, {len(system.states)}): {_count(system)} per row.")
    return array


def initial_rows(system: AnySystem, initial: Mapping[str, ArrayLike] | ArrayLike) -> Floats:
    """Many initial states (m, n_states), also from a mapping by name of numbers and arrays (m,)."""
    if not isinstance(initial, Mapping):
        return state_rows(system, "initial", initial)
    columns = [
        numbers(f"The state {name}", value)
        for name, value in zip(system.states, _overridden("state", system.states, system.initial, initial), strict=True)
    ]
    lengths = {column.size for column in columns if column.ndim}
    if len(lengths) > 1 or any(column.ndim > 1 for column in columns):
        raise ValueError("initial takes, for each state, one number or an array (m,), of the same m for all.")
    m = lengths.pop() if lengths else 1
    return np.stack([np.broadcast_to(column, (m,)) for column in columns], axis=1)


def parameter_values(system: AnySystem, parameters: Mapping[str, ArrayLike] | None, m: int | None = None) -> Floats:
    """All parameters, (k,), or (k, m) if one of them has a value per trajectory (only where m is given)."""
    names = system.parameters
    values = _overridden("parameter", names, system.values, parameters or {})
    if all(isinstance(value, float) and math.isfinite(value) for value in values):
        return np.array(values, dtype=np.float64)
    arrays = [numbers(f"The parameter {name}", value) for name, value in zip(names, values, strict=True)]
    for name, array in zip(names, arrays, strict=True):
        if array.shape not in {(), (m,)}:
            shape = "one number" if m is None else f"one number or one for each of the {m} trajectories"
            raise ValueError(f"The parameter {name} takes {shape}.")
    if all(array.ndim == 0 for array in arrays):
        return np.array([float(array) for array in arrays])
    return np.array([np.broadcast_to(array, (m,)) for array in arrays])  # type: ignore[arg-type]


def tolerances(rtol: float, atol: float | ArrayLike, n_states: int) -> tuple[float, Floats]:
    """The relative tolerance, and the absolute one as (n_states, 1)."""
    if not (isinstance(rtol, int | float | np.floating) and 0 < rtol < 1):
        raise ValueError("rtol has to be a number between 0 and 1.")
    array = numbers("atol", atol)
    values = [array.item()] * n_states if array.ndim == 0 else array.tolist()
    if array.ndim > 1 or len(values) != n_states or min(values) < 0:
        raise ValueError("atol takes one number, or one per state, not below zero.")
    # Rounding errors alone are about this large: smaller tolerances would never be met.
    return max(float(rtol), 1e-14), np.array([[max(value, 1e-150)] for value in values])


def method_of(method: str) -> Method:
    """The method by name."""
    if method not in _METHODS:
        raise unknown_name("method", str(method), _METHODS)
    return _METHODS[method]


def longest_step(max_step: float | None) -> float:
    """The longest step allowed, positive; by default infinite."""
    if max_step is None:
        return math.inf
    if isinstance(max_step, bool) or not (isinstance(max_step, int | float | np.floating) and max_step > 0):
        raise ValueError("max_step has to be a positive number.")
    return float(max_step)


def fixed_step(step: float | None, span: tuple[float, float]) -> float:
    """The step, positive; by default a thousandth of the span."""
    if step is None:
        length = abs(span[1] - span[0])
        return length / 1000 or length  # a thousandth of the smallest numbers is zero
    if not (math.isfinite(step) and step > 0):
        raise ValueError("The step has to be a positive number.")
    return float(step)


def step_cap(max_steps: int) -> int:
    """How many steps are allowed, at least one. More than anybody can wait for are as many as can be counted."""
    if isinstance(max_steps, bool) or not (isinstance(max_steps, int | np.integer) and max_steps > 0):
        raise ValueError("max_steps has to be a positive whole number.")
    return min(int(max_steps), _MOST_STEPS)


def box(system: AnySystem, bounds: Mapping[str, tuple[float, float]]) -> Floats:
    """Bounds by name as (n_states, 2)."""
    for name in bounds:
        if name not in system.states:
            raise unknown_name("state", name, system.states)
    missing = [name for name in system.states if name not in bounds]
    if missing:
        raise ValueError(f"Bounds are missing for {', '.join(missing)}.")
    return np.array([interval(name, bounds[name]) for name in system.states])


def interval(name: str, pair: Sequence[float]) -> tuple[float, float]:
    """Low and high."""
    values = numbers(f"The range of {name}", pair)
    if values.shape != (2,) or not values[0] < values[1]:
        raise ValueError(f"The range of {name} takes two numbers, low and high.")
    return float(values[0]), float(values[1])


def _overridden(kind: str, names: Sequence[str], own: Sequence[float], given: Mapping[str, Any]) -> list[Any]:
    for name in given:
        if name not in names:
            raise unknown_name(kind, name, names)
    return [given.get(name, value) for name, value in zip(names, own, strict=True)]


def _count(system: AnySystem) -> str:
    n = len(system.states)
    return f"{n} number{'s' if n > 1 else ''} ({', '.join(system.states)})"


def number(what: str, value: Any) -> float:
    """One finite number."""
    array = numbers(what, value)
    if array.ndim:
        raise ValueError(f"{what}: expected one number.")
    return float(array)
