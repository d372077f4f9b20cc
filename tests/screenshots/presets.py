"""The first picture of every preset."""

from __future__ import annotations

from tests.screenshots.photographer import TO_LOOK_THROUGH, Photographer


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
