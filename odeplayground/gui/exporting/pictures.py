"""A page as a PNG, SVG or PDF file."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QLineF, QMarginsF, QRect, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QImage, QImageWriter, QPageSize, QPainter, QPdfWriter, QPen

from odeplayground.gui.exporting.page import Contents, draw_page, tokens_of
from odeplayground.gui.theme import theme
from odeplayground.session import UserError

DPI = 96
"""Of a logical pixel. Without it, QSvgGenerator and QPdfWriter set text and lines at different scales."""
_MARK = "#010203"
"""The colour of the lines that tell where a clipped part begins and ends in an SVG text."""


def image(contents: Contents, look: str, size: tuple[int, int], scale: float = 1.0) -> QImage:
    """The page in pixels, ``scale`` to a logical one."""
    width, height = size
    picture = QImage(round(scale * width), round(scale * height), QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(scale)
    with theme().worn(tokens_of(look)):
        painter = QPainter(picture)
        try:
            draw_page(painter, contents, width, height)
        finally:  # a picture that dies under an active painter takes the process along
            painter.end()
    return picture


def png(picture: QImage) -> bytes:
    """An image as the bytes of a PNG file. May be called in any thread.

    Raises:
        UserError: Qt cannot write it.
    """
    buffer = _buffer()
    if not QImageWriter(buffer, QByteArray(b"png")).write(picture):
        raise UserError("The picture could not be written as PNG.")
    return bytes(buffer.data().data())


def svg(contents: Contents, look: str, size: tuple[int, int]) -> bytes:
    """The page as an SVG file, in logical pixels."""
    from PySide6.QtSvg import QSvgGenerator  # not needed for the first picture

    buffer, clip = _buffer(), _MarkedClip()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(*size))
    generator.setViewBox(QRect(0, 0, *size))
    generator.setResolution(DPI)
    generator.setTitle(contents.experiment.name)
    generator.setDescription("Made with ODE Playground")
    with theme().worn(tokens_of(look)):
        painter = QPainter(generator)
        draw_page(painter, contents, *size, clip)
        painter.end()
    return clip.finished(bytes(buffer.data().data()).decode()).encode()


def pdf(contents: Contents, look: str, size: tuple[int, int]) -> bytes:
    """The page as a PDF file of its own size."""
    buffer = _buffer()
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI)
    writer.setPageSize(QPageSize(QSizeF(size[0] / DPI, size[1] / DPI), QPageSize.Unit.Inch, "", _EXACT))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle(contents.experiment.name)
    writer.setCreator("ODE Playground")
    with theme().worn(tokens_of(look)):
        painter = QPainter(writer)
        draw_page(painter, contents, *size)
        painter.end()
    del writer  # it ends the file
    return bytes(buffer.data().data())


_EXACT = QPageSize.SizeMatchPolicy.ExactMatch


class _MarkedClip:
    """QSvgGenerator knows no clipping: marks are drawn, and replaced in the text by groups that are clipped."""

    def __init__(self) -> None:
        self._areas: list[QRectF] = []

    def __call__(self, painter: QPainter, area: QRectF, draw: Callable[[], None]) -> None:
        self._areas.append(area)
        self._mark(painter, 1)
        draw()
        self._mark(painter, 2)

    def _mark(self, painter: QPainter, kind: int) -> None:
        painter.save()
        painter.setPen(QPen(QColor(_MARK), kind))
        painter.drawLine(QLineF(0, 0, kind, kind))
        painter.restore()

    def finished(self, text: str) -> str:
        numbers = iter(range(len(self._areas)))
        group = rf'<g [^>]*stroke="{_MARK}"[^>]*stroke-width="{{}}"[^>]*>\s*<(?:polyline|path|line)[^>]*/>\s*</g>'
        text = re.sub(group.format(1), lambda _: f'<g clip-path="url(#area{next(numbers)})">', text)
        text = re.sub(group.format(2), "</g>", text)
        shapes = "".join(
            f'<clipPath id="area{i}"><rect x="{a.x():.2f}" y="{a.y():.2f}" width="{a.width():.2f}" '
            f'height="{a.height():.2f}"/></clipPath>\n'
            for i, a in enumerate(self._areas)
        )
        return text.replace("<defs>", f"<defs>\n{shapes}", 1)


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer
