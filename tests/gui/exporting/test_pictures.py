"""Curves, axes and numbers agree in every format; what is chosen is on the page; films move."""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
import sys
import zlib

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from odeplayground.gui.exporting import film, pictures
from odeplayground.gui.exporting.offscreen import drawn
from odeplayground.gui.exporting.page import Contents, View, placed
from odeplayground.gui.exporting.plot_picture import area_of, mapping_onto
from odeplayground.gui.exporting.public import picture
from odeplayground.gui.plots.plot import Plot
from odeplayground.gui.plots.polylines import Polylines
from odeplayground.gui.plots.stroke import Stroke
from odeplayground.gui.theme import DARK, LIGHT
from odeplayground.jobs import CancelToken, InlineRunner, Mailbox
from odeplayground.session import Session, edits, script
from odeplayground.storage import presets
from tests.gui.widgets.helpers import shown

SIZE = (640, 480)
SCALE = 4


@pytest.fixture
def plot(qtbot, theme) -> Plot:
    """Lines of an unmistakable colour through the zero of both axes."""
    plot = shown(qtbot, Plot(), 300, 200)
    plot.set_ranges((-2.0, 2.0), (-30.0, 30.0))
    lines = Polylines(Stroke("error", width=1.0), 5.0)
    lines.set_curves([np.array([[0.0, -100.0], [0.0, 100.0]]), np.array([[-9.0, 0.0], [9.0, 0.0]])])
    plot.add(lines)
    return plot


@pytest.fixture
def contents(plot) -> Contents:
    return Contents(presets.load("pendulum").experiment, (View((plot,)),))


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


def red(colors: np.ndarray) -> np.ndarray:
    return (colors[..., 0] > 150) & (colors[..., 1] < 120)


def rendered(svg: bytes) -> QImage:
    image = QImage(SIZE[0] * SCALE, SIZE[1] * SCALE, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg)).render(painter)
    painter.end()
    return image


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_curve_through_zero_passes_the_zeros_of_the_axes(contents, kind):
    if kind == "png":
        image = QImage.fromData(pictures.png(pictures.image(contents, "light", SIZE, SCALE)))
    else:
        image = rendered(pictures.svg(contents, "light", SIZE))
    colors = pixels(image)
    (_, rect, left) = placed(contents, *SIZE)[0]
    area = area_of(rect, left)
    seen = red(colors)
    inside = seen[round(SCALE * area.top()) + 8 : round(SCALE * area.bottom()) - 8]
    line_x = np.argmax(inside.sum(axis=0)) / SCALE  # the column with most of the upright line
    inside = seen[:, round(SCALE * area.left()) + 8 : round(SCALE * area.right()) - 8]
    line_y = np.argmax(inside.sum(axis=1)) / SCALE
    dark = colors.sum(axis=2) < 600
    below = dark[round(SCALE * (area.bottom() + 6)) : round(SCALE * (area.bottom() + 20))]
    near = slice(round(SCALE * (line_x - 12)), round(SCALE * (line_x + 12)))
    ink = np.flatnonzero(below[:, near].any(axis=0)) + near.start
    assert (ink[0] + ink[-1] + 1) / 2 / SCALE == pytest.approx(line_x + 0.5 / SCALE, abs=0.5)
    beside = dark[:, round(SCALE * rect.left()) : round(SCALE * (area.left() - 6))]
    near = slice(round(SCALE * (line_y - 9)), round(SCALE * (line_y + 9)))
    ink = np.flatnonzero(beside[near].any(axis=1)) + near.start
    assert (ink[0] + ink[-1] + 1) / 2 / SCALE == pytest.approx(line_y + 0.5 / SCALE, abs=0.5)
    where = mapping_onto(contents.views[0].plots[0], area).point(0.0, 0.0)
    assert (line_x, line_y) == pytest.approx((where.x(), where.y()), abs=0.5)


def test_in_a_pdf_curves_are_where_the_axes_say(contents):
    data = pictures.pdf(contents, "light", SIZE)
    page = next(text for text in streams(data) if " cm\n" in text)
    box = [float(number) for number in re.search(rb"/MediaBox \[([^\]]*)\]", data)[1].split()]
    scale = box[2] / SIZE[0]  # points in a pixel
    assert box[3] == pytest.approx(SIZE[1] * scale, abs=0.5)
    numbers = re.search(r"([-\d.]+) 0 0 ([-\d.]+) 0 ([-\d.]+) cm", page)
    assert [float(one) for one in numbers.groups()] == pytest.approx([scale, -scale, box[3]], rel=1e-3)
    (_, rect, left) = placed(contents, *SIZE)[0]
    area = area_of(rect, left)
    where = mapping_onto(contents.views[0].plots[0], area).point(0.0, 0.0)
    xs = [float(x) for x, _ in re.findall(r"(?m)^([-\d.]+) ([-\d.]+) [ml]$", page)]
    assert any(abs(x - where.x()) <= 0.5 for x in xs)
    assert any(abs(x - area.left()) <= 0.5 for x in xs)  # the axis, in the same units


def test_a_page_has_its_look_and_leaves_that_of_the_window(contents, theme):
    corner = {
        look: pictures.image(contents, look, SIZE).pixelColor(2, 2).name().upper()
        for look in ("light", "dark", "print")
    }
    assert corner == {"light": LIGHT.surface, "dark": DARK.surface, "print": "#FFFFFF"}
    assert theme.name == "light"


def test_curves_are_cut_at_the_axes_in_svg_too(contents):
    text = pictures.svg(contents, "light", SIZE).decode()
    assert text.count("clip-path=") == text.count("<clipPath") == 1
    assert text.count("<g") == text.count("</g>")
    assert "#010203" not in text


def test_equations_and_values_take_room_only_where_they_are_wanted(plot):
    experiment = presets.load("pendulum").experiment
    heights = [
        placed(Contents(experiment, (View((plot,)),), title, equations, values), *SIZE)[0][1].height()
        for title, equations, values in ((True, True, True), (True, False, True), (False, False, False))
    ]
    assert heights == sorted(heights)
    assert heights[0] < heights[1] < heights[2]


def test_a_film_moves_and_can_be_given_up(qtbot, theme):
    experiment = presets.load("pendulum").experiment
    session = Session(experiment, InlineRunner(Mailbox()))
    session.start()
    session.pump()
    with drawn(experiment, ("portrait", "series"), SIZE) as views:
        made = film.prepared(Contents(experiment, views), session.simulation.scene, "light", (320, 320))
    steps = list(film.gif(made, 0.5, 20)(CancelToken()))
    assert steps[:-1] == sorted(steps[:-1])
    with Image.open(io.BytesIO(steps[-1])) as found:
        assert (found.size, found.n_frames) == ((320, 320), 10)
        assert found.info["duration"] == 50
        first = np.asarray(found.convert("RGB")).copy()
        found.seek(5)
        assert np.any(np.asarray(found.convert("RGB")) != first)
    assert len(steps[-1]) < 300_000


def test_names_views_and_looks_that_are_none_are_refused(tmp_path):
    experiment = presets.load("pendulum").experiment
    for wrong in ({"path": "a.bmp"}, {"look": "pink"}, {"views": ("nothing",)}, {"views": ()}):
        with pytest.raises(ValueError, match=r"one of|any of"):
            picture(experiment, **({"path": tmp_path / "a.png"} | wrong))


def test_the_exported_program_makes_the_same_picture(qtbot, theme, tmp_path):
    experiment = presets.load("van-der-pol").experiment
    experiment = edits.follow_values(edits.set_parameter(experiment, experiment.system.parameters[0], 1.25))
    program = tmp_path / "again.py"
    program.write_text(script.program(experiment, "again.svg", size=SIZE), encoding="utf-8")
    done = subprocess.run([sys.executable, program.name], cwd=tmp_path, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    assert "Trajectory 1: finished" in done.stdout
    here = picture(experiment, tmp_path / "here.svg", size=SIZE)
    assert polylines(tmp_path / "again.svg") == polylines(here)


def streams(pdf: bytes) -> list[str]:
    """What is compressed in a PDF file."""
    found = []
    for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with contextlib.suppress(zlib.error):
            found.append(zlib.decompress(part).decode("latin-1"))
    return found


def polylines(path) -> list[str]:
    return re.findall(r'points="([^"]*)"', path.read_text())
