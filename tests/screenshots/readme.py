"""The pictures of the README."""

from __future__ import annotations

from tests.screenshots.photographer import Photographer


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
