"""All windows of the program: each has a document of its own, and what earlier ones have kept finds a window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QApplication

from odeplayground.session import Session, UserError, keeping
from odeplayground.session.files import is_table
from odeplayground.spec import Experiment

if TYPE_CHECKING:
    from odeplayground.gui.main_window import MainWindow
    from odeplayground.session.keeping import Kept

STEP = 28
"""Pixels between a window and the next."""


class Windows(QObject):
    """Holds the windows that are open; a closed one is let go."""

    def __init__(self) -> None:
        super().__init__(QApplication.instance())
        self._open: list[MainWindow] = []
        self._left_open: list[Kept] = []
        self._lost: list[Kept] = []

    def __iter__(self) -> Iterator[MainWindow]:
        return iter(self._open)

    def __len__(self) -> int:
        return len(self._open)

    def first(self) -> MainWindow:
        """The window of a start, on what the last session left. The others of that session follow when it is shown."""
        self._left_open = keeping.left_open()
        window = self._made(self._left_open[0] if self._left_open else None)
        QTimer.singleShot(0, window, lambda: self._follow(window))
        return window

    def open(
        self, kept: Kept | None = None, path: Path | None = None, document: Experiment | None = None
    ) -> MainWindow:
        """Another window: on a first system, on what a window has kept, on a file, or on a new document.

        Raises:
            UserError: the file cannot be read; there is no window then.
        """
        window = self._made(kept)
        if path is not None:
            try:
                window.session.open_file(path)
            except UserError:
                window.close()
                raise
        if document is not None:
            window.session.begin(document)
        if kept is None and len(self._open) > 1:
            last = self._open[-2]
            window.resize(last.size())
            window.move(last.pos() + QPoint(STEP, STEP))
        window.show()
        return window

    def open_closed(self) -> None:
        """Open the window that was closed last.

        Raises:
            UserError: there is none.
        """
        kept = next(iter(keeping.closed()), None)
        if kept is None:
            raise UserError("No window was closed.")
        self.open(kept)

    def close_all(self) -> None:
        """End the program; every document is kept."""
        for window in reversed(self._open):
            window.close()

    def add(self, window: MainWindow) -> None:
        """Hold this window too."""
        self._open.append(window)

    def open_paths(self, window: MainWindow, paths: Sequence[Path]) -> None:
        """Open the first file in a window and each other one in a window of its own; what cannot be read is told."""
        for number, path in enumerate(paths):
            try:
                if is_table(path):
                    (window if number == 0 else self.open()).commands.open_data(path)
                else:
                    window.session.open_file(path) if number == 0 else self.open(path=path)
            except UserError as error:
                window.notify(str(error))

    def forget(self, window: MainWindow) -> None:
        """It is closed."""
        if window in self._open:
            self._open.remove(window)
            if self._open:
                window.deleteLater()

    def _made(self, kept: Kept | None) -> MainWindow:
        from odeplayground.gui.main_window import MainWindow  # which knows this module

        window = MainWindow(Session())
        window.windows = self
        self._open.append(window)
        if kept is not None:
            window.session.restore(kept)
        return window

    def _follow(self, first: MainWindow) -> None:
        """Open the other windows of the last session, and offer what a crash has taken away."""
        others, self._left_open = self._left_open[1:], []
        for kept in reversed(others):
            self.open(kept)
        self._lost = keeping.lost()
        if self._lost:
            first.raise_()
            sentence, place = _words(self._lost)
            first.notices.offer(sentence, place, "Bring it back", self._bring_back, self._give_up)

    def _bring_back(self) -> None:
        lost, self._lost = self._lost, []
        for number, kept in enumerate(lost):
            window = self._open[0] if self._open else None
            if number == 0 and window is not None and window.session.untouched:
                window.session.restore(kept)
            else:
                self.open(kept)

    def _give_up(self) -> None:
        for kept in self._lost:
            keeping.give_up(kept)
        self._lost = []


def _words(lost: Sequence[Kept]) -> tuple[str, str]:
    """What is said about the windows that were lost."""
    from datetime import datetime  # not needed for the first picture

    names = ", ".join(kept.about.name for kept in lost[:3]) + (f" and {len(lost) - 3} more" if len(lost) > 3 else "")
    moment = datetime.fromtimestamp(lost[0].about.at).strftime("%H:%M on %d %B")
    what = "one document" if len(lost) == 1 else f"{len(lost)} documents"
    epoch = max(kept.about.epoch for kept in lost)
    trained = f" A training was under way; its best weights, of epoch {epoch}, are kept, too." if epoch else ""
    return (
        "The program did not end as it should the last time.",
        f"The work on {what} was kept, last at {moment}: {names}.{trained}",
    )
