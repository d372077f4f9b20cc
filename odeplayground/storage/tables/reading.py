"""From a table and what its columns are used for to samples of trajectories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from odeplayground.spec import Array, Samples
from odeplayground.spec.columns import ColumnRole, ColumnUse
from odeplayground.storage.tables.places import MOST_PROBLEMS, CellProblem
from odeplayground.storage.tables.table import Column, Floats, Table
from odeplayground.storage.tables.words import about, counted

FEWEST = 4
"""Samples of a trajectory, and known values of each of its states, that something can be learned from."""
MOST = 100_000
"""Samples that a training could go through."""
_RESTARTS = 0.25
"""Rows whose time falls back more often than in this share of all steps are in no order at all."""

Rows = NDArray[np.int64]


class Reading(msgspec.Struct, frozen=True):
    """What was read: samples, or what is in the way of them."""

    samples: Samples | None
    sentence: str
    """What was read, or what has to be chosen otherwise."""
    problems: tuple[CellProblem, ...] = ()
    """Entries and lines that cannot be read; the first hundred."""
    notes: tuple[str, ...] = ()
    """What was left out, in sentences."""


def read(table: Table, uses: Sequence[ColumnUse], source: str = "", *, without_faults: bool = False) -> Reading:
    """Take the samples out of a table.

    Rows of a trajectory have the same entry in its column; without such a column a new one begins where the time falls
    back. Missing values of states are NaN. What is shorter than four samples is left out.

    Args:
        table: as :func:`parse` returns it.
        uses: one per column; the order of the states is that of the columns.
        source: what the samples are called, such as the name of the file.
        without_faults: leave out the rows with entries that cannot be read.
    """
    wrong = _choice_problem(uses)
    if wrong:
        return Reading(None, wrong)
    problems = list(_cell_problems(table, uses))
    rows, notes = _rows(table, uses)
    groups = _groups(table, uses, _without(rows, problems))
    twice = [problem for group in groups for problem in _repeated(table, uses, group)]
    problems = sorted((*table.problems, *problems, *twice), key=lambda one: one.line)[:MOST_PROBLEMS]
    if problems and not without_faults:
        return Reading(None, _how_many(problems), tuple(problems), notes)
    groups, step = _thinned([_without(group, twice) for group in groups])
    long_enough = [group for group in groups if _is_enough(table, uses, group)]
    if step > 1:
        notes = (f"Of every {step} rows one is used: more than {MOST:,} samples are of no use.", *notes)
    if problems:
        notes = (f"{counted(len({problem.line for problem in problems}), 'line')} with errors left out.", *notes)
    if len(long_enough) < len(groups):
        short = counted(len(groups) - len(long_enough), "trajectory", "trajectories")
        notes = (*notes, f"{short} with fewer than four samples of each state left out.")
    if not long_enough:
        return Reading(None, "There are too few rows: each trajectory needs four samples.", tuple(problems), notes)
    samples = _samples(table, uses, long_enough, source)
    return Reading(samples, about(samples, _unit_of_time(table, uses)), tuple(problems), notes)


def _without(rows: Rows, problems: Sequence[CellProblem]) -> Rows:
    """The rows that have none of these problems."""
    return rows[~np.isin(rows, [problem.row for problem in problems])] if problems else rows


def _thinned(groups: list[Rows]) -> tuple[list[Rows], int]:
    """Every row, or every second, third and so on; and which."""
    step = max(1, -(-sum(map(len, groups)) // MOST))
    return ([group[::step] for group in groups] if step > 1 else groups), step


def units_of(table: Table, uses: Sequence[ColumnUse]) -> dict[str, str]:
    """Units by the names of the states, and of the time ``t``."""
    found = {use.name: use.unit for use in uses if use.role is ColumnRole.STATE and use.unit}
    time = _unit_of_time(table, uses)
    return found | ({"t": time} if time else {})


def _unit_of_time(table: Table, uses: Sequence[ColumnUse]) -> str:
    return next((use.unit for use in uses if use.role is ColumnRole.TIME), "")


def _choice_problem(uses: Sequence[ColumnUse]) -> str:
    states = _of(uses, ColumnRole.STATE)
    names = [uses[i].name for i in states]
    if not states:
        return "Choose at least one column as a state."
    if len(_of(uses, ColumnRole.TIME)) > 1:
        return "Only one column can be the time."
    if len(_of(uses, ColumnRole.TRAJECTORY)) > 1:
        return "Only one column can tell the trajectories apart."
    doubled = next((name for name in names if names.count(name) > 1), "")
    return f"Two columns are the state {doubled}. Choose another one for one of them." if doubled else ""


def _of(uses: Sequence[ColumnUse], role: ColumnRole) -> list[int]:
    return [i for i, use in enumerate(uses) if use.role is role]


def _column(table: Table, uses: Sequence[ColumnUse], role: ColumnRole) -> Column | None:
    found = _of(uses, role)
    return table.columns[found[0]] if found else None


def _cell_problems(table: Table, uses: Sequence[ColumnUse]) -> Iterator[CellProblem]:
    """Texts among the numbers that are needed, by their lines."""
    needed = _of(uses, ColumnRole.TIME) + _of(uses, ColumnRole.STATE)
    found = sorted((row, i) for i in needed for row in table.columns[i].texts)
    for row, i in found:
        text = table.columns[i].texts[row]
        shown = text if len(text) <= 24 else f"{text[:24]}…"
        yield CellProblem(int(table.lines[row]), f"“{shown}” is not a number that can be used.", row, i)


def _rows(table: Table, uses: Sequence[ColumnUse]) -> tuple[Rows, tuple[str, ...]]:
    """The rows with a time, a trajectory, and any state; and what is said of the others."""
    notes: list[str] = []
    kept = np.ones(table.n_rows, dtype=bool)
    time, trajectory = (_column(table, uses, role) for role in (ColumnRole.TIME, ColumnRole.TRAJECTORY))
    if time is not None:
        has = np.isfinite(time.values)
        has[list(time.texts)] = True  # an error, which is told of
        kept, notes = kept & has, _note(notes, ~has, "without a time")
    if trajectory is not None:
        has = np.isfinite(trajectory.values)
        has[list(trajectory.texts)] = True
        notes, kept = _note(notes, kept & ~has, "without a trajectory"), kept & has
    measured = np.zeros(table.n_rows, dtype=bool)
    for i in _of(uses, ColumnRole.STATE):
        measured |= np.isfinite(table.columns[i].values)
    return np.flatnonzero(kept & measured), tuple(notes)


def _note(notes: list[str], left_out: NDArray[np.bool_], why: str) -> list[str]:
    count = int(left_out.sum())
    return [*notes, f"{counted(count, 'row')} {why} left out."] if count else notes


def _groups(table: Table, uses: Sequence[ColumnUse], rows: Rows) -> list[Rows]:
    """The rows of each trajectory in the order of their times."""
    trajectory = _column(table, uses, ColumnRole.TRAJECTORY)
    time = _column(table, uses, ColumnRole.TIME)
    groups = [rows] if trajectory is None else _by_entry(trajectory, rows)
    if time is None:
        return groups
    if trajectory is None:
        back = np.flatnonzero(np.diff(time.values[rows]) < 0) + 1
        groups = np.split(rows, back) if len(back) <= _RESTARTS * len(rows) else groups
    return [group[np.argsort(time.values[group], kind="stable")] for group in groups]


def _by_entry(column: Column, rows: Rows) -> list[Rows]:
    found: dict[str, list[int]] = {}
    for row in rows.tolist():
        found.setdefault(column.cell(row), []).append(row)
    return [np.array(group, dtype=np.int64) for group in found.values()]


def _repeated(table: Table, uses: Sequence[ColumnUse], group: Rows) -> Iterator[CellProblem]:
    """Rows of a trajectory with the same time as the row before."""
    time = _of(uses, ColumnRole.TIME)
    if not time:
        return
    times = table.columns[time[0]].values[group]
    for i in (np.flatnonzero(np.diff(times) == 0) + 1).tolist():
        row = int(group[i])
        words = f"The time {times[i]:.6g} comes twice. If there are several trajectories, choose the column that tells"
        yield CellProblem(int(table.lines[row]), f"{words} them apart.", row, time[0])


def _how_many(problems: Sequence[CellProblem]) -> str:
    lines = len({problem.line for problem in problems})
    return f"{counted(lines, 'line')} cannot be read." if lines < MOST_PROBLEMS else "Many lines cannot be read."


def _is_enough(table: Table, uses: Sequence[ColumnUse], group: Rows) -> bool:
    known = [np.isfinite(table.columns[i].values[group]).sum() for i in _of(uses, ColumnRole.STATE)]
    return len(group) >= FEWEST and min(known) >= FEWEST


def _samples(table: Table, uses: Sequence[ColumnUse], groups: Sequence[Rows], source: str) -> Samples:
    states, time = _of(uses, ColumnRole.STATE), _column(table, uses, ColumnRole.TIME)

    def times(group: Rows) -> Floats:
        return np.arange(len(group), dtype=float) if time is None else time.values[group]

    return Samples(
        states=tuple(uses[i].name for i in states),
        times=tuple(Array.of(times(group)) for group in groups),
        values=tuple(Array.of(np.stack([table.columns[i].values[group] for i in states])) for group in groups),
        source=source,
    )
