"""The drawings of the thing itself."""

from __future__ import annotations

import gc
import weakref

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage

from odeplayground.gui.animations import create, figures, populations
from odeplayground.gui.animations.crowd import Crowd
from odeplayground.gui.animations.double_pendulum import DoublePendulum
from odeplayground.gui.animations.laser import Laser
from odeplayground.gui.animations.orbits import ThreeBody
from odeplayground.gui.animations.populations import Populations
from odeplayground.gui.animations.reaction import Reaction
from odeplayground.session.scene import Trajectory
from odeplayground.spec import Animation, Parameter, System, Variable
from tests.gui.plots import scenes

SIZES = ((200, 140), (336, 240), (520, 380), (230, 500))


def experiment(*names):
    system = System(tuple(Variable(name, "0", 1.0) for name in names))
    return msgspec.structs.replace(scenes.PENDULUM, system=system, units=dict.fromkeys(names, "mol/L"))


def decaying(*rates):
    t = np.linspace(0, 20, 200)
    return Trajectory(t, np.array([np.exp(-rate * t) for rate in rates]))


CASES = {
    Animation.PENDULUM: (scenes.PENDULUM, scenes.TRUE.trajectories[0]),
    Animation.DRIVEN_PENDULUM: (scenes.PENDULUM, scenes.TRUE.trajectories[0]),
    Animation.COOLING: (experiment("T"), decaying(0.2)),
    Animation.REACTION: (experiment("A", "B", "C"), decaying(0.2, 0.1, 0.05)),
    Animation.BARS: (experiment("x", "y", "z", "a_long_name"), decaying(0.2, -0.1, 0.05, 0.0)),
    Animation.DIALS: (experiment("x", "y", "z", "a_long_name"), decaying(0.2, -0.1, 0.05, 0.0)),
}
TWO = (experiment("x", "y"), decaying(0.2, 0.1))


@pytest.fixture(params=list(Animation))
def case(request, qtbot):
    of, trajectory = CASES.get(request.param, TWO)
    widget = create(request.param)
    qtbot.addWidget(widget)
    widget.set_experiment(of)
    widget.set_trajectory(trajectory)
    return widget, trajectory


def picture(widget) -> bytes:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return bytes(image.constBits())


def test_every_size_in_every_theme(case, either_theme):
    widget, trajectory = case
    for size in SIZES:
        widget.resize(*size)
        widget.set_state(trajectory.at(3.0), time=3.0)
        corner = widget.grab().toImage().pixelColor(0, 0)
        assert corner == either_theme.color("surface")


def test_the_drawing_follows_the_state(case, theme):
    widget, trajectory = case
    widget.resize(336, 240)
    seen = set()
    for time in (0.0, 2.5, 9.0):
        widget.set_state(trajectory.at(time), time=time)
        seen.add(picture(widget))
    assert len(seen) == 3
    widget.set_state(trajectory.at(9.0), time=9.0)
    assert picture(widget) in seen


def test_the_learned_state_is_drawn_beside_the_true_one(case, theme):
    widget, trajectory = case
    widget.resize(336, 240)
    widget.set_state(trajectory.at(2.5), time=2.5)
    alone = picture(widget)
    widget.set_state(trajectory.at(2.5), learned=trajectory.at(4.0), time=2.5)
    assert picture(widget) != alone


def test_the_theme_changes_live(case, theme):
    widget, trajectory = case
    widget.set_state(trajectory.at(1.0), time=1.0)
    light = picture(widget)
    theme.set("dark")
    assert picture(widget) != light


@pytest.mark.parametrize("values", [(), (np.nan, np.nan, np.nan, np.nan), (np.inf, 1e300, -1e300, 0.0)])
def test_wrong_states_are_no_error(case, theme, values):
    widget, _ = case
    widget.set_state(values, learned=values, time=1.0)
    widget.grab()
    widget.set_trajectory(None)
    widget.grab()
    widget.set_trajectory(Trajectory(np.array([0.0, 1.0]), np.full((4, 2), np.nan)))
    widget.grab()
    widget.set_trajectory(Trajectory(np.empty(0), np.empty((4, 0))))
    widget.grab()


def test_before_anything_is_known(qtbot, theme):
    for kind in Animation:
        widget = create(kind)
        qtbot.addWidget(widget)
        widget.grab()
        assert widget.accessibleName()


def test_the_energy_is_a_row_of_its_own(qtbot, theme):
    widget = create(Animation.PENDULUM)
    qtbot.addWidget(widget)
    widget.resize(336, 240)
    widget.set_experiment(scenes.PENDULUM)
    widget.set_state((0.5, 1.0))
    before = picture(widget)
    widget.set_extra([("E", 5.94, "J")])
    assert picture(widget) != before


def test_dots_in_the_beaker_are_shared_out_as_the_concentrations(qtbot, theme):
    widget = Reaction()
    qtbot.addWidget(widget)
    widget.set_experiment(experiment("A", "B"))
    t = np.linspace(0, 1, 11)
    widget.set_trajectory(Trajectory(t, np.array([1 - t, t])))
    for share in (0.0, 0.25, 0.5, 1.0):
        widget.set_state((1 - share, share))
        kinds = widget.kinds()
        assert (kinds >= 0).all()
        assert np.mean(kinds == 1) == pytest.approx(share, abs=0.01)
    widget.set_state((0.25, 0.25))
    assert np.mean(widget.kinds() >= 0) == pytest.approx(0.5, abs=0.01)
    widget.set_state((-1.0, np.nan))
    assert (widget.kinds() == -1).all()


def test_dots_keep_their_kind_as_long_as_nothing_happens(qtbot, theme):
    kinds = []
    for _ in range(2):
        widget = Reaction()
        qtbot.addWidget(widget)
        widget.set_experiment(experiment("A", "B"))
        widget.set_state((0.3, 0.7))
        kinds.append(widget.kinds().tolist())
    assert kinds[0] == kinds[1]


def test_animals_are_as_many_as_the_numbers_say(qtbot, theme):
    widget = Populations()
    qtbot.addWidget(widget)
    widget.set_experiment(experiment("x", "y"))
    t = np.linspace(0, 1, 11)
    widget.set_trajectory(Trajectory(t, np.array([40 * t, 10 - 10 * t])))
    widget.set_state((40.0, 0.0))
    assert (widget.count(0), widget.count(1)) == (26, 0)
    widget.set_state((20.0, 5.0))
    assert widget.count(0) == pytest.approx(13) == widget.count(1)
    widget.set_state((-1.0, np.nan))
    assert (widget.count(0), widget.count(1)) == (0, 0)


def test_people_pass_the_stages_in_order_and_nobody_is_lost(qtbot, theme):
    widget = Crowd()
    qtbot.addWidget(widget)
    widget.set_experiment(experiment("S", "I", "R"))
    before = None
    for susceptible, ill, well in ((99, 1, 0), (60, 30, 10), (10, 20, 70), (0, 0, 100)):
        widget.set_state((susceptible, ill, well))
        stages = widget.stages()
        counts = [np.mean(stages == k) for k in range(3)]
        assert counts == pytest.approx([susceptible / 100, ill / 100, well / 100], abs=0.01)
        assert before is None or (stages >= before).all()
        before = stages


def test_excited_atoms_are_as_many_as_the_state_says(qtbot, theme):
    widget = Laser()
    qtbot.addWidget(widget)
    widget.set_experiment(experiment("n", "N"))
    widget.set_trajectory(Trajectory(np.array([0.0, 1.0]), np.array([[0.0, 1.0], [0.0, 2.0]])))
    widget.set_state((0.5, 1.0))
    assert np.mean(widget.excited()) == pytest.approx(0.5, abs=0.04)


def test_the_rods_of_the_double_pendulum_are_as_long_as_the_parameters_say(qtbot, theme):
    of = msgspec.structs.replace(
        experiment("a", "b"),
        system=System((Variable("a", "0"), Variable("b", "0")), constants=(Parameter("L1", 1.0), Parameter("L2", 3.0))),
    )
    widget = DoublePendulum()
    qtbot.addWidget(widget)
    widget.resize(360, 240)
    widget.set_experiment(of)
    widget.set_state((0.0, np.pi / 2))
    upper, lower = widget._places(QPointF(0, 0), (20.0, 60.0))
    assert (upper.x(), upper.y()) == pytest.approx((0, 20))
    assert (lower.x(), lower.y()) == pytest.approx((60, 20))
    assert widget.parameter("L2", 1.0) == 3.0


def test_earth_and_moon_share_the_mass(qtbot, theme):
    widget = ThreeBody()
    qtbot.addWidget(widget)
    widget.parameters = {"mu": 0.25}
    (earth, *_), (moon, *_) = widget.bodies()
    assert 0.75 * earth + 0.25 * moon == pytest.approx(0)
    assert moon - earth == 1


def test_figures_stand_on_the_ground_and_are_about_one_high():
    for figure in (figures.hare, figures.lynx, figures.hawk, figures.sheep, figures.person):
        box = figure().boundingRect()
        assert box.bottom() < 0.1
        assert 0.7 < box.height() < 1.4


def test_what_stands_still_is_painted_once(qtbot, theme, monkeypatch):
    widget = Populations()
    qtbot.addWidget(widget)
    painted = []
    paint = populations._draw_meadow
    monkeypatch.setattr(populations, "_draw_meadow", lambda *what: (painted.append(1), paint(*what)))
    widget.resize(336, 240)
    widget.grab()
    widget.grab()
    assert len(painted) == 1
    theme.set("dark")
    widget.grab()
    assert len(painted) == 2


def test_a_drawing_is_gone_when_nobody_has_it(qtbot, theme):
    """Without the collector, which may run in a thread where no widget may end."""
    gc.disable()
    try:
        for kind in Animation:
            widget = create(kind)
            widget.grab()
            known = weakref.ref(widget)
            del widget
            assert known() is None, kind
    finally:
        gc.enable()
