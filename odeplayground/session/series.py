"""The rows of the time series: states and typed expressions along a trajectory."""

from __future__ import annotations

import msgspec
import numpy as np

from odeplayground.session import axes
from odeplayground.session.scene import Floats, Trajectory
from odeplayground.spec import Experiment, SeriesAxes

_LIKE = 12.0
"""By size: a state is put on an axis where no other is more than so many times larger,"""
_LOOSE = 3.0
"""or so many times more if it was there before: what is dragged should not jump to and fro."""


class Row(msgspec.Struct, frozen=True):
    """One curve over time."""

    name: str
    """A state, or the text of an expression."""
    index: int
    """Among all states and expressions: its hue."""
    unit: str = ""
    log: bool = False
    typed: bool = False
    """Whether it is an expression."""


def rows(experiment: Experiment) -> tuple[Row, ...]:
    """Every state and every expression that has a meaning, shown or not."""
    settings, states = experiment.series, experiment.system.states
    typed = [text for text in settings.expressions if not axes.read(experiment.system, text).problem]
    return tuple(
        Row(name, i, experiment.units.get(name, ""), name in settings.log, i >= len(states))
        for i, name in enumerate((*states, *dict.fromkeys(typed)))
    )


def shown(experiment: Experiment) -> tuple[Row, ...]:
    """The rows that are drawn: all that are not hidden, and the first if that would be none."""
    known = rows(experiment)
    return tuple(row for row in known if row.name not in experiment.series.hidden) or known[:1]


def values(experiment: Experiment, row: Row, t: Floats, y: Floats) -> Floats:
    """A row (k,) at times (k,) and states (n_states, k); NaN where it means nothing."""
    frame = axes.Frame(experiment.system, tuple(experiment.parameters.items()))
    return axes.values(frame, _axis(experiment, row), t, y)


def values_at(experiment: Experiment, some: tuple[Row, ...], trajectory: Trajectory, time: float) -> list[float]:
    """Rows at one moment; NaN where the solution has ended."""
    if trajectory.has_ended(time):
        return [float("nan")] * len(some)
    state = trajectory.at(time)
    moment = np.array([time])
    return [
        float(values(experiment, row, moment, state[:, None])[0]) if row.typed else float(state[row.index])
        for row in some
    ]


def on_log_axis(numbers: Floats) -> tuple[Floats, int]:
    """Decimal logarithms (k,), NaN where a number is not positive, and how many those are."""
    positive = numbers > 0
    logs = np.full(numbers.shape, np.nan)
    np.log10(numbers, out=logs, where=positive)
    return logs, int(np.count_nonzero(~positive & ~np.isnan(numbers)))


def left_out(names: list[str], counts: list[int], total: int) -> str:
    """What a logarithmic axis cannot show, in a sentence; empty if it shows everything."""
    parts = [f"{name} at {count} of {total} points" for name, count in zip(names, counts, strict=True) if count]
    if not parts:
        return ""
    return f"Left out on the logarithmic axis, not being above zero: {', '.join(parts)}."


def lanes(
    experiment: Experiment, drawn: tuple[Row, ...], sizes: list[float], before: list[list[int]]
) -> list[list[int]]:
    """Which rows share an axis: lists of positions in ``drawn``, from top to bottom.

    ``sizes`` are how far from zero each row goes; ``before`` is the last answer. Rows on a logarithmic axis never
    share one with others.
    """
    kind = experiment.series.axes
    if kind is SeriesAxes.EACH:
        return [[i] for i in range(len(drawn))]
    keys: list[object] = [row.log for row in drawn]
    if kind is SeriesAxes.UNITS:
        keys = [(row.log, row.unit, row.name if row.typed else "") for row in drawn]
    groups: dict[object, list[int]] = {}
    for i, key in enumerate(keys):
        groups.setdefault(key, []).append(i)
    if kind is not SeriesAxes.AUTO:
        return list(groups.values())
    parted = []
    for key, group in groups.items():
        parted += [group] if key is True else _by_size(group, sizes, before)
    return sorted(parted)


def _by_size(group: list[int], sizes: list[float], before: list[list[int]]) -> list[list[int]]:
    """Neighbours in size stay together until the largest is too large for the smallest to be seen."""
    together = {frozenset(lane) for lane in before}
    order = sorted((i for i in group if sizes[i] > 0), key=lambda i: -sizes[i])
    found: list[list[int]] = []
    for i in order:
        largest = sizes[found[-1][0]] if found else 0.0
        likes = _LIKE * (_LOOSE if any({i, found[-1][0]} <= lane for lane in together) else 1.0) if found else 0.0
        if found and largest <= likes * sizes[i]:
            found[-1].append(i)
        else:
            found.append([i])
    flat = [i for i in group if not sizes[i] > 0]
    if not found:
        return [flat] if flat else []
    found[0] += flat
    return [sorted(lane) for lane in found]


def _axis(experiment: Experiment, row: Row) -> str:
    return axes.read(experiment.system, row.name).name if row.typed else row.name
