"""Memory does not grow, however long somebody plays."""

from collections.abc import Callable

import numpy as np
import pytest

from odeplayground import dynamics, expr
from odeplayground.dynamics.kernels.store import MOST, wait_for_workshop
from odeplayground.jobs import InlineRunner, Mailbox
from odeplayground.session import Session, edits
from odeplayground.session.training import LATEST_ONLY
from odeplayground.storage import presets
from tests.soak.memory import MOST_GROWTH, STATUS, resident

MOVES, WARM_UP = 10_000, 500

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(not STATUS.exists(), reason="memory is read from /proc"),
    pytest.mark.timeout(3600),
]


def growth(move: Callable[[int], None], moves: int, warm_up: int) -> float:
    for number in range(warm_up):
        move(number)
    wait_for_workshop()
    before = resident()
    for number in range(warm_up, warm_up + moves):
        move(number)
    wait_for_workshop()
    return resident() - before


def test_moving_a_slider_of_an_ensemble():
    system = presets.preset("pendulum")
    starts = np.random.default_rng(0).uniform((-3.0, -5.0), (3.0, 5.0), (60, 2))
    times = np.linspace(0.0, 10.0, 500)

    def move(number: int) -> None:
        solved = dynamics.simulate_many(system, starts, {"b": 1e-4 * number}, (0.0, 10.0), times)
        assert np.isfinite(solved.y).all()

    assert growth(move, MOVES, WARM_UP) < MOST_GROWTH


def test_moving_a_slider_in_a_session(tmp_path, monkeypatch):
    monkeypatch.setenv("ODEPLAYGROUND_HOME", str(tmp_path))
    session = Session(runner=InlineRunner(Mailbox(LATEST_ONLY)))
    session.start()
    session.simulation.refresh()
    shown = []
    session.simulation.scene_changed.connect(lambda scene: shown.append(scene.experiment.parameters["b"]))

    def move(number: int) -> None:
        experiment = session.document.experiment
        session.document.apply(edits.set_parameter(experiment, "b", 1e-4 * number), "Set b", merge="b")
        session.pump()

    grown = growth(move, MOVES, WARM_UP)
    session.close()
    assert shown[-1] == pytest.approx(1e-4 * (MOVES + WARM_UP - 1))
    assert grown < MOST_GROWTH


def test_editing_equations_for_long():
    """Machine code that nobody can ask for any more gives its memory back."""
    starts = np.random.default_rng(0).uniform(-1.0, 1.0, (20, 2))

    def move(number: int) -> None:
        system = expr.parse(f"x' = y\ny' = -x - {0.1 + 1e-3 * number:.4f}*sin(y)\n").system
        assert system is not None
        dynamics.simulate_many(system, starts, None, (0.0, 1.0), None)

    assert growth(move, 20 * MOST, 4 * MOST) < MOST_GROWTH
