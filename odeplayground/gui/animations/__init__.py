"""Drawings of the thing itself. Each is loaded when it is first asked for."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from odeplayground.gui.animations.base import ThingAnimation
from odeplayground.spec import Animation

if TYPE_CHECKING:
    from odeplayground.gui.animations.bars import Bars
    from odeplayground.gui.animations.cooling import Cooling
    from odeplayground.gui.animations.pendulum import Pendulum
    from odeplayground.gui.animations.reaction import Reaction

__all__ = ["Bars", "Cooling", "Pendulum", "Reaction", "ThingAnimation", "create"]

_NAMES = {
    Animation.PENDULUM: "Pendulum",
    Animation.COOLING: "Cooling",
    Animation.REACTION: "Reaction",
    Animation.BARS: "Bars",
}


def create(animation: Animation) -> ThingAnimation:
    """A widget for a kind of animation."""
    drawing: ThingAnimation = __getattr__(_NAMES[animation])()
    return drawing


def __getattr__(name: str) -> Any:
    if name not in _NAMES.values():
        raise AttributeError(f"module 'odeplayground.gui.animations' has no attribute {name!r}")
    return getattr(importlib.import_module(f"odeplayground.gui.animations.{name.lower()}"), name)
