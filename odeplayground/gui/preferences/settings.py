"""Every preference, declared once: the sheet, the command palette and the tests read from here."""

from __future__ import annotations

import os
from typing import Any

import msgspec


class Setting(msgspec.Struct, frozen=True):
    """One thing to choose. ``name`` is the field of the preferences."""

    name: str
    title: str
    help: str
    choices: tuple[tuple[Any, str], ...]
    """Each value with its word."""
    later: bool = False
    """Whether it counts from the next start on."""


_PROCESSORS = Setting(
    "processors",
    "Processors",
    "How many may compute at the same time. Fewer leave more for other programs.",
    ((0, "All"), (1, "1"), (2, "2"), (4, "4"), (8, "8")),
    later=True,
)

SETTINGS = (
    Setting(
        "theme",
        "Look",
        "System follows what the desktop says.",
        (("light", "Light"), ("dark", "Dark"), ("system", "System")),
    ),
    Setting(
        "palette",
        "Colours of variables",
        "The second choice keeps five variables apart for every kind of colour vision.",
        (("standard", "Standard"), ("safe", "Colour-blind safe")),
    ),
    Setting(
        "text_scale",
        "Size of text",
        "Everything grows with its text, so that nothing is cut off.",
        tuple((percent, f"{percent} %") for percent in (80, 90, 100, 110, 125, 150)),
        later=True,
    ),
    Setting(
        "play_at_start",
        "Play at the start",
        "Whether time runs when the window opens.",
        ((True, "Yes"), (False, "No")),
    ),
    Setting(
        "autosave_seconds",
        "Keep my work every",
        "What changed is kept for the next start, also after a power cut.",
        ((3, "3 s"), (10, "10 s"), (30, "30 s")),
    ),
    *((_PROCESSORS,) if hasattr(os, "sched_setaffinity") else ()),
)
