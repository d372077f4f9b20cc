"""Pictures of the portrait with the equations below it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter, QRegion

from odeplayground.gui.panels.portrait import PortraitPanel
from odeplayground.gui.theme import fonts, theme
from odeplayground.session import Session, UserError
from odeplayground.session.exports import caption

SCALE = 2
"""Pixels per logical pixel: sharp enough for print."""
MARGIN = 16
LINE = 20


def picture(portrait: PortraitPanel, session: Session, path: Path) -> None:
    """Write the portrait and, below it, the equations with the values in use as a PNG file.

    Raises:
        UserError: the file cannot be written.
    """
    experiment = session.document.experiment
    lines = [experiment.name, *caption(experiment)]
    top = portrait.header.geometry().bottom() + 1  # buttons are no part of a picture
    plot = QRect(0, top, portrait.width(), portrait.height() - top)
    width = plot.width()
    height = MARGIN + plot.height() + LINE * len(lines) + 2 * MARGIN
    image = QImage(SCALE * width, SCALE * height, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SCALE)
    image.fill(theme().color("surface"))
    painter = QPainter(image)
    portrait.render(painter, QPoint(0, MARGIN), QRegion(plot))
    _write_lines(painter, lines, MARGIN + plot.height() + MARGIN, width)
    painter.end()
    if not QImageWriter(str(path), QByteArray(b"png")).write(image):
        raise UserError(f"The picture could not be written to {path}. Is the folder there and writable?")


def _write_lines(painter: QPainter, lines: list[str], top: int, width: int) -> None:
    painter.setPen(theme().color("text"))
    for number, line in enumerate(lines):
        painter.setFont(fonts.ui(13, 600) if number == 0 else fonts.mono(12))
        box = QRectF(MARGIN, top + LINE * number, width - 2 * MARGIN, LINE)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, line)
