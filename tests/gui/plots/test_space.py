"""The view of space: its projection, the box, fading, and what mouse and keys do."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QByteArray, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication

from odeplayground.gui.plots.space import SpaceView, edges
from odeplayground.gui.plots.space.camera import SIDES, Camera, Eye
from odeplayground.gui.plots.space.fading import LEVELS, Strands
from odeplayground.session import view_edits
from odeplayground.session.scene import Portrait, Scene, Trajectory
from odeplayground.spec import Experiment, System, Variable, View

RANGES = ((-1.0, 1.0), (0.0, 10.0), (-5.0, 5.0))
T = np.linspace(0, 10, 400)
HELIX = np.stack([np.cos(2 * T), 5 + 4 * np.sin(2 * T), T - 5])
EXPERIMENT = Experiment(
    "Helix",
    "",
    System(tuple(Variable(name, "0") for name in "xyz")),
    ((1.0, 5.0, -5.0), (0.0, 1.0, 2.0)),
    View("x", "y", RANGES[0], RANGES[1]),
)


def scene(experiment=EXPERIMENT) -> Scene:
    in_space = view_edits.set_space(experiment, "z", RANGES[2])
    flat = Trajectory(T, np.stack([T / 10, np.full_like(T, 9.0), np.full_like(T, -4.0)]))
    return Scene(in_space, Portrait((Trajectory(T, HELIX), flat)))


def eye(azimuth=-55.0, elevation=20.0) -> Eye:
    return Eye(Camera(azimuth, elevation), RANGES, 600.0, 500.0)


@pytest.fixture
def view(qtbot, theme):
    widget = SpaceView()
    qtbot.addWidget(widget)
    widget.resize(520, 460)
    widget.set_scene(scene())
    widget.show()
    return widget


def test_the_frame_of_a_camera_is_orthonormal_and_looks_at_the_middle():
    for azimuth, elevation in ((0, 0), (-55, 20), (170, 88), (33, -60)):
        frame = Camera(azimuth, elevation).frame
        assert frame @ frame.T == pytest.approx(np.eye(3), abs=1e-12)
        assert np.linalg.det(frame) == pytest.approx(1.0)
        pixels, near = eye(azimuth, elevation).seen(np.array([[0.0, 5.0, 0.0]]))
        assert pixels[0, 0] == pytest.approx(300.0)
        assert near[0] == pytest.approx(0.5)


def test_up_stays_up_and_the_near_is_larger():
    one = eye()
    (low, high), _ = one.seen(np.array([[0.0, 5.0, -5.0], [0.0, 5.0, 5.0]]))
    assert high[1] < low[1]
    assert high[0] == pytest.approx(low[0])
    towards = one.camera.frame[2]
    for side in (1, -1):
        steps = np.array([side * towards, side * towards + one.camera.frame[0]]).T
        pixels, near = one.seen_in_box(steps)
        assert (near[0] > 0.5) == (side > 0)
        length = np.hypot(*(pixels[1] - pixels[0]))
        reference = np.hypot(*np.diff(one.seen_in_box(np.stack([np.zeros(3), one.camera.frame[0]]).T)[0], axis=0)[0])
        assert (length > reference) == (side > 0)


def test_the_box_fits_into_the_picture_from_every_side():
    signs = np.array(np.meshgrid([-1, 1], [-1, 1], [-1, 1])).reshape(3, -1)
    for azimuth in range(-180, 180, 30):
        for elevation in (-80, -20, 0, 20, 50):
            pixels, _ = eye(azimuth, elevation).seen_in_box(signs * SIDES[:, None])
            assert pixels.min() > 0
            assert (pixels < (600.0, 500.0)).all()


def test_numbers_stand_on_the_outline():
    """Everything of the box is on one side of the edge at which numbers stand."""
    signs = np.array(np.meshgrid([-1, 1], [-1, 1], [-1, 1])).reshape(3, -1)
    for azimuth in (-160, -55, 20, 100):
        one = eye(azimuth)
        corners, _ = one.seen_in_box(signs * SIDES[:, None])
        for edge in edges.labelled(one):
            (begin, end), _ = one.seen_in_box(edge.ends.T)
            along, off = end - begin, corners - begin
            side = along[0] * off[:, 1] - along[1] * off[:, 0]
            assert (side < 1e-6).all() or (side > -1e-6).all()


def test_fading_keeps_every_piece_of_every_curve_once():
    curve = HELIX.T.copy()
    curve[100] = np.nan
    strands = Strands([curve, curve[:50]])
    seen = strands.seen(eye())
    pieces = sum(int((bundle.stops - bundle.starts - 1).sum()) for bundle in seen.bundles)
    assert pieces == (399 - 2) + 49
    assert sum(bundle.starts.size > 0 for bundle in seen.bundles) == LEVELS
    for bundle in seen.bundles:
        for start, stop in zip(bundle.starts, bundle.stops, strict=True):
            assert np.isfinite(seen.pixels[start:stop]).all()


def test_dragging_turns_and_tells_once(qtbot, view):
    before = view.grab().toImage()
    azimuth, elevation = view.camera.azimuth, view.camera.elevation
    told = []
    view.turned.connect(lambda *angles: told.append(angles))
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    for step in range(1, 6):
        qtbot.mouseMove(view, QPoint(200 + 10 * step, 200 + 6 * step))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(250, 230))
    assert len(told) == 1
    assert view.camera.azimuth < azimuth
    assert view.camera.elevation > elevation
    assert view.grab().toImage() != before


def test_keys_turn_zoom_and_come_back(qtbot, view):
    home = view.camera
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Plus):
        qtbot.keyClick(view, key)
    assert view.camera.azimuth < home.azimuth
    assert view.camera.elevation > home.elevation
    assert view.camera.zoom > home.zoom
    with qtbot.waitSignal(view.turned):
        qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.camera == Camera()


def test_a_click_selects_the_trajectory_under_it(qtbot, view):
    place = view.eye.seen(np.array([[0.5, 9.0, -4.0]]))[0][0]
    with qtbot.waitSignal(view.select_requested) as caught:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPointF(*place).toPoint())
    assert caught.args == [1]
    assert "Trajectory 2" in view.explanation(QPointF(*place)).title


def test_the_dot_is_where_the_trajectory_is(view, theme):
    for time in (1.0, 4.0):
        view.set_time(time)
        QApplication.processEvents()
        place = view.eye.seen(Trajectory(T, HELIX).at(time)[None])[0][0]
        pixel = view.grab().toImage().pixelColor(QPointF(*place).toPoint())
        assert pixel == theme.color("accent")


def test_states_stand_in_their_order_with_the_last_one_up(view):
    turned = view_edits.set_axis(view_edits.set_axis(EXPERIMENT, "y", "z"), "x", "y")
    view.set_scene(Scene(view_edits.set_space(turned, "x", RANGES[0]), msgspec.structs.replace(scene().true)))
    assert view._projection.names == ("x", "y", "z")
    assert view.eye.ranges[0] == RANGES[0]


def test_it_is_drawn_with_vectors_where_these_can_be_kept(view):
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(view.size())
    painter = QPainter(generator)
    view.draw(painter)
    painter.end()
    text = bytes(data.data()).decode()
    assert "<image" not in text
    assert text.count("<polyline") > LEVELS


def test_undefined_and_huge_numbers_are_survived(view):
    y = HELIX.copy()
    y[0, 5], y[1, 9], y[2, 20:30] = np.nan, np.inf, 1e300
    wild = Portrait((Trajectory(T, y), Trajectory(T[:0], HELIX[:, :0])))
    view.set_scene(Scene(scene().experiment, wild))
    view.set_time(3.0)
    assert view.grab().toImage().format() != QImage.Format.Format_Invalid
