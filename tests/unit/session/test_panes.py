"""Views beside the portrait: own backgrounds, shared trajectories."""

from __future__ import annotations

import numpy as np

from odeplayground.jobs import InlineRunner, Mailbox
from odeplayground.session import edits, panes, view_edits
from odeplayground.session.document import Document
from odeplayground.session.panes import Panes
from odeplayground.session.scene import Scene
from odeplayground.session.simulation import Simulation
from odeplayground.spec import Experiment
from tests.unit.session.systems import LORENZ, experiment


class Hand:
    """Both, without a session around them."""

    def __init__(self, start: Experiment) -> None:
        self.runner = InlineRunner(Mailbox())
        self.document = Document(start)
        self.simulation = Simulation(self.document, self.runner)
        self.panes = Panes(self.document, self.simulation, self.runner)
        self.seen: list[tuple[int, Scene]] = []
        self.panes.scene_changed.connect(self._keep)
        self.simulation.refresh()
        self.panes.refresh()
        self.pump()

    def _keep(self, number: int, scene: Scene) -> None:
        self.seen.append((number, scene))

    def pump(self) -> None:
        for _ in range(20):
            for message in self.runner.drain():
                handle = self.panes.handle if message.channel in panes.CHANNELS else self.simulation.handle
                handle(message.channel, message.body)
            self.simulation.publish()
            self.panes.publish()


def lorenz() -> Experiment:
    return edits.set_view_range(experiment(LORENZ), (-20.0, 21.0), (-30.0, 31.0))


def test_one_view_costs_nothing_more() -> None:
    hand = Hand(lorenz())
    assert not hand.seen
    assert not hand.panes.busy


def test_a_further_view_has_its_own_background_and_the_same_curves() -> None:
    hand = Hand(view_edits.add_view(lorenz()))
    number, scene = hand.seen[-1]
    whole = hand.simulation.scene
    assert number == 1
    assert whole is not None
    assert (scene.experiment.view.x, scene.experiment.view.y) == ("x", "z")
    assert all(one is other for one, other in zip(scene.true.trajectories, whole.true.trajectories, strict=True))
    assert scene.true.arrows is not None
    # Arrows of the pane are those of its own axes: dz/dt = x*y - 8/3*z with y held at the start.
    field = scene.true.arrows
    assert np.allclose(field.v, field.x * 1.0 - 8 / 3 * field.y)


def test_it_follows_edits_and_is_gone_when_closed() -> None:
    hand = Hand(view_edits.add_view(lorenz()))
    hand.document.apply(edits.add_start(hand.document.experiment, (5.0, 5.0, 5.0)), "Add")
    hand.pump()
    assert len(hand.seen[-1][1].true.trajectories) == 2
    moved = view_edits.in_view(
        hand.document.experiment, 1, lambda one: edits.set_view_range(one, (0.0, 1.0), (0.0, 1.0))
    )
    hand.document.apply(moved, "Move")
    hand.pump()
    assert hand.panes.scene(1).experiment.view.x_range == (0.0, 1.0)  # type: ignore[union-attr]
    hand.document.undo()
    hand.pump()
    assert hand.panes.scene(1).experiment.view.x_range != (0.0, 1.0)  # type: ignore[union-attr]
    hand.document.apply(view_edits.close_view(hand.document.experiment, 1), "Close")
    hand.pump()
    assert hand.panes.scene(1) is None


def test_the_nearest_state_of_a_curve() -> None:
    hand = Hand(lorenz())
    assert hand.simulation.scene is not None
    portrait = hand.simulation.scene.true
    run = portrait.trajectories[0]
    wanted = run.y[:, 100]
    found = panes.nearest(portrait, 0, lambda _t, y: y[:2].T, wanted[:2] + 1e-9)
    assert found is not None
    assert np.allclose(found, wanted)
    assert panes.nearest(portrait, 7, lambda _t, y: y[:2].T, wanted[:2]) is None
