"""What the portrait draws."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from odeplayground.gui.plots import PortraitView
from odeplayground.gui.plots.canvas import Canvas
from odeplayground.session.scene import ArrowField, EquilibriumMark, Portrait, Scene, Trajectory
from odeplayground.spec import EquilibriumKind, FieldMode
from tests.gui.plots import scenes


@pytest.fixture
def view(qtbot, theme):
    widget = PortraitView()
    qtbot.addWidget(widget)
    widget.resize(500, 420)
    widget.show()
    return widget


def picture(view) -> QImage:
    QApplication.processEvents()
    return view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def pixels(view) -> np.ndarray:
    image = picture(view)
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width()) & 0xFFFFFF


def count(view, code: str) -> int:
    return int((pixels(view) == QColor(code).rgb() & 0xFFFFFF).sum())


def test_every_mode_in_every_theme_draws_its_own_picture(view, either_theme):
    tokens = either_theme.tokens
    seen = set()
    for mode in FieldMode:
        view.set_scene(scenes.scene(mode))
        view.set_samples(scenes.samples())
        view.set_time(2.0)
        seen.add(pixels(view).tobytes())
        # A curve of that colour, not just a dot or a sign.
        assert (count(view, tokens.learned) > 300) == (mode in (FieldMode.LEARNED, FieldMode.BOTH))
        assert (count(view, tokens.ink) > 300) == (mode is FieldMode.TRUE)
    assert len(seen) == len(FieldMode)


def test_the_theme_changes_live(view, theme):
    view.set_scene(scenes.scene())
    light = pixels(view)
    theme.set("dark")
    dark = pixels(view)
    surface = int(QColor(theme.tokens.surface).rgb() & 0xFFFFFF)
    assert (light == 0xFFFFFF).mean() > 0.5
    assert (dark == surface).mean() > 0.5
    assert not (dark == 0xFFFFFF).any()


@pytest.mark.parametrize("layer", ["arrows", "nullclines", "equilibria", "separatrices", "trajectories"])
def test_layers_can_be_switched_off(view, layer):
    view.set_scene(scenes.scene())
    before = pixels(view)
    view.set_scene(scenes.scene(**{layer: False}))
    assert (pixels(view) != before).any()
    view.set_scene(scenes.scene())
    assert (pixels(view) == before).all()


def test_samples_are_a_layer(view):
    view.set_scene(scenes.scene())
    before = pixels(view)
    view.set_samples(scenes.samples())
    assert (pixels(view) != before).any()
    view.set_scene(scenes.scene(samples=False))
    assert (pixels(view) == before).all()


@pytest.mark.parametrize("mode", list(FieldMode))
def test_the_same_curves_in_another_scene_are_not_drawn_again(view, monkeypatch, mode):
    view.set_scene(scenes.scene(mode))
    view.set_samples(scenes.samples())
    before = pixels(view)
    monkeypatch.setattr(Canvas, "_over", lambda *_: pytest.fail("the layers were drawn again"))
    view.set_scene(scenes.scene(mode))
    view.set_samples(scenes.samples())
    assert (pixels(view) == before).all()


def test_time_moves_the_dot_along_the_selected_trajectory(view, theme):
    view.set_scene(scenes.scene())
    accent = QColor(theme.tokens.accent).rgb()
    for time in (0.5, 2.0, 7.0):
        view.set_time(time)
        place = view.mapping.point(*scenes.TRUE.trajectories[0].at(time)).toPoint()
        assert picture(view).pixel(place) == accent


def test_the_dot_is_gone_after_the_end_of_a_diverged_trajectory(view, theme):
    short = Trajectory(np.array([0.0, 1.0]), np.array([[0.0, 1.0], [0.0, 1.0]]))
    view.set_scene(Scene(scenes.PENDULUM, Portrait((short,))))
    view.set_time(0.5)
    assert count(view, theme.tokens.accent) > 20
    view.set_time(3.0)
    assert count(view, theme.tokens.accent) == 0


def test_an_empty_scene_is_an_empty_plot(view):
    view.set_scene(Scene(msgspec.structs.replace(scenes.PENDULUM, starts=()), Portrait()))
    view.set_time(1.0)
    picture(view)


def test_a_selection_out_of_range_is_no_error(view):
    view.set_scene(Scene(msgspec.structs.replace(scenes.PENDULUM, selected=7), scenes.TRUE))
    view.set_time(1.0)
    picture(view)


def test_one_state_over_time(view):
    view.set_scene(scenes.decay_scene())
    view.set_time(3.0)
    assert view.ranges == ((0.0, 10.0), (0.0, 100.0))
    picture(view)


def test_undefined_and_huge_numbers_are_survived(view):
    t = np.linspace(0, 1, 400)
    wild = [
        np.stack([np.full(400, np.nan), t]),
        np.stack([t, -np.exp(700 * t)]),
        np.stack([np.where(t > 0.5, np.inf, t), 1e300 * np.sin(40 * t)]),
        np.stack([np.where(t > 0.5, 1e308, -1e308), np.where(np.arange(400) % 2, 1e308, -1e308)]),
    ]
    parts = tuple(Trajectory(t, y) for y in wild)
    grid = np.linspace(-4, 4, 9)
    field = ArrowField(grid, grid, np.array([np.nan, np.inf, 1e308, 0, 1, 1e-300, -1e200, 2, 3]), grid)
    mark = EquilibriumMark(np.array([np.nan, 1.0]), np.nan, 1.0, EquilibriumKind.DEGENERATE, (0j,))
    lines = (np.array([[np.nan, 0.0], [1e300, 1e300], [0.0, 0.0]]), np.empty((0, 2)))
    portrait = Portrait(parts, field, {"theta": [lines[0]]}, (mark,), lines)
    for selected in range(len(parts)):
        starts = ((np.nan, 0.0), (0.0, 1e300), (0.0,), (1.0, 1.0))
        experiment = msgspec.structs.replace(scenes.with_view(mode=FieldMode.BOTH), starts=starts, selected=selected)
        view.set_scene(Scene(experiment, portrait, portrait))
        view.set_time(0.7)
        picture(view)


def test_the_grid_follows_the_size(qtbot, view):
    with qtbot.waitSignal(view.grid_changed) as caught:
        view.resize(800, 700)
    nx, ny = caught.args
    assert 32 <= view.area.width() / nx <= 38
    assert 32 <= view.area.height() / ny <= 38


def test_names_and_a_description_for_screen_readers(view):
    view.set_scene(scenes.scene())
    assert view.accessibleName() == "Phase portrait"
    assert "omega over theta" in view.accessibleDescription()
    assert "3 trajectories" in view.accessibleDescription()
    assert view.x_name.text == "𝜃 rad"
    assert view.y_name.text == "𝜔 rad/s"


def test_an_animation_step_paints_the_same_as_the_whole(view):
    """Only the dot's surroundings are painted again; the outcome must be what a full painting gives."""
    view.set_scene(scenes.scene(FieldMode.BOTH))
    QApplication.processEvents()
    for time in np.linspace(0, 3, 31):
        view.set_time(float(time))
        QApplication.processEvents()
    shown = QApplication.primaryScreen().grabWindow(view.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)
    whole = picture(view)
    if shown.size() != whole.size():
        pytest.skip("this platform cannot read the screen")
    array = [
        np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[..., :3].astype(int)
        for image in (shown, whole)
    ]
    # Rounding may differ by a shade, whole dashes may not.
    assert (np.abs(array[0] - array[1]).max(axis=2) > 40).sum() == 0
