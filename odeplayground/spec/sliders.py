"""How the sliders behave, and sets of values worth going back to."""

from __future__ import annotations

import math
import re

import msgspec

_LITERAL = r"[-−–]? *(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_MINUS = str.maketrans("−–", "--")


class SliderSettings(msgspec.Struct, frozen=True):
    """What a person has chosen for one slider; its range stands in the text."""

    logarithmic: bool | None = None
    """``None``: where the range spans three decades."""
    locked: bool = False
    """Whether the value stays when all are reset, taken from a snapshot, or learned."""
    loops: bool = False
    """Whether an animation jumps back at the end of the range; else it swings."""
    seconds: float = 6.0
    """How long an animation takes from one end to the other."""


class Snapshot(msgspec.Struct, frozen=True):
    """The values of all parameters at one moment, under a name."""

    name: str
    values: dict[str, float]


class Controls(msgspec.Struct, frozen=True):
    """Everything about the sliders but their values and ranges."""

    defaults: dict[str, str] = {}
    """What the text said of a parameter before its number followed a slider: the model's own value, as typed."""
    sliders: dict[str, SliderSettings] = {}
    """For the parameters whose sliders are not as they come."""
    snapshots: tuple[Snapshot, ...] = ()
    compared: str = ""
    """Name of the snapshot whose trajectory is drawn beside the present one; empty for none."""

    @property
    def typed(self) -> dict[str, float]:
        """The defaults as numbers."""
        found = {name: as_number(literal) for name, literal in self.defaults.items()}
        return {name: value for name, value in found.items() if value is not None}

    def of(self, name: str) -> SliderSettings:
        """The settings of one slider."""
        return self.sliders.get(name, SliderSettings())


def as_number(literal: str) -> float | None:
    """The finite number that a plain literal of the equation language means; ``None`` for anything else."""
    if not re.fullmatch(_LITERAL, literal):
        return None
    value = float(literal.translate(_MINUS).replace(" ", ""))
    return value if math.isfinite(value) else None
