"""Takes the README's pictures from the real app: ``make screenshots``."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["ODEPLAYGROUND_HOME"] = tempfile.mkdtemp()

from PySide6.QtWidgets import QApplication

from odeplayground import assets
from odeplayground.gui import app as gui_app
from odeplayground.gui.main_window import MainWindow
from odeplayground.gui.theme import theme

FOLDER = assets.resources() / "screenshots"


class Photographer:
    """Opens the window, waits, takes pictures."""

    def __init__(self) -> None:
        self.app: QApplication = gui_app.create_application(["odeplayground"])
        self.window: MainWindow = gui_app.create_window()
        self.window.show()
        self.window.notices.hide_hint()
        self.until(lambda: self.window.session.simulation.scene is not None)

    def wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.app.processEvents()
            time.sleep(0.005)

    def until(self, happened, seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > end:
                raise TimeoutError("It did not happen in time.")
            self.wait(0.05)

    def set_up(self, look: str, width: int, height: int) -> None:
        theme().set(look)
        self.window.resize(width, height)
        self.window.reset_layout()
        self.wait(1.5)

    def at(self, moment: float) -> None:
        self.window.session.playback.pause()
        self.window.session.playback.seek(moment)
        self.wait(0.3)

    def take(self, name: str, folder: Path = FOLDER) -> None:
        self.wait(0.3)
        folder.mkdir(parents=True, exist_ok=True)
        self.window.grab().save(str(folder / f"{name}.png"))
        print(f"{name}.png", self.window.width(), "x", self.window.height())


def readme(photographer: Photographer) -> None:
    """The three pictures of the README."""
    window = photographer.window
    photographer.set_up("light", 1280, 800)
    photographer.at(3.64)
    photographer.take("main-light")
    window.commands.run("train")
    photographer.until(lambda: len(window.session.training.history) > 60)
    photographer.set_up("dark", 1440, 900)
    photographer.at(3.64)
    photographer.take("training-dark")
    photographer.until(lambda: window.session.training.report is not None)
    photographer.set_up("light", 1440, 900)
    window.commands.run("show_error")
    photographer.wait(2)
    photographer.take("error-light")


def main() -> int:
    photographer = Photographer()
    readme(photographer)
    photographer.window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
