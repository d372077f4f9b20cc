"""What can be done to the panel of the time series, as pure functions ``Experiment -> Experiment``."""

from __future__ import annotations

import math
from typing import Any

import msgspec

from odeplayground.session import axes
from odeplayground.session.errors import UserError
from odeplayground.session.series import rows
from odeplayground.spec import Experiment, SeriesAxes, SeriesPicture
from odeplayground.spec.series import MOST_EXPRESSIONS

_NARROWEST = 1e-6
"""Of the time span: closer than that there is nothing to see between two samples."""


def set_picture(experiment: Experiment, picture: SeriesPicture) -> Experiment:
    """Series, spectrum or delay."""
    return _with(experiment, picture=picture)


def set_axes(experiment: Experiment, kind: SeriesAxes) -> Experiment:
    """Which rows share an axis."""
    return _with(experiment, axes=kind)


def show(experiment: Experiment, name: str, shown: bool) -> Experiment:
    """Show or hide a row.

    Raises:
        UserError: it is the last one.
    """
    hidden = tuple(other for other in experiment.series.hidden if other != name)
    if not shown:
        hidden = (*hidden, name)
        if all(row.name in hidden for row in rows(experiment)):
            raise UserError("One of them stays. Show another one first.")
    return _with(experiment, hidden=hidden)


def set_log(experiment: Experiment, name: str, log: bool) -> Experiment:
    """Draw a row on a logarithmic axis, or on a plain one."""
    others = tuple(other for other in experiment.series.log if other != name)
    return _with(experiment, log=(*others, name) if log else others)


def add_expression(experiment: Experiment, text: str) -> Experiment:
    """One more row, such as the energy ``omega^2/2 - cos(theta)``.

    Raises:
        UserError: it cannot be read, is there already, or there are too many.
    """
    reading = axes.read(experiment.system, text)
    if reading.problem:
        raise UserError(f"{reading.problem} {reading.suggestion}".strip())
    known = [row.name for row in rows(experiment)]
    if reading.name in known or text.strip() in known:
        raise UserError(f"{reading.name} is in the list already.")
    if len(experiment.series.expressions) >= MOST_EXPRESSIONS:
        raise UserError(f"There can be {MOST_EXPRESSIONS} expressions. Remove one first.")
    return _with(experiment, expressions=(*experiment.series.expressions, reading.name))


def remove_expression(experiment: Experiment, text: str) -> Experiment:
    """One row less."""
    left = tuple(other for other in experiment.series.expressions if other != text)
    hidden = tuple(other for other in experiment.series.hidden if other != text)
    log = tuple(other for other in experiment.series.log if other != text)
    changed = _with(experiment, expressions=left, hidden=hidden, log=log)
    if all(row.name in hidden for row in rows(changed)):
        return _with(changed, hidden=())
    return changed


def set_t_range(experiment: Experiment, low: float, high: float) -> Experiment:
    """Look closer at a part of the time span, moved inside it. The whole span again is no setting."""
    begin, end = experiment.t_span
    length = min(high - low, end - begin)
    if not (math.isfinite(low) and math.isfinite(high)) or length < _NARROWEST * (end - begin):
        return experiment
    low = min(max(low, begin), end - length)
    if length > (1 - 1e-9) * (end - begin):
        return _with(experiment, t_range=None)
    return _with(experiment, t_range=(float(low), float(low + length)))


def show_whole_span(experiment: Experiment) -> Experiment:
    """No zoom."""
    return _with(experiment, t_range=None)


def set_delayed(experiment: Experiment, name: str) -> Experiment:
    """Draw another row against its past, at the delay that suits it."""
    return _with(experiment, delayed=name, delay=None)


def set_delay(experiment: Experiment, delay: float | None) -> Experiment:
    """Another delay; ``None``: the suggested one."""
    if delay is not None and not (math.isfinite(delay) and delay >= 0):
        raise UserError("The delay must be a number from 0 on.")
    return _with(experiment, delay=delay)


def t_range(experiment: Experiment) -> tuple[float, float]:
    """The part of the time span that is shown: the chosen one as far as it lies inside, else all of it."""
    begin, end = experiment.t_span
    chosen = experiment.series.t_range
    if chosen is None:
        return begin, end
    low, high = max(begin, chosen[0]), min(end, chosen[1])
    return (low, high) if high - low > _NARROWEST * (end - begin) else (begin, end)


def _with(experiment: Experiment, **changes: Any) -> Experiment:
    return msgspec.structs.replace(experiment, series=msgspec.structs.replace(experiment.series, **changes))
