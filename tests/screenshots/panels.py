"""Every panel and dialog that is declared, and a training with its outcome."""

from __future__ import annotations

from tests.screenshots.photographer import TO_LOOK_THROUGH, Photographer
from tests.screenshots.places import PLACES, Place

MOMENT = 0.35
"""Share of the time span at which pictures are taken."""


def panels(photographer: Photographer) -> None:
    """In both looks and two sizes."""
    for where in photographer.everywhere():
        for place in PLACES:
            _take(photographer, place, where)


def training(photographer: Photographer) -> None:
    """While it runs, and its comparison, in both looks and two sizes."""
    window = photographer.window
    session = window.session
    window.commands.run("train")
    photographer.until(lambda: len(session.training.history) > 60)
    window.commands.run("pause_training")
    photographer.until(lambda: session.training.paused)
    for where in photographer.everywhere():
        photographer.take(f"training-{where}", TO_LOOK_THROUGH)
    window.commands.run("stop_training")
    photographer.until(lambda: session.training.report is not None)
    window.docks.inspector.show_panel("Comparison")
    for where in photographer.everywhere():
        for mode in ("true", "learned", "both", "error"):
            window.commands.run(f"show_{mode}")
            photographer.settle()
            photographer.take(f"learned-{mode}-{where}", TO_LOOK_THROUGH)
    window.docks.inspector.show_panel("Animation")


def _take(photographer: Photographer, place: Place, where: str) -> None:
    window = photographer.window
    if window.session.document.experiment.preset != place.preset:
        window.session.open_preset(place.preset)
    photographer.settle()
    start, end = window.session.playback.span
    photographer.at(start + MOMENT * (end - start))
    place.open(window)
    photographer.wait(place.wait)
    photographer.settle()
    photographer.take(f"{place.name}-{where}", TO_LOOK_THROUGH)
    place.close(window)
    photographer.wait(0.3)
