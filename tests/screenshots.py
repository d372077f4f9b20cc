"""Takes pictures from the real app: those of the README, and more to look through: ``make screenshots``."""

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
from odeplayground.gui.gallery.gallery import GallerySheet
from odeplayground.gui.gallery.new_system import NewSystemSheet
from odeplayground.gui.main_window import MainWindow
from odeplayground.gui.theme import theme
from odeplayground.session import bifurcation_edits
from odeplayground.session.session import FIRST
from odeplayground.spec import DiagramKind

FOLDER = assets.resources() / "screenshots"
TO_LOOK_THROUGH = Path("build") / "screenshots"
"""Pictures of every panel and dialog; not kept."""
SIZES = ((1280, 800), (1920, 1080))
LOOKS = ("light", "dark")


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


def gallery(photographer: Photographer) -> None:
    """The gallery and the templates, in both looks and two sizes."""
    window = photographer.window
    pictures = window.session.gallery
    for look in LOOKS:
        for width, height in SIZES:
            photographer.set_up(look, width, height)
            window.commands.run("choose_system")
            sheet = window.findChild(GallerySheet)
            photographer.until(lambda: all(pictures.picture(card.key) for card in pictures.cards()))
            photographer.wait(0.7)
            photographer.take(f"gallery-{look}-{width}", TO_LOOK_THROUGH)
            sheet.close_sheet()
            window.commands.run("new_system")
            photographer.wait(1)
            photographer.take(f"new-system-{look}-{width}", TO_LOOK_THROUGH)
            window.findChild(NewSystemSheet).close_sheet()


def presets(photographer: Photographer) -> None:
    """The first picture of every preset."""
    window = photographer.window
    photographer.set_up("light", 1280, 800)
    for card in window.session.gallery.cards():
        window.session.open_preset(card.key)
        photographer.wait(0.3)
        photographer.until(lambda: not window.session.simulation.busy)
        start, end = window.session.playback.span
        photographer.at(start + 0.35 * (end - start))
        photographer.take(f"preset-{card.key}", TO_LOOK_THROUGH)


DIAGRAMS = (
    ("brusselator", "b", DiagramKind.BRANCHES),
    ("fitzhugh-nagumo", "I", DiagramKind.BRANCHES),
    ("lorenz", "rho", DiagramKind.BRANCHES),
    ("pitchfork", "r", DiagramKind.BRANCHES),
    ("roessler", "c", DiagramKind.ORBITS),
    ("driven-pendulum", "", DiagramKind.BRANCHES),
)


def bifurcations(photographer: Photographer) -> None:
    """Bifurcation diagrams beside their portraits, in both looks and two sizes."""
    session = photographer.window.session
    for look in LOOKS:
        for width, height in SIZES:
            photographer.set_up(look, width, height)
            for preset, parameter, kind in DIAGRAMS:
                session.open_preset(preset)
                wanted = bifurcation_edits.show(session.document.experiment, True)
                wanted = bifurcation_edits.choose_kind(wanted, kind)
                if parameter:
                    wanted = bifurcation_edits.choose_parameter(wanted, parameter)
                session.document.apply(wanted, "Open the bifurcation diagram")
                photographer.wait(0.3)
                photographer.until(lambda: not session.diagram.busy and not session.simulation.busy)
                photographer.at(session.playback.span[0])
                photographer.take(f"bifurcation-{preset}-{look}-{width}", TO_LOOK_THROUGH)
    session.document.apply(bifurcation_edits.show(session.document.experiment, False), "Close")


SETS = {"bifurcations": bifurcations, "gallery": gallery, "presets": presets, "readme": readme}


def main(names: list[str]) -> int:
    """Take the named sets, or all of them."""
    photographer = Photographer()
    for name in names or SETS:
        photographer.window.session.open_preset(FIRST)
        SETS[name](photographer)
    photographer.window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
