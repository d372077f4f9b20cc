"""Poincaré sections that grow, the period of a forcing, and exponents on demand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from odeplayground.jobs import CancelToken, InlineRunner, Mailbox
from odeplayground.session import edits, exponents, forcing, view_edits
from odeplayground.session.document import Document
from odeplayground.session.equations import without_numbers
from odeplayground.session.exponents import Estimate
from odeplayground.session.request import Field
from odeplayground.session.section_job import SectionPoints, SectionRequest, section_job
from odeplayground.session.sections import CHANNELS, Sections
from odeplayground.session.simulation import Simulation
from odeplayground.spec import Cut, Experiment
from tests.unit.session.systems import LORENZ, experiment

DRIVEN = "x' = v\nv' = -0.2*v - x + cos(w*t)\nw = 1.5\nx(0) = 1\nv(0) = 0\nt in [0, 40]\n"
CIRCLE = "x' = -y + x*(1 - x^2 - y^2)\ny' = x + y*(1 - x^2 - y^2)\nx(0) = 0.5\ny(0) = 0\nt in [0, 20]\n"


@pytest.mark.parametrize(
    ("force", "expected"),
    [
        ("cos(w*t)", 2 * math.pi / 1.5),
        ("sin(2*w*t + 1) + cos(w*t)^2", 2 * math.pi / 1.5),
        ("sin(t) + sin(w*t)", None),
        ("t*cos(t)", None),
        ("cos(x)", None),
        ("cos(t*x)", None),
        ("cos(t^2)", None),
        ("exp(sin(3*t))", 2 * math.pi / 3),
    ],
)
def test_the_period_of_a_forcing(force: str, expected: float | None) -> None:
    system = experiment(f"x' = {force} - x\nw = 1.5\nt in [0, 1]\n").system
    assert forcing.period(system, {"w": 1.5}) == (None if expected is None else pytest.approx(expected))


def request_of(start: Experiment, cut: Cut = Cut()) -> SectionRequest:  # noqa: B008 (frozen)
    field = Field(without_numbers(start.system), tuple(start.parameters.items()))
    return SectionRequest(field, without_numbers(start.system), start.t_span, start.starts[0], cut)


def points_of(start: Experiment, cut: Cut = Cut(), parts: int = 6) -> list[SectionPoints]:  # noqa: B008 (frozen)
    job = section_job(request_of(start, cut))(CancelToken())
    found = []
    for _ in range(parts):
        found.append(next(job))
    job.close()
    return found


def test_a_driven_linear_oscillator_comes_to_one_point_of_its_strobe() -> None:
    parts = points_of(experiment(DRIVEN), parts=3)
    assert [part.t.size for part in parts] == sorted({part.t.size for part in parts})
    last = parts[-1]
    assert np.diff(last.t) == pytest.approx(2 * math.pi / 1.5)
    # The particular solution A cos(wt) + B sin(wt) at whole periods: x = A, v = w B.
    w = 1.5
    a, b = (1 - w**2) / ((1 - w**2) ** 2 + 0.04 * w**2), 0.2 * w / ((1 - w**2) ** 2 + 0.04 * w**2)
    assert last.y[:, -1] == pytest.approx([a, w * b], abs=1e-6)


def test_a_cycle_passes_its_section_once_per_turn_in_one_direction() -> None:
    last = points_of(experiment(CIRCLE), Cut("y", 0.0))[-1]
    assert last.y[1] == pytest.approx(0.0, abs=1e-9)
    assert last.y[0] == pytest.approx(1.0, abs=1e-6)
    assert np.diff(last.t) == pytest.approx(2 * math.pi, abs=1e-6)


def test_a_cancelled_section_yields_nothing_more() -> None:
    token = CancelToken()
    job = section_job(request_of(experiment(LORENZ)))(token)
    next(job)
    token.cancel()
    assert next(job, None) is None


def test_a_view_gets_its_points_and_loses_them_with_the_layer() -> None:
    runner = InlineRunner(Mailbox())
    document = Document(experiment(CIRCLE))
    sections = Sections(document, Simulation(document, runner), runner)
    sections.refresh()
    assert sections.points(0) is None
    document.apply(view_edits.set_cut(document.experiment, "y", 0.0), "Cut")
    assert sections.points(0) is None
    for message in runner.drain():
        assert CHANNELS[message.channel] == 0
        sections.handle(message.channel, message.body)
    points = sections.points(0)
    assert points is not None
    assert points.t.size > 100
    assert not sections.is_old(0)
    document.apply(edits.set_start(document.experiment, 0, (2.0, 0.0)), "Move")
    assert sections.is_old(0)
    document.apply(edits.toggle_layer(document.experiment, "section"), "Hide")
    assert sections.points(0) is None


def test_exponents_come_quickly_and_then_surely() -> None:
    runner = InlineRunner(Mailbox())
    asked = exponents.Exponents(runner)
    heard: list[Estimate] = []
    asked.changed.connect(heard.append)
    asked.ask(experiment(CIRCLE), 0)
    for message in runner.drain():
        asked.handle(message.body)
    assert [estimate.final for estimate in heard] == [False, True]
    # On the unit circle: 0 along it, and -2 across it.
    assert heard[-1].exponents == pytest.approx([0.0, -2.0], abs=0.02)
    assert "cycle" in heard[-1].verdict


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ((0.9, 0.0, -14.5), "chaos"),
        ((0.0, -1.0), "cycle"),
        ((0.0, 0.0, -1.0), "torus"),
        ((-0.1, -0.2), "rest"),
        ((math.nan, 1.0), ""),
    ],
)
def test_verdicts(values: tuple[float, ...], word: str) -> None:
    estimate = Estimate(values, (1e-3,) * len(values), True)
    assert word in estimate.verdict
    assert bool(estimate.verdict) == bool(word)


def test_the_dimension_of_kaplan_and_yorke() -> None:
    assert "2.06" in Estimate((0.906, 0.0, -14.57), (1e-3,) * 3, True).verdict  # Lorenz's, as everybody finds it
