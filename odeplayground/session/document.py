"""The document: the current experiment, its history, and whether it is saved."""

from __future__ import annotations

from pathlib import Path

import msgspec

from odeplayground.session.signal import Signal
from odeplayground.spec import Experiment

LIMIT = 500
"""Undo steps that are kept."""

_File = tuple[Path | None, Experiment | None]
"""A project file, if there is one, and what it (or the fresh document) holds."""


class _Entry(msgspec.Struct, frozen=True):
    """A snapshot to go back (or forward) to, and the name of the edit between it and its neighbour."""

    experiment: Experiment
    label: str
    file: _File | None = None
    """That of the neighbour, where it is another document."""


class Document:
    """Holds one frozen experiment; every edit replaces it and can be undone.

    Edits that share a ``merge`` key and follow each other directly become one undo entry, as the many
    small changes of a dragged slider do; :meth:`seal` ends such a run.
    """

    changed = Signal(Experiment, Experiment, str)
    """The experiment before, the experiment now, and the label of the edit."""
    saved = Signal()
    """The document was saved or got another file; ``path`` and ``dirty`` may be different now."""
    leaving = Signal()
    """Another document is about to come. What belongs to this one can still be put into it with :meth:`amend`."""

    def __init__(self, experiment: Experiment, path: Path | None = None) -> None:
        self._experiment = experiment
        self._clean: Experiment | None = experiment
        self._path = path
        self._undo: list[_Entry] = []
        self._redo: list[_Entry] = []
        self._merge: str | None = None

    @property
    def experiment(self) -> Experiment:
        """The current snapshot."""
        return self._experiment

    @property
    def path(self) -> Path | None:
        """The project file, if there is one."""
        return self._path

    @property
    def dirty(self) -> bool:
        """Whether there is something that the file (or the fresh document) does not have."""
        return self._clean is None or self._experiment != self._clean

    @property
    def undo_label(self) -> str | None:
        """What undo would take back."""
        return self._undo[-1].label if self._undo else None

    @property
    def redo_label(self) -> str | None:
        """What redo would do again."""
        return self._redo[-1].label if self._redo else None

    def apply(self, new: Experiment, label: str, merge: str | None = None) -> None:
        """Make this the current experiment, as one undoable edit. Nothing happens if nothing changed."""
        old = self._experiment
        if new == old:
            return
        if merge is None or merge != self._merge or not self._undo:
            self._undo.append(_Entry(old, label))
            del self._undo[:-LIMIT]
        self._merge = merge
        self._redo.clear()
        self._set(new, label)

    def amend(self, new: Experiment, label: str) -> None:
        """Change the current experiment without an undo entry of its own.

        For what is not an edit of the model: which curve is selected, a report that arrives later.
        """
        if new != self._experiment:
            self._set(new, label)

    def seal(self, merge: str | None = None) -> None:
        """End a run of merged edits (``merge``: if it is this one): the next one begins a new undo entry."""
        if merge is None or merge == self._merge:
            self._merge = None

    def undo(self) -> None:
        """Go back by one entry, if there is one."""
        self._travel(self._undo, self._redo)

    def redo(self) -> None:
        """Do again what was undone last, if anything."""
        self._travel(self._redo, self._undo)

    def replace(self, experiment: Experiment, path: Path | None = None, *, saved: bool = True) -> None:
        """Begin with this document: no history. ``saved=False`` marks a recovered one, which no file has yet."""
        self._undo.clear()
        self._redo.clear()
        self._switch(experiment, (path, experiment if saved else None), "Open")

    def open(self, experiment: Experiment, label: str, path: Path | None = None) -> None:
        """Go on with another document. Undo brings back this one, saved or not."""
        self.leaving.emit()
        self._undo.append(_Entry(self._experiment, label, self._file))
        del self._undo[:-LIMIT]
        self._redo.clear()
        self._switch(experiment, (path, experiment), label)

    def mark_saved(self, path: Path) -> None:
        """The current experiment is what this file holds."""
        self._path = path
        self._clean = self._experiment
        self.seal()
        self.saved.emit()

    def _travel(self, source: list[_Entry], target: list[_Entry]) -> None:
        self.seal()
        if not source:
            return
        entry = source.pop()
        if entry.file is None:
            target.append(_Entry(self._experiment, entry.label))
            self._set(entry.experiment, entry.label)
        else:
            self.leaving.emit()
            target.append(_Entry(self._experiment, entry.label, self._file))
            self._switch(entry.experiment, entry.file, entry.label)

    @property
    def _file(self) -> _File:
        return self._path, self._clean

    def _switch(self, experiment: Experiment, file: _File, label: str) -> None:
        self._merge = None
        self._path, self._clean = file
        self._set(experiment, label)
        self.saved.emit()

    def _set(self, new: Experiment, label: str) -> None:
        old, self._experiment = self._experiment, new
        self.changed.emit(old, new, label)
