"""The portrait in space: an own projection, so that it is quick without a graphics card, and can be tested."""

from odeplayground.gui.plots.space.space_view import SpaceView

__all__ = ["SpaceView"]
