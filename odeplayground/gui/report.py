"""Pictures of an experiment without a window, for the report of a run in the terminal.

``python -m odeplayground.gui.report FOLDER`` reads an experiment (as MessagePack) from its standard input, draws the
portraits, the time series and the loss as PNG files, and prints their names. It touches neither the preferences nor the
recovery file.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from odeplayground.gui.plots import LossView, PortraitView, SeriesView
from odeplayground.gui.theme import apply, fonts, symbols, theme
from odeplayground.jobs import InlineRunner, Mailbox
from odeplayground.session import Session, UserError, edits
from odeplayground.session.scene import Scene
from odeplayground.spec import Experiment, FieldMode

SCALE = 2
"""Pixels per logical pixel."""
HEADER, MARGIN = 44, 16
PORTRAIT, SERIES, LOSS = (720, 560), (720, 420), (720, 300)


def draw(experiment: Experiment, folder: Path) -> Iterator[str]:
    """Draw everything there is to see and yield the name of each file written. A Qt application must exist.

    Raises:
        UserError: a file cannot be written.
    """
    modes = [FieldMode.TRUE]
    if experiment.run is not None:
        modes += [FieldMode.LEARNED, FieldMode.BOTH]
    for mode in modes:
        portrait, scene = _portrait(edits.set_mode(experiment, mode))
        yield _save(portrait, f"{experiment.name}: {_TITLES[mode]}", folder / f"portrait-{mode}.png", _fields(mode))
    yield _save(_series(scene), f"{experiment.name}: over time", folder / "time-series.png", _states(experiment))
    if experiment.run is not None:
        legend = _words(("training", "learned"), ("held out", "text2"))
        yield _save(_loss(experiment), f"{experiment.name}: loss over the epochs", folder / "loss.png", legend)


def main(arguments: Sequence[str]) -> int:
    """Draw the experiment that comes in into a folder."""
    folder = Path(arguments[0])
    experiment = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Experiment)
    app = QApplication.instance() or QApplication(["odeplayground"])
    assert isinstance(app, QApplication)
    apply(app)
    for name in draw(experiment, folder):
        sys.stdout.write(f"{name}\n")
    return 0


_TITLES = {
    FieldMode.TRUE: "the system as typed",
    FieldMode.LEARNED: "the learned system",
    FieldMode.BOTH: "the learned system over the true one",
}


def _portrait(experiment: Experiment) -> tuple[PortraitView, Scene]:
    """The portrait as the window shows it, and the scene in it."""
    view = PortraitView()
    session = Session(experiment, InlineRunner(Mailbox()))
    view.grid_changed.connect(session.simulation.set_grid)
    _lay_out(view, PORTRAIT)
    session.start()
    session.pump()
    while session.simulation.busy:  # what is drawn first makes requests for what comes after
        session.pump()
    scene = session.simulation.scene
    if scene is None:
        raise UserError(f"The portrait of {experiment.name} could not be computed.")
    view.set_scene(scene)
    view.set_samples(experiment.run.samples if experiment.run else None)
    view.set_time(experiment.t_span[0])
    return view, scene


def _series(scene: Scene) -> SeriesView:
    view = SeriesView()
    view.set_scene(scene)
    view.set_samples(scene.experiment.run.samples if scene.experiment.run else None)
    view.set_time(math.nan)  # no cursor in a picture that stands still
    _lay_out(view, SERIES)
    return view


def _loss(experiment: Experiment) -> LossView:
    run = experiment.run
    assert run is not None
    view = LossView()
    last = run.history[-1].epoch if run.history else 1
    view.set_history(run.history, run.stages, last, run.best_epoch)
    _lay_out(view, LOSS)
    return view


def _lay_out(view: QWidget, size: tuple[int, int]) -> None:
    """Give a view its size and its layout without a place on any screen."""
    view.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    view.resize(*size)
    view.show()
    QApplication.sendPostedEvents()


Legend = Sequence[tuple[str, QColor, QFont]]


def _states(experiment: Experiment) -> Legend:
    """The states in the colours of their curves, and what is dashed."""
    names = experiment.system.states
    words = [(symbols.symbol(name), theme().variable_color(i), fonts.math(18)) for i, name in enumerate(names)]
    return words if experiment.run is None else [*words, *_words(("dashed: learned", "text2"))]


def _fields(mode: FieldMode) -> Legend:
    return _words(("true", "ink"), ("learned", "learned")) if mode is FieldMode.BOTH else ()


def _words(*words: tuple[str, str]) -> Legend:
    """Words with the colours of some tokens."""
    return [(word, theme().color(token), fonts.ui(12, 600)) for word, token in words]


def _save(view: QWidget, title: str, path: Path, legend: Legend = ()) -> str:
    """Write a view below a line of text; the name of the file."""
    width, height = view.width() + 2 * MARGIN, view.height() + HEADER + MARGIN
    image = QImage(SCALE * width, SCALE * height, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SCALE)
    image.fill(theme().color("surface"))
    painter = QPainter(image)
    painter.setPen(theme().color("text"))
    painter.setFont(fonts.ui(13, 600))
    box = QRectF(MARGIN, 0, width - 2 * MARGIN, HEADER)
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
    _write_legend(painter, legend, box)
    QWidget.render(view, painter, QPoint(MARGIN, HEADER))  # a graphics view has a render of its own, without frame
    painter.end()
    if not image.save(str(path)):
        raise UserError(f"The picture could not be written to {path}. Is the folder there and writable?")
    return path.name


def _write_legend(painter: QPainter, legend: Legend, box: QRectF) -> None:
    """Words in colours on one baseline, from the right end of the line to the left."""
    right, baseline = box.right(), box.center().y() + 5
    for word, color, font in reversed(legend):
        painter.setFont(font)
        painter.setPen(color)
        right -= painter.fontMetrics().horizontalAdvance(word)
        painter.drawText(QPointF(right, baseline), word)
        right -= MARGIN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
