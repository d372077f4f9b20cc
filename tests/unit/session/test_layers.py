"""Streamlines, limit cycles and basins: what they are, and when they are computed."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.jobs import CancelToken
from odeplayground.session import Document, Simulation, attractors, background, edits, request
from odeplayground.session.portrait_job import UNFINISHED, portrait_job
from odeplayground.session.request import Part, Request
from odeplayground.session.simulation import TRUE_CHANNELS
from odeplayground.spec import CycleKind, Experiment, FieldMode, FieldStyle, Layer, View
from tests.unit.session.manual import ManualRunner
from tests.unit.session.networks import linear_network
from tests.unit.session.systems import DECAY, LORENZ, experiment

NEVER = CancelToken()
TURNING = "x' = x - y - x*(x^2 + y^2)\ny' = x + y - y*(x^2 + y^2)\nx(0) = 0.5\ny(0) = 0\n"
"""In polar coordinates r' = r - r^3, angle' = 1."""
TWO_WELLS = "x' = x - x^3\ny' = -y\nx(0) = 0.5\ny(0) = 0\n"


def around(text: str, reach: float = 2.0, **layers: bool) -> Experiment:
    made = edits.set_view_range(experiment(text), (-reach, reach), (-reach, reach))
    for name, on in layers.items():
        if getattr(made.view, name) is not on:
            made = edits.toggle_layer(made, name)
    return made


def true(start: Experiment) -> Request:
    return request.of_true(start, (10, 8))


def parts(start: Experiment) -> set[Part]:
    return {part for part, _ in true(start).wanted()}


@pytest.mark.parametrize("layer", list(Layer))
def test_every_layer_is_a_field_of_the_view_and_says_what_it_is(layer: Layer) -> None:
    assert isinstance(getattr(View("x", "y", (0, 1), (0, 1)), layer.value), bool)
    assert layer.label
    assert layer.help.endswith(".")


def test_only_layers_that_are_on_are_computed() -> None:
    everything = around(TURNING, cycles=True, basins=True)
    assert {Part.CYCLES, Part.BASINS, Part.ARROWS} <= parts(everything)
    assert not {Part.CYCLES, Part.BASINS, Part.ARROWS} & parts(around(TURNING, cycles=False, arrows=False))


def test_a_field_has_one_style() -> None:
    lines = edits.set_field_style(around(TURNING, arrows=False), FieldStyle.STREAMLINES)
    assert Part.STREAMLINES in parts(lines)
    assert Part.ARROWS not in parts(lines)
    assert Part.ARROWS in parts(edits.set_field_style(lines, FieldStyle.PARTICLES))
    slopes = edits.set_field_style(experiment(DECAY), FieldStyle.STREAMLINES)
    assert Part.ARROWS in parts(slopes), "one state has a slope field"


def test_what_takes_long_is_left_out_where_it_is_not_shown() -> None:
    start = around(TURNING, basins=True)
    network = linear_network(("x", "y"), -np.eye(2))

    def learned(mode: FieldMode, training: bool = False) -> set[Part]:
        wanted = request.of_learned(edits.set_mode(start, mode), network, (4, 4), training=training).wanted()
        return {part for part, _ in wanted} & request.SEARCHES

    assert learned(FieldMode.LEARNED) == request.SEARCHES
    assert learned(FieldMode.BOTH) == {Part.CYCLES}
    assert learned(FieldMode.LEARNED, training=True) == learned(FieldMode.ERROR) == set()
    assert not parts(edits.set_mode(start, FieldMode.ERROR)) & request.SEARCHES


def test_systems_in_the_plane_show_their_cycles_and_larger_ones_when_asked() -> None:
    assert experiment(TURNING).view.cycles
    assert not experiment(LORENZ).view.cycles


def test_streamlines_follow_the_field() -> None:
    lines = background.streamlines(true(around("x' = y\ny' = -x\nx(0) = 1\ny(0) = 0\n")), NEVER)
    assert len(lines) > 3
    for line in lines:
        radius = np.hypot(*line.T)
        assert np.ptp(radius) < 0.02
        turn = line[:-1, 0] * line[1:, 1] - line[:-1, 1] * line[1:, 0]
        assert (turn < 0).all(), "clockwise"


def test_the_cycle_of_a_normal_form() -> None:
    (cycle,) = attractors.cycles(true(around(TURNING)), NEVER)
    assert cycle.kind is CycleKind.STABLE
    assert cycle.period == pytest.approx(2 * np.pi, rel=1e-6)
    assert np.allclose(np.hypot(*cycle.curve.T), 1.0, atol=1e-6)
    assert abs(cycle.multipliers[1]) == pytest.approx(np.exp(-4 * np.pi), rel=1e-4)
    backwards = TURNING.replace("x' = x - y - x", "x' = -x - y + x").replace("y' = x + y - y", "y' = x - y + y")
    (cycle,) = attractors.cycles(true(around(backwards)), NEVER)
    assert not cycle.stable


def test_driven_systems_have_neither_cycles_nor_basins() -> None:
    driven = true(around("x' = y\ny' = -x + cos(t)\nx(0) = 1\ny(0) = 0\n"))
    assert attractors.cycles(driven, NEVER) == ()
    ((basins, finished),) = attractors.basins(driven, NEVER)
    assert finished
    assert basins.ends == ()


def test_basins_of_two_wells_are_the_half_planes() -> None:
    *sketches, (basins, finished) = attractors.basins(true(around(TWO_WELLS)), NEVER)
    assert finished
    assert sketches
    assert not any(done for _, done in sketches)
    assert {round(float(end.state[0])) for end in basins.ends} == {-1, 1}
    for x in (-1.7, -0.1, 0.1, 1.7):
        label = basins.at(x, 0.3)
        assert label is not None
        assert np.sign(basins.ends[label].state[0]) == np.sign(x)
    assert basins.at(5.0, 0.0) is None


def test_a_sketch_is_shown_but_counts_as_missing() -> None:
    wanted = true(around(TWO_WELLS, basins=True))
    key = wanted.wanted()[Part.BASINS, 0]
    job = portrait_job(wanted, [Part.BASINS], {(Part.BASINS, 0): key})
    keys = [parts.values[Part.BASINS, 0][0] for parts in job(NEVER)]
    assert keys[-1] == key
    assert all(one is UNFINISHED for one in keys[:-1])


def test_a_cancelled_search_brings_nothing() -> None:
    token = CancelToken()
    token.cancel()
    wanted = true(around(TURNING, basins=True))
    missing = {slot: key for slot, key in wanted.wanted().items() if slot[0] in request.SEARCHES}
    assert list(portrait_job(wanted, [Part.CYCLES, Part.BASINS], missing)(token)) == []


def test_searches_wait_for_the_first_picture_and_hold_up_none() -> None:
    runner, document = ManualRunner(), Document(around(TURNING))
    simulation = Simulation(document, runner)
    simulation.refresh()
    portrait, background, search = TRUE_CHANNELS
    for channel in TRUE_CHANNELS:
        assert set(runner.tasks) == {channel}
        if channel != search:
            advance(runner, simulation, channel)
    assert simulation.busy
    for x in (0.6, 0.7):  # moves while the search is under way
        document.apply(edits.set_view_range(document.experiment, (-2.0, 2.0), (-2.0 - x, 2.0 + x)), "Move")
        advance(runner, simulation, portrait)
        advance(runner, simulation, background)
        scene = simulation.scene
        assert scene is not None
        assert scene.experiment == document.experiment
        assert scene.true.cycles == ()
    while runner.tasks:
        advance(runner, simulation, search)
    assert simulation.scene is not None
    assert len(simulation.scene.true.cycles) == 1
    assert not simulation.busy


def advance(runner: ManualRunner, simulation: Simulation, channel: str) -> None:
    """Run the jobs of a channel to their ends."""
    while channel in runner.tasks:
        runner.advance(channel)
        for message in runner.drain():
            simulation.handle(message.channel, message.body)
        simulation.publish()


def test_numerics_agree_about_what_is_shown() -> None:
    wanted = true(around(TURNING))
    (cycle,) = attractors.cycles(wanted, NEVER)
    solution = dynamics.simulate(wanted.field.system, (0.0, cycle.period), {"x": 1.0, "y": 0.0}, rtol=1e-10)
    assert np.allclose(solution.y[:, -1], [1.0, 0.0], atol=1e-7)
