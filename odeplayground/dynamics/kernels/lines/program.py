"""The compiled code for streamlines, and the picture it fills."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np

from odeplayground.dynamics.arrays import Flags, Floats
from odeplayground.dynamics.kernels.arguments_block import address_of
from odeplayground.dynamics.kernels.compile import Code, compile_written
from odeplayground.dynamics.kernels.evaluate import Called
from odeplayground.dynamics.kernels.features import Features, host_features
from odeplayground.dynamics.kernels.lines.fill import FILL, write_lines
from odeplayground.dynamics.kernels.lines.slots import AT_ONCE, COLUMNS, Raster, Row, Slot

FIRST_ROOM = 8192
"""Points that are made room for at once."""


class _Program:
    def __init__(self, features: Features) -> None:
        self._code: Code = compile_written(partial(write_lines, features), "lines", features)
        self.fill = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(self._code.address(FILL))


@lru_cache(maxsize=4)
def _program(features: Features) -> _Program:
    """Compiled at the first call."""
    return _Program(features)


@dataclass(frozen=True, eq=False)
class Canvas:
    """Where lines are drawn: a rectangle from (0, 0) to ``size``, and what states its points stand for."""

    called: Called
    """The field."""
    held: Floats
    """A state, (n_states,)."""
    axes: tuple[int, int]
    """Which states are on the axes. They are ``low`` plus ``scale`` times the place, all (2,)."""
    low: Floats
    scale: Floats
    size: Floats


@dataclass(frozen=True, eq=False)
class Layer:
    """A raster of what is taken."""

    pixels: Flags
    """(rows, columns), with margins on all sides."""
    margin: int
    density: float
    """Pixels per unit of length."""
    reach: float
    """How far each point takes, in pixels."""


class Pen:
    """Draws lines on a canvas. For one thread."""

    def __init__(self, canvas: Canvas, near: Layer, gaps: Layer, step: float, most: int, fewest: int) -> None:
        """Points are half a step apart, ``most`` steps to either side of a seed; shorter lines than ``fewest`` points
        are not kept. They keep off what is ``near``, and need not begin where ``gaps`` is taken.
        """
        self._integers = np.zeros(max(Slot) + 1, dtype=np.int64)
        self._doubles = self._integers.view(np.float64)
        self._kept: list[Any] = [canvas, near, gaps]
        self._fill = _program(host_features())
        self._most = most
        self._set_field(canvas)
        self._set_layer(Slot.NEAR, near)
        self._set_layer(Slot.GAPS, gaps)
        self._doubles[Slot.STEP] = step
        self._integers[Slot.MOST], self._integers[Slot.FEWEST] = most, fewest
        self._keep(Slot.WORK, np.zeros(Row.COUNT * COLUMNS))
        self._keep(Slot.TRACK, np.empty(COLUMNS * (2 * most + 1) * 2))
        self._keep(Slot.LENGTHS, np.zeros(COLUMNS, dtype=np.int64))
        self.cancel = np.zeros(1, dtype=np.int64)
        """Not zero from another thread ends the drawing."""
        self._keep(Slot.CANCEL, self.cancel)

    def draw(self, seeds: Floats) -> list[Floats]:
        """New lines (k, 2) that begin at seeds (m, 2) or at those that are still in gaps when it is their turn."""
        integers = self._integers
        lines: list[Floats] = []
        seeds = np.ascontiguousarray(seeds)
        integers[Slot.SEEDS], integers[Slot.COUNT], integers[Slot.NEXT] = address_of(seeds), len(seeds), 0
        while integers[Slot.NEXT] < len(seeds) and not self.cancel[0]:
            room = max(FIRST_ROOM, AT_ONCE * (4 * self._most + 3))
            points, ends = np.empty((room, 2)), np.empty(room, dtype=np.int64)
            integers[Slot.POINTS], integers[Slot.ENDS] = address_of(points), address_of(ends)
            integers[Slot.ROOM], integers[Slot.USED], integers[Slot.LINES] = room, 0, 0
            self._fill.fill(address_of(integers))
            lines += np.split(points[: integers[Slot.USED]], ends[: integers[Slot.LINES]])[:-1]
        return lines

    def _set_field(self, canvas: Canvas) -> None:
        integers, doubles, called = self._integers, self._doubles, canvas.called
        integers[Slot.FUNCTION], integers[Slot.FIRST], integers[Slot.THIRD] = (
            called.function,
            called.first,
            called.third,
        )
        states = np.repeat(canvas.held[:, None], COLUMNS, axis=1)
        slopes = np.zeros_like(states)
        self._keep(Slot.STATES, states)
        self._keep(Slot.SLOPES, slopes)
        for number, axis in enumerate(canvas.axes):
            integers[Slot.STATE_X + number] = address_of(states[axis])
            integers[Slot.SLOPE_X + number] = address_of(slopes[axis])
            doubles[Slot.LOW_X + number] = canvas.low[number]
            doubles[Slot.SCALE_X + number] = canvas.scale[number]
            doubles[Slot.SIZE_X + number] = canvas.size[number]

    def _set_layer(self, slot: int, layer: Layer) -> None:
        rows, stride = layer.pixels.shape
        integers = self._integers
        integers[slot + Raster.PIXELS] = address_of(layer.pixels)
        integers[slot + Raster.STRIDE], integers[slot + Raster.ROWS] = stride, rows
        integers[slot + Raster.MARGIN] = layer.margin
        self._doubles[slot + Raster.DENSITY] = layer.density
        self._doubles[slot + Raster.REACH] = layer.reach**2

    def _keep(self, slot: int, array: Any) -> None:
        self._kept.append(array)
        self._integers[slot] = address_of(array)
