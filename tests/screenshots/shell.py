"""Help pages, the tour, and one panel alone."""

from __future__ import annotations

from odeplayground.gui.tour.steps import STEPS
from odeplayground.session.help_pages import pages
from tests.screenshots.photographer import TO_LOOK_THROUGH, Photographer


def shell(photographer: Photographer) -> None:
    """In both looks and two sizes."""
    window = photographer.window
    for where in photographer.everywhere():
        for page in pages():
            window.help.open_help(page.key)
            photographer.wait(2)  # formulas are set one by one
            photographer.take(f"help-{page.key}-{where}", TO_LOOK_THROUGH)
        window.help.close_help()
        window.start_tour()
        for number in range(len(STEPS)):
            photographer.take(f"tour-{number + 1}-{where}", TO_LOOK_THROUGH)
            window.tour._next()
        window.commands.run("focus_portrait")
        photographer.take(f"focus-{where}", TO_LOOK_THROUGH)
        window.commands.run("focus_portrait")
