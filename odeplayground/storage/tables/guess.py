"""What the columns of a table probably are."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from odeplayground.spec.columns import ColumnRole, ColumnUse
from odeplayground.storage.tables.table import Column, Floats, Table
from odeplayground.storage.tables.titles import state_name

MOST_STATES = 8
"""Further columns are left out at first."""
_SURELY = re.compile(r"(?:t|time|zeit|date|datetime|timestamp)(?:[ _.].*)?", re.IGNORECASE)
_TIMES = re.compile(
    r"(?:t|times?|zeit|temps|tiempo|dates?|datetime|timestamp|years?|months?|weeks?|days?|hours?|hrs?|h|minutes?|mins?|"
    r"seconds?|secs?|s|ms|jahr|tag)(?:[ _.].*)?",
    re.IGNORECASE,
)
_TRAJECTORIES = re.compile(
    r"(?:id|traj|trajectory|trajectories|run|runs|series|subject|patient|group|replicate|rep|experiment|individual|"
    r"animal|batch|unit|culture)(?:[ _.]?(?:id|no|nr|number|name)\.?)?",
    re.IGNORECASE,
)
_UNITS = {"year": "a", "week": "weeks", "day": "d", "hour": "h", "minute": "min", "second": "s"}
"""Of a time whose title says it."""
_RESTARTS = 0.25
"""A time that falls back in a larger share of its steps is none."""
_NAMES = ("x", "y", "z", "w", "u", "v", "p", "q")
"""Of states without titles."""


def guess(table: Table, states: Sequence[str] = ()) -> tuple[ColumnUse, ...]:
    """A use for every column. States with these names are found whatever their number; others are at most eight."""
    columns = table.columns
    roles = [ColumnRole.STATE if _is_numeric(column) else ColumnRole.IGNORED for column in columns]
    time = _time(columns)
    if time is not None:
        roles[time] = ColumnRole.TIME
    trajectory = _trajectory(columns, roles)
    if trajectory is not None:
        roles[trajectory] = ColumnRole.TRAJECTORY
    for i in _row_numbers(columns):
        if i != time and len(columns) > 2:
            roles[i] = ColumnRole.IGNORED
    return _named(columns, roles, states)


def _named(columns: Sequence[Column], roles: list[ColumnRole], states: Sequence[str]) -> tuple[ColumnUse, ...]:
    taken: list[str] = []
    uses = []
    for column, role in zip(columns, roles, strict=True):
        if role is ColumnRole.STATE and len(taken) >= MOST_STATES and column.title not in states:
            role = ColumnRole.IGNORED
        title = column.title or _NAMES[len(taken) % len(_NAMES)]
        name = state_name(title, taken)
        if role is ColumnRole.STATE:
            taken.append(name)
        unit = column.unit or (_unit_in(column.title) if role is ColumnRole.TIME else "")
        uses.append(ColumnUse(role, name, unit))
    return tuple(uses)


def _unit_in(title: str) -> str:
    return _UNITS.get(title.lower().removesuffix("s"), "") if title.lower() != "ms" else "ms"


def _is_numeric(column: Column) -> bool:
    """Whether most entries are numbers, and not all the same."""
    if column.n_known <= len(column.texts) or column.n_known < 2:
        return False
    known = column.values[np.isfinite(column.values)]
    return bool(known.min() < known.max())


def _time(columns: Sequence[Column]) -> int | None:
    """The column with a title like that of a time, or else the first one that increases."""
    numeric = [i for i, column in enumerate(columns) if _is_numeric(column)]
    sure = [i for i in numeric if columns[i].since or _SURELY.fullmatch(columns[i].title)]
    running = [i for i in numeric if _runs(columns[i].values)]
    titled = [i for i in running if _TIMES.fullmatch(columns[i].title)]
    return next(iter(sure or titled or running), None)


def _runs(values: Floats) -> bool:
    """Whether numbers increase, but for the beginnings of further trajectories; or all decrease."""
    steps = np.diff(values[np.isfinite(values)])
    return bool(len(steps) > 0 and ((steps <= 0).mean() <= _RESTARTS or (steps < 0).all()))


def _trajectory(columns: Sequence[Column], roles: Sequence[ColumnRole]) -> int | None:
    """A column with a title like that of a number of trajectories, or with texts that come again."""
    free = [i for i, role in enumerate(roles) if role is not ColumnRole.TIME]
    titled = [i for i in free if _TRAJECTORIES.fullmatch(columns[i].title) and _comes_again(columns[i])]
    worded = [i for i in free if columns[i].texts and not columns[i].n_known and _comes_again(columns[i])]
    return next(iter(titled or worded), None)


def _comes_again(column: Column) -> bool:
    known = column.values[np.isfinite(column.values)]
    different = len(np.unique(known)) + len(set(column.texts.values()))
    return 1 < different <= (len(known) + len(column.texts)) / 4


def _row_numbers(columns: Sequence[Column]) -> list[int]:
    """Columns without a title that count the rows, as some programs write them first."""
    return [
        i
        for i, column in enumerate(columns)
        if not column.title and any(c.title for c in columns) and bool((np.diff(column.values) == 1).all())
    ]
