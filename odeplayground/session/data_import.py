"""Loading measured data from a file: what was read, what its columns are used for, and what that gives."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from odeplayground.jobs import Body, CancelToken, Done, Failed, Job, JobFactory, Progress, Runner
from odeplayground.session import data_edits
from odeplayground.session.errors import UserError
from odeplayground.session.files import told
from odeplayground.session.signal import Signal
from odeplayground.spec import ColumnRole, ColumnUse, Experiment

if TYPE_CHECKING:
    from odeplayground.storage.tables import CellProblem as CellProblem
    from odeplayground.storage.tables import Reading
    from odeplayground.storage.tables import Table as Table

DATA = "data"
"""The channel."""
_TOLD = 5
"""Faulty lines that are told of, where nobody looks at the table."""


class DataImport:
    """One file at a time. Files are read, and samples taken out of them, in the background."""

    changed = Signal()
    """Anything may be different now."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._clear()

    def _clear(self) -> None:
        self.path: Path | None = None
        self.states: tuple[str, ...] = ()
        """Those of the system that the data may be for."""
        self.share = 0.0
        """Of the file that has been read."""
        self.problem = ""
        """Why the file cannot be read."""
        self.table: Table | None = None
        self.uses: tuple[ColumnUse, ...] = ()
        """What each column is used for."""
        self.for_system = False
        """Whether the data are for the system that is there, and not for a new one."""
        self.without_faults = False
        """Whether lines that cannot be read are left out."""
        self.reading: Reading | None = None
        """What the choices give; ``None`` while that is being found out."""

    # What is asked

    def open(self, path: Path, experiment: Experiment) -> None:
        """Read a file."""
        self._clear()
        self.path, self.states = path, experiment.system.states
        self._runner.submit(DATA, _table_job(path, self.states))
        self.changed.emit()

    def close(self) -> None:
        """Nobody waits for it any more."""
        self._runner.cancel(DATA)
        self._clear()

    def set_target(self, *, for_system: bool) -> None:
        """Take the data for the system that is there, or for a new one; uses are guessed anew."""
        if self.table is None or for_system == self.for_system:
            return
        self.for_system = for_system
        self.uses = _guess(self.table, self.states if for_system else ())
        self._read()

    def set_use(self, column: int, role: ColumnRole, name: str = "") -> None:
        """Use a column for something else; there is one time and one column of trajectories, each state is one column.

        ``name`` is that of a state; empty: as its title says.
        """
        old = self.uses[column]
        uses = list(self.uses)
        uses[column] = msgspec.structs.replace(old, role=role, name=name or old.name)
        single = role in (ColumnRole.TIME, ColumnRole.TRAJECTORY)
        for i, use in enumerate(self.uses):
            same_state = role is ColumnRole.STATE and self.for_system and use.name == uses[column].name
            if i != column and use.role is role and (single or same_state):
                uses[i] = msgspec.structs.replace(use, role=ColumnRole.IGNORED)
        self.uses = tuple(uses)
        self._read()

    def leave_out_faults(self) -> None:
        """Leave out the lines that cannot be read."""
        self.without_faults = True
        self._read()

    def _read(self) -> None:
        assert self.table is not None
        assert self.path is not None
        self.reading = None
        self._runner.submit(DATA, _reading_job(self.table, self.uses, self.path.name, self.without_faults))
        self.changed.emit()

    # What comes of it

    @property
    def why_not(self) -> str:
        """Why the data cannot be taken now; empty if they can."""
        if self.problem or self.reading is None:
            return self.problem or "The file is being read."
        if self.reading.samples is None:
            return self.reading.sentence
        missing = [name for name in self.states if name not in self.reading.samples.states]
        if self.for_system and missing:
            return f"Choose the column that is the state {missing[0]}, or begin a new system with these data."
        wrong = "" if self.for_system else _name_problem(self.reading.samples.states)
        return wrong

    def result(self, experiment: Experiment) -> Experiment:
        """The experiment with the data, or a new one.

        Raises:
            UserError: as :attr:`why_not` says.
        """
        from odeplayground.storage import tables

        if self.why_not:
            raise UserError(self.why_not)
        assert self.table is not None
        assert self.reading is not None
        assert self.reading.samples is not None
        assert self.path is not None
        samples, units = self.reading.samples, tables.units_of(self.table, self.uses)
        if self.for_system:
            return data_edits.with_data(experiment, samples, units)
        return data_edits.unknown_system(samples, units, self.path.stem)

    def handle(self, body: Body) -> None:
        """Take in a message of the channel."""
        match body:
            case Progress(share):
                self.share = share
            case Done((table, uses, for_system)):
                self.table, self.uses, self.for_system = table, uses, for_system
                self._read()
                return
            case Done(reading):
                self.reading = reading
            case Failed(sentence):
                self.problem = sentence
        self.changed.emit()


def experiment_of(path: Path) -> Experiment:
    """A new system with the data of a file, where nobody is asked what its columns are.

    Raises:
        UserError: it cannot be read as it is; the sentences say where.
    """
    from odeplayground.storage import tables

    with told():
        table = tables.at_once(tables.load(path), path.name)
    uses = tables.guess(table)
    reading = tables.read(table, uses, path.name)
    if reading.samples is None:
        places = [f"Line {one.line}: {one.message}" for one in reading.problems[:_TOLD]]
        raise UserError("\n".join((f"{path.name}: {reading.sentence}", *places)))
    return data_edits.unknown_system(reading.samples, tables.units_of(table, uses), path.stem)


def _table_job(path: Path, states: tuple[str, ...]) -> JobFactory:
    """Yields the share of the file that is read; returns the table, uses for its columns, and whether they are those
    of the states.
    """

    def job(cancel: CancelToken) -> Job:
        from odeplayground.storage import tables

        yield 0.0
        table = yield from tables.parse(tables.load(path), path.name)
        uses = _guess(table, states)
        fits = {use.name for use in uses if use.role is ColumnRole.STATE} == set(states)
        titled = fits and _are_titles(table, states)
        return table, uses if titled else _guess(table, ()), titled

    return job


def _reading_job(table: Table, uses: tuple[ColumnUse, ...], source: str, without_faults: bool) -> JobFactory:
    def job(cancel: CancelToken) -> Job:
        from odeplayground.storage import tables

        yield from ()
        return tables.read(table, uses, source, without_faults=without_faults)

    return job


def _guess(table: Table, states: Sequence[str]) -> tuple[ColumnUse, ...]:
    """What the columns probably are; for these states by their titles, or else in their order."""
    from odeplayground.storage import tables

    uses = tables.guess(table, states)
    if not states:
        return uses
    by_title = _by_title(uses, table, states)
    named = [use.name for use in by_title.values()]
    rest = [name for name in states if name not in named] if not named else []
    result = []
    for i, use in enumerate(uses):
        if use.role is ColumnRole.STATE:
            if i in by_title:
                use = by_title[i]
            elif rest:
                use = msgspec.structs.replace(use, name=rest.pop(0))
            else:
                use = msgspec.structs.replace(use, role=ColumnRole.IGNORED)
        result.append(use)
    return tuple(result)


def _by_title(uses: Sequence[ColumnUse], table: Table, states: Sequence[str]) -> dict[int, ColumnUse]:
    """The columns with titles like states, each state once."""
    found: dict[int, ColumnUse] = {}
    left = {name.lower(): name for name in states}
    for i, (use, column) in enumerate(zip(uses, table.columns, strict=True)):
        key = next((key for key in (use.name.lower(), column.title.lower()) if key in left), None)
        if use.role is ColumnRole.STATE and key is not None:
            found[i] = msgspec.structs.replace(use, name=left.pop(key))
    return found


def _are_titles(table: Table, states: Sequence[str]) -> bool:
    from odeplayground.storage import tables

    return len(_by_title(tables.guess(table, states), table, states)) == len(states)


def _name_problem(states: Sequence[str]) -> str:
    """Why these cannot be the names of states; empty if they can."""
    from odeplayground import expr

    names = ", ".join(states)
    result = expr.parse("\n".join(f"{name}' = [?]({names})" for name in states))
    return f"Another name is needed: {result.problems[0].message}" if result.problems else ""
