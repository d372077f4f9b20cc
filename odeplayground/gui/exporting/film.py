"""The playback as an animated GIF: the page once, and over it what moves."""

from __future__ import annotations

import io
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
from odeplayground.gui.theme import theme
from odeplayground.jobs import CancelToken
from odeplayground.session.scene import Scene, Trajectory

if TYPE_CHECKING:
    from PIL import Image

MOST_FRAMES = 600
_COLORS = 128
_DOT = 5.5


class Stage(msgspec.Struct, frozen=True, eq=False):
    """A plot in the picture and what runs over it: a dot on the portrait, a line over the series."""

    area: QRectF
    mapping: Mapping
    portrait: bool


class Film(msgspec.Struct, frozen=True, eq=False):
    """All that is needed to draw the frames away from the window."""

    ground: QImage
    stages: tuple[Stage, ...]
    runs: tuple[tuple[Trajectory, QColor], ...]
    projection: Projection
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
            area = area_of(rect, left)
            stages.append(Stage(area, mapping_onto(plot, area), isinstance(plot, PortraitView)))
        index, accent = scene.experiment.selected, theme().color("accent")
        runs = tuple(
            (run, accent if number == index else theme().color("bundle"))
            for number, run in enumerate(scene.true.trajectories)
        )
        line, rim = theme().color("accent"), theme().color("surface")
    # The selected one last, above the others.
    runs = tuple(sorted(runs, key=lambda pair: pair[1] == accent))
    return Film(ground, tuple(stages), runs, Projection.of(scene.experiment), line, rim, scene.experiment.t_span)


def frame(film: Film, time: float) -> QImage:
    """The picture at a time."""
    picture = film.ground.copy()
    painter = QPainter(picture)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for stage in film.stages:
            painter.setClipRect(stage.area.adjusted(-_DOT, -_DOT, _DOT, _DOT))
            if stage.portrait:
                _draw_dots(painter, film, stage, time)
            else:
                x = stage.mapping.point(time, 0.0).x()
                painter.setPen(QPen(film.line, 1.2))
                painter.drawLine(QLineF(x, stage.area.top(), x, stage.area.bottom()))
    finally:
        painter.end()
    return picture


def _draw_dots(painter: QPainter, film: Film, stage: Stage, time: float) -> None:
    painter.setPen(QPen(film.rim, 1.5))
    for run, color in film.runs:
        if run.has_ended(time):
            continue
        x, y = film.projection.pair(time, run.at(time))
        if math.isfinite(x) and math.isfinite(y):
            painter.setBrush(color)
            painter.drawEllipse(QPointF(stage.mapping.point(x, y)), _DOT, _DOT)


def gif(film: Film, seconds: float, frames_per_second: int) -> Callable[[CancelToken], Iterator[float | bytes]]:
    """What makes the file in a job: the shares that are done, and in the end the bytes."""
    count = max(2, min(MOST_FRAMES, round(seconds * frames_per_second)))

    def make(cancel: CancelToken) -> Iterator[float | bytes]:
        from PIL import Image  # not needed before somebody wants a film

        pictures: list[Image.Image] = []
        palette: Image.Image | None = None
        begin, end = film.span
        for number in range(count):
            one = _pillow(frame(film, begin + (end - begin) * number / (count - 1)))
            palette = palette or one.quantize(_COLORS)
            pictures.append(one.quantize(palette=palette, dither=Image.Dither.NONE))
            yield 0.8 * (number + 1) / count
        yield 0.8
        buffer = io.BytesIO()
        options: dict[str, Any] = {"duration": round(1000 * seconds / count), "loop": 0, "optimize": False}
        pictures[0].save(buffer, "GIF", save_all=True, append_images=pictures[1:], **options)
        yield buffer.getvalue()

    return make


def _pillow(picture: QImage) -> Image.Image:
    from PIL import Image  # not needed before somebody wants a film

    width, height, row = picture.width(), picture.height(), picture.bytesPerLine()
    pixels = np.frombuffer(picture.constBits(), np.uint8).reshape(height, row)[:, : 3 * width]
    return Image.frombytes("RGB", (width, height), np.ascontiguousarray(pixels).tobytes())
