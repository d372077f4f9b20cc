"""Opens the window, waits, takes pictures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from odeplayground import assets
from odeplayground.gui import app as gui_app
from odeplayground.gui.collector import Collector
from odeplayground.gui.main_window import MainWindow
from odeplayground.gui.theme import theme

FOLDER = assets.resources() / "screenshots"
"""The pictures of the README."""
TO_LOOK_THROUGH = Path("build") / "screenshots"
"""Pictures of every panel and dialog; not kept."""
SIZES = ((1280, 800), (1920, 1080))
LOOKS = ("light", "dark")
PATIENCE = 120.0
"""Seconds."""


class Photographer:
    """One window for all pictures."""

    def __init__(self) -> None:
        self.app: QApplication = gui_app.create_application(["odeplayground"])
        self.window: MainWindow = gui_app.create_window()
        self.collector = Collector(self.app)
        self.window.show()
        self.window.notices.hide_hint()
        self.until(lambda: self.window.session.simulation.scene is not None)

    def close(self) -> None:
        self.window.close()
        self.collector.close()

    def wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.app.processEvents()
            time.sleep(0.005)

    def until(self, happened: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait for something.

        Raises:
            TimeoutError: it did not happen in time.
        """
        end = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > end:
                raise TimeoutError("It did not happen in time.")
            self.wait(0.05)

    def settle(self) -> None:
        """Wait until nothing is computed."""
        session = self.window.session
        self.wait(0.3)
        self.until(lambda: not session.simulation.busy and not session.diagram.busy)

    def set_up(self, look: str, width: int, height: int) -> None:
        theme().set(look)
        self.window.resize(width, height)
        self.window.reset_layout()
        self.wait(1.0)

    def everywhere(self) -> Iterator[str]:
        """Each look at each size, with a name such as ``dark-1280``."""
        for look in LOOKS:
            for width, height in SIZES:
                self.set_up(look, width, height)
                yield f"{look}-{width}"

    def at(self, moment: float) -> None:
        """Show a moment, and hold it."""
        self.window.session.playback.pause()
        self.window.session.playback.seek(moment)
        self.wait(0.3)

    def take(self, name: str, folder: Path = FOLDER) -> None:
        """The window, and what lies above it."""
        self.wait(0.3)
        folder.mkdir(parents=True, exist_ok=True)
        picture = self.window.grab()
        painter = QPainter(picture)
        for popup in self._above():
            painter.drawPixmap(popup.pos() - self.window.pos(), popup.grab())
        painter.end()
        self._save(picture, folder / f"{name}.png")

    def _above(self) -> list:
        tops = [top for top in QApplication.topLevelWidgets() if top.isVisible() and top is not self.window]
        return [top for top in tops if not isinstance(top, MainWindow)]

    def _save(self, picture: QPixmap, path: Path) -> None:
        picture.save(str(path))
        print(f"{path.name} {self.window.width()} x {self.window.height()}")
