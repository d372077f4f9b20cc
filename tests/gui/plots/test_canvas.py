"""Layers are painted when they change, and only then."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from odeplayground.gui.plots import Plot
from odeplayground.gui.plots.canvas import Canvas
from odeplayground.gui.plots.markers import Dot
from odeplayground.gui.plots.screen import Layer
from odeplayground.gui.theme import theme as current_theme


class Square(Layer):
    """Ten pixels in the middle of the plot, and how often they were painted."""

    def __init__(self, z=0.0, live=False, token="accent"):
        super().__init__(z, live)
        self.token = token
        self.count = 0

    def draw(self, painter, mapping, view, exposed):
        self.count += 1
        painter.fillRect(
            QRectF(view.center().x() - 5, view.center().y() - 5, 10, 10), current_theme().color(self.token)
        )


@pytest.fixture
def plot(qtbot, theme):
    widget = Plot()
    qtbot.addWidget(widget)
    widget.resize(300, 240)
    widget.set_ranges((0.0, 1.0), (0.0, 1.0))
    widget.show()
    return widget


@pytest.fixture
def square(plot):
    layer = Square()
    plot.add(layer)
    plot.grab()
    return layer


def middle(plot):
    return plot.grab().toImage().pixelColor(plot.area.center().toPoint())


def painted_again(layer, work):
    before = layer.count
    work()
    return layer.count > before


def test_a_moving_dot_paints_no_still_layer(plot, square):
    dot = Dot(40.0, "learned", 5.0)
    plot.add_item(dot)
    plot.grab()

    def move():
        for i in range(10):
            dot.place(0.1 * i, 0.5)
            QApplication.processEvents()
            plot.grab()

    assert not painted_again(square, move)
    dot.place(0.5, 0.5)
    assert middle(plot) == current_theme().color("learned")


def test_a_live_layer_paints_no_still_one(plot, square):
    live = Square(live=True, token="learned")
    plot.add(live)
    plot.grab()

    def change():
        live.update()
        plot.grab()

    assert painted_again(live, change)
    assert not painted_again(square, change)
    assert middle(plot) == current_theme().color("learned")


@pytest.mark.parametrize("change", ["layer", "range", "size", "theme"])
def test_what_changes_is_in_the_next_picture(plot, square, change):
    def work():
        match change:
            case "layer":
                square.token = "error"
                square.update()
            case "range":
                plot.set_ranges((0.0, 2.0), (0.0, 1.0))
            case "size":
                plot.resize(340, 280)
            case "theme":
                current_theme().set("dark")
        assert middle(plot) == current_theme().color(square.token)

    assert painted_again(square, work)
    assert plot.grab().toImage().pixelColor(1, 1) == current_theme().color("surface")


def test_the_same_range_again_paints_nothing(plot, square):
    def work():
        plot.set_ranges((0.0, 1.0), (0.0, 1.0))
        plot.grab()

    assert not painted_again(square, work)


def test_hidden_layers_are_not_painted_and_higher_ones_lie_above(plot, square):
    plot.add(upper := Square(2.0, token="learned"))
    plot.add(Square(1.0, token="error"))
    assert middle(plot) == current_theme().color("learned")
    upper.set_visible(False)
    assert middle(plot) == current_theme().color("error")


def test_a_finer_device_gets_a_finer_picture(plot, square):
    """The PNG export has two pixels for each of the screen's."""

    def fine():
        image = QImage(600, 480, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(2)
        painter = QPainter(image)
        QWidget.render(plot, painter, QPoint(0, 0))
        painter.end()
        return image

    assert painted_again(square, fine)
    centre = (2 * plot.area.center()).toPoint()
    accent = current_theme().color("accent")
    row = [x for x in range(600) if fine().pixelColor(x, centre.y()) == accent]
    assert len(row) == 20
    assert painted_again(square, plot.grab)
    assert middle(plot) == accent


def test_a_layer_that_fails_does_not_take_the_process_along(plot):
    class Broken(Square):
        def draw(self, painter, mapping, view, exposed):
            raise ValueError("no picture today")

    canvas = Canvas(lambda: None)
    canvas.add(Broken())
    canvas.add(Broken(live=True))
    ground = QImage(100, 80, QImage.Format.Format_ARGB32)
    painter = QPainter(ground)
    view = QRectF(0, 0, 100, 80)
    for _ in range(3):
        with pytest.raises(ValueError, match="no picture"):
            canvas.paint(painter, ground.size(), current_theme().color("surface"), plot.mapping, view, view)
    assert painter.isActive()
    painter.end()
