"""Drawings of the thing itself. Each is loaded when it is first asked for."""

from __future__ import annotations

import importlib

from odeplayground.gui.animations.base import ThingAnimation
from odeplayground.spec import Animation

__all__ = ["ThingAnimation", "create"]

_PLACES = {
    Animation.PENDULUM: ("pendulum", "Pendulum"),
    Animation.DRIVEN_PENDULUM: ("driven_pendulum", "DrivenPendulum"),
    Animation.DOUBLE_PENDULUM: ("double_pendulum", "DoublePendulum"),
    Animation.SPRING: ("spring", "Spring"),
    Animation.BEAM: ("beam", "Beam"),
    Animation.CIRCUIT: ("circuit", "Circuit"),
    Animation.COOLING: ("cooling", "Cooling"),
    Animation.TWO_BODIES: ("two_bodies", "TwoBodies"),
    Animation.REACTION: ("reaction", "Reaction"),
    Animation.POPULATIONS: ("populations", "Populations"),
    Animation.COMPETITION: ("populations", "Competition"),
    Animation.CROWD: ("crowd", "Crowd"),
    Animation.NEURON: ("neuron", "Neuron"),
    Animation.GENES: ("genes", "Genes"),
    Animation.LASER: ("laser", "Laser"),
    Animation.ORBIT: ("orbits", "Orbits"),
    Animation.THREE_BODY: ("orbits", "ThreeBody"),
    Animation.BARS: ("bars", "Bars"),
    Animation.DIALS: ("dials", "Dials"),
}


def create(animation: Animation) -> ThingAnimation:
    """A widget for a kind of animation."""
    module, name = _PLACES[animation]
    drawing: ThingAnimation = getattr(importlib.import_module(f"odeplayground.gui.animations.{module}"), name)()
    return drawing
