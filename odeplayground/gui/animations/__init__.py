"""Drawings of the thing itself."""

from __future__ import annotations

from odeplayground.gui.animations.bars import Bars
from odeplayground.gui.animations.base import ThingAnimation
from odeplayground.gui.animations.cooling import Cooling
from odeplayground.gui.animations.pendulum import Pendulum
from odeplayground.gui.animations.reaction import Reaction
from odeplayground.spec import Animation

__all__ = ["Bars", "Cooling", "Pendulum", "Reaction", "ThingAnimation", "create"]

_ANIMATIONS: dict[Animation, type[Bars | Cooling | Pendulum | Reaction]] = {
    Animation.PENDULUM: Pendulum,
    Animation.COOLING: Cooling,
    Animation.REACTION: Reaction,
    Animation.BARS: Bars,
}


def create(animation: Animation) -> ThingAnimation:
    """A widget for a kind of animation."""
    return _ANIMATIONS[animation]()
