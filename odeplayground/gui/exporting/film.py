"""The playback as an animated GIF: the page once, and over it what moves."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from odeplayground.gui.exporting.page import Contents, draw_page, placed, tokens_of
from odeplayground.gui.exporting.plot_picture import area_of, mapping_onto
from odeplayground.gui.plots.portrait_view import PortraitView
from odeplayground.gui.plots.projection import Projection
from odeplayground.gui.plots.screen import Mapping
from odeplayground.gui.plots.space import SpaceView
from odeplayground.gui.theme import theme
from odeplayground.jobs import CancelToken
from odeplayground.session.scene import Scene, Trajectory

if TYPE_CHECKING:
    from PIL import Image

MOST_FRAMES = 600
_COLORS = 127
_NOTHING = 127
"""The colour number that lets what was there before be seen."""
_DOT = 5.5
_SWATCH = 12
"""Pixels."""


class Stage(msgspec.Struct, frozen=True, eq=False):
    """A plot in the picture and what runs over it: a dot on the portrait, a line over the series."""

    area: QRectF
    mapping: Mapping
    axes: Projection | None
    """Those of a portrait; ``None``: it is a plot over time."""


class Film(msgspec.Struct, frozen=True, eq=False):
    """All that is needed to draw the frames away from the window."""

    ground: QImage
    stages: tuple[Stage, ...]
    runs: tuple[tuple[Trajectory, QColor], ...]
    line: QColor
    rim: QColor
    span: tuple[float, float]


def prepared(contents: Contents, scene: Scene, look: str, size: tuple[int, int]) -> Film:
    """Draw the page without what moves, and note where that will be. For the window's thread."""
    width, height = size
    ground = QImage(width, height, QImage.Format.Format_RGB888)
    stages = []
    with theme().worn(tokens_of(look)):
        painter = QPainter(ground)
        try:
            draw_page(painter, contents, width, height)
        finally:
            painter.end()
        for plot, rect, left in placed(contents, width, height):
            if isinstance(plot, SpaceView):
                continue  # no dot runs through space
            area = area_of(rect, left)
            axes = plot.projection if isinstance(plot, PortraitView) else None
            stages.append(Stage(area, mapping_onto(plot, area), axes))
        index, accent = scene.experiment.selected, theme().color("accent")
        runs = tuple(
            (run, accent if number == index else theme().color("bundle"))
            for number, run in enumerate(scene.true.trajectories)
        )
        line, rim = theme().color("accent"), theme().color("surface")
    # The selected one last, above the others.
    runs = tuple(sorted(runs, key=lambda pair: pair[1] == accent))
    return Film(ground, tuple(stages), runs, line, rim, scene.experiment.t_span)


def frame(film: Film, time: float) -> QImage:
    """The picture at a time."""
    picture = film.ground.copy()
    painter = QPainter(picture)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for stage in film.stages:
            painter.setClipRect(stage.area.adjusted(-_DOT, -_DOT, _DOT, _DOT))
            if stage.axes is not None:
                _draw_dots(painter, film, stage.mapping, stage.axes, time)
            else:
                x = stage.mapping.point(time, 0.0).x()
                painter.setPen(QPen(film.line, 1.2))
                painter.drawLine(QLineF(x, stage.area.top(), x, stage.area.bottom()))
    finally:
        painter.end()
    return picture


def _draw_dots(painter: QPainter, film: Film, mapping: Mapping, axes: Projection, time: float) -> None:
    painter.setPen(QPen(film.rim, 1.5))
    for run, color in film.runs:
        if run.has_ended(time):
            continue
        x, y = axes.pair(time, run.at(time))
        if math.isfinite(x) and math.isfinite(y):
            painter.setBrush(color)
            painter.drawEllipse(QPointF(mapping.point(x, y)), _DOT, _DOT)


def gif(film: Film, seconds: float, frames_per_second: int) -> Callable[[CancelToken], Iterator[float | bytes]]:
    """What makes the file in a job: the shares that are done, and in the end the bytes."""
    count = max(2, min(MOST_FRAMES, round(seconds * frames_per_second)))

    def make(cancel: CancelToken) -> Iterator[float | bytes]:
        from PIL import Image  # not needed before somebody wants a film

        begin, end = film.span
        palette = _with_swatches(film).quantize(_COLORS)
        parts: list[bytes] = []
        before: np.ndarray | None = None
        for number in range(count):
            picture = _pillow(frame(film, begin + (end - begin) * number / (count - 1)))
            now = np.asarray(picture.quantize(palette=palette, dither=Image.Dither.NONE))
            parts += _encoded(now, before, palette, round(1000 * seconds / count))
            before = now
            yield (number + 1) / count
        yield b"".join(_head(palette)) + b"".join(parts) + b";"

    return make


def _with_swatches(film: Film) -> Image.Image:
    """The ground with large patches of what moves over it: a small dot would not get its own colour."""
    ground = _pillow(film.ground)
    colors = {color.name() for color in (film.line, film.rim, *(color for _, color in film.runs))}
    for number, color in enumerate(sorted(colors)):
        ground.paste(color, (0, number * _SWATCH, ground.width, (number + 1) * _SWATCH))
    return ground


def _head(palette: Image.Image) -> list[bytes]:
    """The header with the palette that all frames share, and the wish to begin again and again."""
    from PIL import GifImagePlugin

    (signature, *rest), _ = GifImagePlugin.getheader(palette)
    return [b"GIF89a", signature[6:], *rest, b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"]


def _encoded(now: np.ndarray, before: np.ndarray | None, palette: Image.Image, duration: int) -> list[bytes]:
    """A frame (height, width) of colour numbers: the part that changed, and in it nothing where nothing changed."""
    from PIL import GifImagePlugin, Image

    rows, columns = slice(0, now.shape[0]), slice(0, now.shape[1])
    pixels = now
    if before is not None:
        changed = now != before
        ys, xs = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        if ys.size:
            rows, columns = slice(int(ys[0]), int(ys[-1]) + 1), slice(int(xs[0]), int(xs[-1]) + 1)
        else:
            rows, columns = slice(0, 1), slice(0, 1)
        pixels = np.where(changed, now, _NOTHING).astype(np.uint8)
    image = Image.fromarray(np.ascontiguousarray(pixels[rows, columns]), "L")
    image.putpalette(palette.getpalette() or [])
    options: dict[str, Any] = {"duration": duration, "disposal": 1, "transparency": _NOTHING}
    return GifImagePlugin.getdata(image, (columns.start, rows.start), include_color_table=False, **options)


def _pillow(picture: QImage) -> Image.Image:
    from PIL import Image  # not needed before somebody wants a film

    width, height, row = picture.width(), picture.height(), picture.bytesPerLine()
    pixels = np.frombuffer(picture.constBits(), np.uint8).reshape(height, row)[:, : 3 * width]
    return Image.frombytes("RGB", (width, height), np.ascontiguousarray(pixels).tobytes())
