"""A page: title, plots, equations and the values in use."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QByteArray, QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter

from odeplayground.gui.exporting.plot_picture import Clip, clipped, draw_plot, left_width, write
from odeplayground.gui.plots.plot import Plot
from odeplayground.gui.plots.space import SpaceView
from odeplayground.gui.theme import fonts, symbols, theme
from odeplayground.gui.theme.tokens import THEMES, Tokens
from odeplayground.gui.widgets.typeset import colored, typeset
from odeplayground.session import analyse
from odeplayground.session.exports import caption_values
from odeplayground.spec import Equation, Experiment

MARGIN = 20.0
_TITLE, _LINE, _GAP = 34.0, 20.0, 12.0
_EQUATION = 20.0
"""Size of typeset equations: that of the window, where they are set already."""
_MOST_EQUATIONS = 12
_LOWEST = 48.0


class View(msgspec.Struct, frozen=True, eq=False):
    """Plots below each other which share the width, with the share of the page's height that they take."""

    plots: tuple[Plot | SpaceView, ...]
    share: float = 1.0


class Contents(msgspec.Struct, frozen=True, eq=False):
    """What is on a page."""

    experiment: Experiment
    views: tuple[View, ...]
    title: bool = True
    equations: bool = True
    values: bool = True


def tokens_of(look: str) -> Tokens:
    """The colours of a look: ``"light"``, ``"dark"``, or ``"print"``, which has black lines on white paper."""
    if look != "print":
        return THEMES[look]
    return msgspec.structs.replace(
        THEMES["light"], name="print", surface="#FFFFFF", text="#000000", ink="#000000", tick="#222222", sep="#222222"
    )


def draw_page(painter: QPainter, contents: Contents, width: float, height: float, clip: Clip = clipped) -> None:
    """Draw in the present colours; the page is ``width`` by ``height`` logical pixels."""
    painter.fillRect(QRectF(0, 0, width, height), theme().color("surface"))
    top, bottom = MARGIN, height - MARGIN
    inner = width - 2 * MARGIN
    if contents.title:
        write(painter, QPointF(MARGIN, top + 15), fonts.ui(17, 600), contents.experiment.name, "text")
        top += _TITLE
    if contents.values:
        bottom = _draw_values(painter, contents.experiment, inner, bottom) - _GAP
    if contents.equations:
        bottom = _draw_equations(painter, contents.experiment, inner, bottom) - _GAP
    for plot, rect, left in _placed(contents.views, QRectF(MARGIN, top, inner, max(0.0, bottom - top))):
        draw_plot(painter, plot, rect, left, clip)


def placed(contents: Contents, width: float, height: float) -> list[tuple[Plot | SpaceView, QRectF, float]]:
    """The rectangle of each plot on the page, and the room for numbers at its left."""
    top, bottom, inner = MARGIN, height - MARGIN, width - 2 * MARGIN
    if contents.title:
        top += _TITLE
    if contents.values:
        bottom -= _LINE * len(_value_lines(contents.experiment, inner)) + _GAP
    if contents.equations:
        bottom -= sum(room for _, room in _equation_sizes(contents.experiment, inner)) + _GAP
    return _placed(contents.views, QRectF(MARGIN, top, inner, max(0.0, bottom - top)))


def _placed(views: Sequence[View], rect: QRectF) -> list[tuple[Plot | SpaceView, QRectF, float]]:
    """Plots below each other, with one left edge; those without room are left out."""
    total = sum(view.share for view in views) or 1.0
    top, found = rect.top(), []
    for view in views:
        part = rect.height() * view.share / total / max(1, len(view.plots))
        for plot in view.plots:
            found.append((plot, QRectF(rect.left(), top, rect.width(), part - _GAP)))
            top += part
    found = [(plot, area) for plot, area in found if area.height() > _LOWEST]
    left = max((left_width(plot, area.height()) for plot, area in found), default=0.0)
    return [(plot, area, left) for plot, area in found]


def _draw_values(painter: QPainter, experiment: Experiment, width: float, bottom: float) -> float:
    """Write the values from the bottom up; where they begin."""
    lines = _value_lines(experiment, width)
    top = bottom - _LINE * len(lines)
    for number, line in enumerate(lines):
        write(painter, QPointF(MARGIN, top + _LINE * number + 14), fonts.ui(12), line, "text2")
    return top


def _value_lines(experiment: Experiment, width: float) -> list[str]:
    """The values in use, as many on a line as there is room for."""
    metrics = QFontMetricsF(fonts.ui(12))
    lines: list[str] = []
    for name, value in caption_values(experiment):
        stem, bracket, moment = name.partition("(")
        piece = f"{symbols.symbol(stem)}{bracket}{moment} = {symbols.shortest(value, 6)}"
        if lines and metrics.horizontalAdvance(f"{lines[-1]},  {piece}") <= width:
            lines[-1] += f",  {piece}"
        else:
            lines.append(piece)
    return lines


def _draw_equations(painter: QPainter, experiment: Experiment, width: float, bottom: float) -> float:
    from PySide6.QtSvg import QSvgRenderer  # not needed for the first picture

    sizes = _equation_sizes(experiment, width)
    top = bottom - sum(height for _, height in sizes)
    y = top
    for equation, (_, room) in zip(_equations(experiment), sizes, strict=True):
        picture = QSvgRenderer(QByteArray(colored(typeset(equation.mathml, _EQUATION), theme().tokens).encode()))
        box = picture.viewBoxF()
        scale = min(1.0, width / max(1.0, box.width()))
        picture.render(painter, QRectF(MARGIN, y, box.width() * scale, box.height() * scale))
        y += room
    return top


def _equation_sizes(experiment: Experiment, width: float) -> list[tuple[float, float]]:
    """Width and height of each typeset equation, with the room below it."""
    from PySide6.QtSvg import QSvgRenderer  # not needed for the first picture

    sizes = []
    for equation in _equations(experiment):
        text = colored(typeset(equation.mathml, _EQUATION), theme().tokens)
        box = QSvgRenderer(QByteArray(text.encode())).viewBoxF()
        scale = min(1.0, width / max(1.0, box.width()))
        sizes.append((box.width() * scale, box.height() * scale + 6))
    return sizes


def _equations(experiment: Experiment) -> tuple[Equation, ...]:
    """Those of the system that is shown: the text in the editor may be faulty at the moment."""
    from odeplayground.session.exports import text_of

    analysis = analyse(experiment.text)
    if analysis.problems:
        analysis = analyse(text_of(experiment.system))
    return analysis.equations[:_MOST_EQUATIONS]
