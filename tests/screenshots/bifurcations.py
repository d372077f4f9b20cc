"""Bifurcation diagrams beside their portraits."""

from __future__ import annotations

from odeplayground.session import bifurcation_edits
from odeplayground.spec import DiagramKind
from tests.screenshots.photographer import TO_LOOK_THROUGH, Photographer

DIAGRAMS = (
    ("brusselator", "b", DiagramKind.BRANCHES),
    ("fitzhugh-nagumo", "I", DiagramKind.BRANCHES),
    ("lorenz", "rho", DiagramKind.BRANCHES),
    ("pitchfork", "r", DiagramKind.BRANCHES),
    ("roessler", "c", DiagramKind.ORBITS),
    ("driven-pendulum", "", DiagramKind.BRANCHES),
)


def bifurcations(photographer: Photographer) -> None:
    """In both looks and two sizes."""
    session = photographer.window.session
    for place in photographer.everywhere():
        for preset, parameter, kind in DIAGRAMS:
            session.open_preset(preset)
            wanted = bifurcation_edits.show(session.document.experiment, True)
            wanted = bifurcation_edits.choose_kind(wanted, kind)
            if parameter:
                wanted = bifurcation_edits.choose_parameter(wanted, parameter)
            session.document.apply(wanted, "Open the bifurcation diagram")
            photographer.settle()
            photographer.at(session.playback.span[0])
            photographer.take(f"bifurcation-{preset}-{place}", TO_LOOK_THROUGH)
    session.document.apply(bifurcation_edits.show(session.document.experiment, False), "Close")
