"""What the bifurcation diagram shows: settings that are kept with the document."""

from __future__ import annotations

import msgspec

from odeplayground.spec.choices import Choice

Range = tuple[float, float]


class DiagramKind(Choice):
    """The two ways to look at a system over a parameter."""

    BRANCHES = ("branches", "Branches", "Equilibria and limit cycles, stable and unstable, with their bifurcations.")
    ORBITS = ("orbits", "Orbits", "The maxima that are left after a transient. Chaos fills whole columns.")


class Box(msgspec.Struct, frozen=True):
    """A part of a diagram that was chosen to look closer at."""

    x_range: Range
    """Low and high of the parameter."""
    y_range: Range
    """Low and high of the state."""


class DiagramSettings(msgspec.Struct, frozen=True):
    """The diagram beside the portrait. Changing any of it is an edit like others, which can be undone."""

    shown: bool = False
    kind: DiagramKind = DiagramKind.BRANCHES
    parameter: str = ""
    """Over which parameter; empty, or one that is gone: the first."""
    state: str = ""
    """Which state is drawn; empty, or one that is gone: the first."""
    boxes: tuple[Box, ...] = ()
    """Each inside the one before; the last one is shown. Empty: the whole range of the slider."""
