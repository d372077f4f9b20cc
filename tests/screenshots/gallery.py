"""The gallery and the templates."""

from __future__ import annotations

from odeplayground.gui.gallery.gallery import GallerySheet
from odeplayground.gui.gallery.new_system import NewSystemSheet
from tests.screenshots.photographer import TO_LOOK_THROUGH, Photographer


def gallery(photographer: Photographer) -> None:
    """The gallery and the templates, in both looks and two sizes."""
    window = photographer.window
    pictures = window.session.gallery
    for place in photographer.everywhere():
        window.commands.run("choose_system")
        sheet = window.findChild(GallerySheet)
        photographer.until(lambda: all(pictures.picture(card.key) for card in pictures.cards()))
        photographer.wait(0.7)
        photographer.take(f"gallery-{place}", TO_LOOK_THROUGH)
        sheet.close_sheet()
        window.commands.run("new_system")
        photographer.wait(1)
        photographer.take(f"new-system-{place}", TO_LOOK_THROUGH)
        window.findChild(NewSystemSheet).close_sheet()
