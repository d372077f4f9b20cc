from __future__ import annotations

import sys

import pytest

from odeplayground import expr
from odeplayground.expr.limits import MAX_DERIVATIVES, MAX_PROBLEMS
from tests.unit.expr.adversarial import texts

TEXTS = texts()


@pytest.mark.parametrize("name", TEXTS)
def test_hostile_texts_are_read_or_refused(name: str) -> None:
    text = TEXTS[name]
    assert len(text) <= 20_000
    result = expr.parse(text)
    assert (result.system is None) == bool(result.problems)
    assert len(result.problems) <= MAX_PROBLEMS
    if result.system is not None:
        assert expr.parse(expr.format_system(result.system)).system == result.system


def test_depth_does_not_meet_the_recursion_limit() -> None:
    limit = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(len(_frames()) + 120)
        for text in TEXTS.values():
            system = expr.parse(text).system
            if system is not None and len(text) < 6000:
                assert expr.model(system).jacobian
                assert expr.equations(system)
    finally:
        sys.setrecursionlimit(limit)


def _frames() -> list[object]:
    frame, frames = sys._getframe(), []
    while frame is not None:
        frames.append(frame)
        frame = frame.f_back  # type: ignore[assignment]
    return frames


def test_derivatives_of_a_doubling_chain_stay_small() -> None:
    system = expr.parse(TEXTS["doubling chain"]).system
    assert system is not None
    model = expr.model(system)
    assert model.jacobian
    assert len(model.nodes) < 5 * 391


def test_derivatives_of_everything_that_is_accepted_are_bounded() -> None:
    for name in ("product of all states", "nested quotients", "long polynomial", "a large good text"):
        system = expr.parse(TEXTS[name]).system
        assert system is not None
        model = expr.model(system)
        assert model.jacobian
        assert model.parameter_jacobian
        assert len(model.nodes) < 10 * MAX_DERIVATIVES


def test_longer_texts_are_one_problem() -> None:
    (problem,) = expr.parse("x' = 1\n" + " " * 20_000).problems
    assert "too long" in problem.message
