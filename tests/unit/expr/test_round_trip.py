from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from odeplayground import expr
from odeplayground.expr.public import parse
from tests.unit.expr.evaluate import Tree, evaluate, run
from tests.unit.expr.strategies import spell, system_texts, trees

many = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


@many
@given(system_texts())
@example("x' = --x - -(-x)^-2^-x; x(0) = -0.0")
@example("x' = if(not (x < 1 or x > 2) and not (not x == 3), 1e300, 1e-300)")
def test_canonical_text_reads_as_the_same_system(text: str) -> None:
    system = expr.parse(text).system
    assume(system is not None)
    assert system is not None
    canonical = expr.format_system(system)
    again = expr.parse(canonical)
    assert again.problems == ()
    assert again.system == system
    assert expr.format_system(again.system) == canonical


@many
@given(trees(["x", "y", "a"]), st.floats(-3, 3), st.floats(-3, 3), st.floats(-3, 3), st.floats(0, 3))
def test_the_tape_computes_what_the_text_says(tree: Tree, x: float, y: float, a: float, t: float) -> None:
    result = expr.parse(f"x' = {spell(tree)}\ny' = x\na = 1")
    assume(result.system is not None)
    assert result.system is not None
    model = expr.model(result.system)
    (computed,) = run(model.tape(model.rhs[:1]), (x, y), (a,), t)
    expected = evaluate(tree, {"x": x, "y": y, "a": a, "t": t})
    assume(math.isfinite(expected) and not _near_a_step(tree, {"x": x, "y": y, "a": a, "t": t}))
    assert computed == pytest.approx(expected, rel=1e-9, abs=1e-300)


def _near_a_step(tree: Tree, names: dict[str, float]) -> bool:
    """Whether rounding the arguments would choose another value: steps and branches magnify the last digit."""
    shifted = {name: value * (1 + 1e-13) + 1e-13 for name, value in names.items()}
    one, other = evaluate(tree, names), evaluate(tree, shifted)
    return not math.isclose(one, other, rel_tol=1e-9)


@many
@given(st.text(alphabet="xyt'=()[]+-*/^<>,.;#&| \n\t019eθπ√²∞if", max_size=60))
@example("\ud800")
@example("x' = x in [0, 1]")
@example("t in")
@example("x(")
@example("(=")
def test_no_text_raises(text: str) -> None:
    result = expr.parse(text)
    assert (result.system is None) == bool(result.problems)
    if result.system is not None:
        assert expr.parse(expr.format_system(result.system)).system == result.system


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("-x^2", "-x^2"),
        ("(-x)^2", "(-x)^2"),
        ("-(x^2)", "-x^2"),
        ("x^y^2", "x^y^2"),
        ("(x^y)^2", "(x^y)^2"),
        ("x**2", "x^2"),
        ("2^-x", "2^(-x)"),
        ("x*-y", "x*(-y)"),
        ("-x*y", "-x*y"),
        ("-(x*y)", "-(x*y)"),
        ("x-(y-1)", "x - (y - 1)"),
        ("(x-y)-1", "x - y - 1"),
        ("x/(y*2)", "x/(y*2)"),
        ("(x/y)/2", "x/y/2"),
        ("+x", "x"),
        ("--x", "-(-x)"),
        ("1.50e+3*x + .5", "1500*x + 0.5"),
        ("1e-7*x", "1e-7*x"),
        ("3·x − 2×y", "3*x - 2*y"),
        ("if(x<1 and(y>2 or x!=1),1,2)", "if(x < 1 and (y > 2 or x != 1), 1, 2)"),
        ("if(not x≤y, -1, 1)", "if(not x <= y, -1, 1)"),
        ("min( x,y , 2 )", "min(x, y, 2)"),
        ("2*pi*e^x", "2*pi*e^x"),
    ],
)
def test_canonical_text(text: str, canonical: str) -> None:
    assert parse(f"x' = {text}\ny' = 0").variables[0].rhs == canonical
