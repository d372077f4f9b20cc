"""Orbit diagrams: what a system ends up doing, over one parameter. Where it is chaotic, columns are filled."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from odeplayground.dynamics import arguments
from odeplayground.dynamics.arrays import Floats, Integers
from odeplayground.dynamics.evaluate import evaluate
from odeplayground.dynamics.simulate import simulate_many
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import AnySystem, LearnedSystem

AT_ONCE = 64
"""Columns that are solved together."""
SAMPLES = 4000
"""Samples per column among which maxima are looked for."""
TURNS = 200
"""Samples per column at multiples of a given period."""
SPANS = 5.0
"""The transient and the time that is looked at, in time spans of the system."""
FLAT = 1e-7
"""Maxima of an oscillation this small, relative to the values, are those of a state at rest."""


class OrbitColumns(msgspec.Struct, frozen=True, eq=False):
    """Some more points of an orbit diagram."""

    parameter: Floats
    """(k,), each value as often as there are points above it."""
    value: Floats
    """(k,)"""
    share: float
    """How much of the whole is done."""


class OrbitDiagram(msgspec.Struct, frozen=True, eq=False):
    """The points of an orbit diagram, by ascending parameter and value."""

    parameter_name: str
    observed: str
    parameter: Floats
    """(k,), each value as often as there are points above it."""
    value: Floats
    """(k,)"""
    columns: Floats
    """The values of the parameter that were looked at, ascending."""
    message: str

    def column(self, parameter: float) -> Floats:
        """The values above the column nearest to a parameter, ascending."""
        nearest = self.columns[np.argmin(np.abs(self.columns - parameter))]
        result: Floats = self.value[self.parameter == nearest]
        return result


Growth = Generator[OrbitColumns, None, OrbitDiagram]


def orbit_diagram(
    system: AnySystem,
    parameter: str,
    bounds: Sequence[float],
    observe: str,
    *,
    extremum: str = "maxima",
    period: float | None = None,
    window: Sequence[float] | None = None,
    initial: Mapping[str, float] | ArrayLike | None = None,
    parameters: Mapping[str, float] | None = None,
    columns: int = 400,
    transient: float | None = None,
    time: float | None = None,
    on_event: Callable[[OrbitColumns], object] | None = None,
    cancel: CancelToken | None = None,
) -> OrbitDiagram:
    """The maxima of a state after a transient, or its values once per period, for many values of a parameter.

    All columns are solved at once in native code, a few dozen at a time, coarse first and then those between. A
    maximum is where the exact derivative changes its sign between samples; its value is that of the cubic through
    both samples (an error of the fourth order). To look closer at a box, give its sides as ``bounds`` and ``window``.

    Args:
        system: typed equations, which may depend on time.
        parameter: the name of the parameter that varies.
        bounds: its low and high.
        observe: the state that is looked at.
        extremum: ``"maxima"`` or ``"minima"``.
        period: of a driven system: values at multiples of it instead of extrema.
        window: low and high of values; others are left out.
        initial: where each column starts, as for :func:`simulate`.
        parameters: values that replace the system's own, by name.
        columns: how many values of the parameter.
        transient: time that is not looked at; by default five time spans of the system.
        time: time that is looked at; by default as long, or 200 periods.
        on_event: called with :class:`OrbitColumns` as they come.
        cancel: looked at before every step; what was found by then is given.

    Raises:
        ValueError: for a wrong argument, or a trained network, which has no parameters.
    """
    growing = orbit_growth(
        system, parameter, bounds, observe,
        extremum=extremum, period=period, window=window, initial=initial, parameters=parameters, columns=columns,
        transient=transient, time=time, cancel=cancel,
    )  # fmt: skip
    while True:
        try:
            event = next(growing)
        except StopIteration as end:
            result: OrbitDiagram = end.value
            return result
        if on_event is not None:
            on_event(event)


def orbit_growth(
    system: AnySystem,
    parameter: str,
    bounds: Sequence[float],
    observe: str,
    *,
    extremum: str = "maxima",
    period: float | None = None,
    window: Sequence[float] | None = None,
    initial: Mapping[str, float] | ArrayLike | None = None,
    parameters: Mapping[str, float] | None = None,
    columns: int = 400,
    transient: float | None = None,
    time: float | None = None,
    cancel: CancelToken | None = None,
) -> Growth:
    """The same as a generator of events that can be left at any time; its return value is the diagram.

    Arguments are checked at once, before the first event.
    """
    if isinstance(system, LearnedSystem):
        raise ValueError("A trained network has no parameter that could be varied.")
    if parameter not in system.parameters:
        raise arguments.unknown_name("parameter", parameter, system.parameters)
    if observe not in system.states:
        raise arguments.unknown_name("state", observe, system.states)
    if extremum not in {"maxima", "minima"}:
        raise ValueError('The extremum is "maxima" or "minima".')
    if isinstance(columns, bool) or not (isinstance(columns, int) and columns >= 2):
        raise ValueError("An orbit diagram has at least 2 columns.")
    span = SPANS * abs(system.t_span[1] - system.t_span[0])
    before = span if transient is None else arguments.number("The transient", transient)
    after = span if time is None else arguments.number("The time", time)
    if period is not None and not arguments.number("The period", period) > 0:
        raise ValueError("The period has to be a time above zero.")
    if before < 0 or after <= 0:
        raise ValueError("The transient cannot be below zero, and the time that is looked at has to be above.")
    places = np.linspace(*arguments.interval(parameter, bounds), columns)
    limits = (-np.inf, np.inf) if window is None else arguments.interval(observe, window)
    state = arguments.initial_state(system, initial)
    arguments.parameter_values(system, parameters)  # refuses what is wrong before the first event
    if period is None:
        times: Floats = np.linspace(before, before + after, SAMPLES)
    else:
        first = int(np.ceil(before / period))
        count = TURNS if time is None else max(1, int(after / period))
        times = np.asarray(period * np.arange(first, first + count), dtype=np.float64)
    sampler = _Sampler(system, parameter, observe, extremum, period is None, times, state, dict(parameters or {}))
    return _growing(sampler, places, limits, cancel)


class _Sampler(msgspec.Struct, frozen=True, eq=False):
    """What does not change from column to column."""

    system: AnySystem
    parameter: str
    observe: str
    extremum: str
    extrema: bool
    times: Floats
    state: Floats
    parameters: dict[str, float]

    def columns(self, places: Floats, cancel: CancelToken | None) -> tuple[Floats, Floats]:
        """Parameters and values (k,) of the points above some places (m,)."""
        starts = np.tile(self.state, (places.size, 1))
        here: dict[str, ArrayLike] = {**self.parameters, self.parameter: places}
        ensemble = simulate_many(
            self.system, starts, here, (0.0, float(self.times[-1])), self.times, rtol=1e-8, atol=1e-10, cancel=cancel
        )
        at = self.system.states.index(self.observe)
        values = ensemble.y[:, at]
        if not self.extrema:
            finite = np.isfinite(values)
            lanes = np.nonzero(finite)[0]
            return places[lanes], values[finite]
        sign = 1.0 if self.extremum == "maxima" else -1.0
        count = self.times.size
        rows = ensemble.y.transpose(0, 2, 1).reshape(-1, len(self.system.states))
        good = np.isfinite(rows).all(axis=1)
        by_sample: dict[str, ArrayLike] = {**self.parameters, self.parameter: np.repeat(places, count)[good]}
        rates = np.full(good.size, np.nan)
        times = np.tile(self.times, places.size)[good]
        if good.any():
            rates[good] = evaluate(self.system, rows[good], times, by_sample)[:, at]
        lanes, peaks = _maxima(sign * values, sign * rates.reshape(values.shape), self.times[1] - self.times[0])
        return places[lanes], sign * peaks


def _maxima(values: Floats, rates: Floats, step: float) -> tuple[Integers, Floats]:
    """Which lanes (k,) have maxima, and how high they are (k,), from values and rates (m, samples)."""
    resting = np.ptp(values, axis=1) <= FLAT * (1.0 + np.abs(values).max(axis=1))
    turning = (rates[:, :-1] > 0) & (rates[:, 1:] <= 0) & ~resting[:, None]
    lanes, at = np.nonzero(turning)
    a, b = values[lanes, at], values[lanes, at + 1]
    rising, falling = step * rates[lanes, at], step * rates[lanes, at + 1]
    # The cubic of Hermite, a + s (rising + s (second + s third)); its derivative vanishes once in between.
    second = 3 * (b - a) - 2 * rising - falling
    third = 2 * (a - b) + rising + falling
    root = np.sqrt(np.maximum(second**2 - 3 * third * rising, 0.0))
    share = np.clip(rising / np.maximum(root - second, 1e-300), 0.0, 1.0)
    peaks = a + share * (rising + share * (second + share * third))
    still = np.flatnonzero(resting & np.isfinite(values[:, -1]))
    return np.concatenate([lanes, still]), np.concatenate([peaks, values[still, -1]])


def _growing(sampler: _Sampler, places: Floats, limits: tuple[float, float], cancel: CancelToken | None) -> Growth:
    found: list[tuple[Floats, Floats]] = []
    done: list[Floats] = []
    count = 0
    for chosen in _coarse_first(places.size):
        if cancel is not None and cancel.cancelled:
            break
        with np.errstate(all="ignore"):
            parameter, value = sampler.columns(places[chosen], cancel)
        inside = (value >= limits[0]) & (value <= limits[1])
        found.append((parameter[inside], value[inside]))
        done.append(places[chosen])
        count += chosen.size
        yield OrbitColumns(*found[-1], count / places.size)
    parameter, value = (np.concatenate([pair[k] for pair in found] or [np.empty(0)]) for k in (0, 1))
    order = np.lexsort((value, parameter))
    looked_at = np.sort(np.concatenate(done or [np.empty(0)]))
    message = f"{value.size} points above {looked_at.size} values of {sampler.parameter}."
    if looked_at.size < places.size:
        message = f"Stopped on request: {message}"
    return OrbitDiagram(sampler.parameter, sampler.observe, parameter[order], value[order], looked_at, message)


def _coarse_first(count: int) -> Iterator[Integers]:
    """Indices up to a count, a few at a time: evenly over the whole first, then those between."""
    stride = 1
    while count > AT_ONCE * stride:
        stride *= 2
    seen = np.zeros(count, dtype=bool)
    while stride:
        rest = np.arange(0, count, stride)
        rest = rest[~seen[rest]]
        seen[rest] = True
        for begin in range(0, rest.size, AT_ONCE):
            yield rest[begin : begin + AT_ONCE]
        stride //= 2
