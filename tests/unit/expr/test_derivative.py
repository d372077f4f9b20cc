from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from odeplayground import expr
from odeplayground.expr import Op
from odeplayground.expr.public import parse
from tests.unit.expr.evaluate import Tree, run
from tests.unit.expr.strategies import spell, trees

INSIDE = [
    # smooth there: right side, a point (x, y)
    ("x + 2*y", (0.3, 0.7)),
    ("x - y*x", (0.3, 0.7)),
    ("x/y", (0.3, 0.7)),
    ("-x*y", (0.3, 0.7)),
    ("x^3", (-0.8, 0.0)),
    ("x^2.5", (0.8, 0.0)),
    ("x^-2", (-0.8, 0.0)),
    ("x^y", (0.8, 1.7)),
    ("2^x", (0.8, 0.0)),
    ("x^a", (0.8, 0.0)),
    ("a^x", (0.8, 0.0)),
    ("sin(x*y)", (0.3, 0.7)),
    ("cos(x*y)", (0.3, 0.7)),
    ("tan(x*y)", (0.3, 0.7)),
    ("asin(x*y)", (0.3, 0.7)),
    ("acos(x*y)", (0.3, 0.7)),
    ("atan(x*y)", (0.3, 0.7)),
    ("atan2(x, y)", (-0.3, -0.7)),
    ("atan2(x, y)", (0.4, -0.7)),
    ("sinh(x*y)", (0.3, 0.7)),
    ("cosh(x*y)", (0.3, 0.7)),
    ("tanh(x*y)", (0.3, 0.7)),
    ("exp(x*y)", (0.3, 0.7)),
    ("log(x*y)", (0.3, 0.7)),
    ("log10(x*y)", (0.3, 0.7)),
    ("sqrt(x*y)", (0.3, 0.7)),
    ("abs(x*y)", (-0.3, 0.7)),
    ("sign(x)*y", (-0.3, 0.7)),
    ("min(x^2, y, 3*x)", (0.3, 0.7)),
    ("max(x^2, y, 3*x)", (0.3, 0.7)),
    ("floor(5*x)*y", (0.33, 0.7)),
    ("mod(x, y)", (2.3, 0.7)),
    ("mod(x, y)", (-2.3, 0.7)),
    ("heaviside(x)*y", (0.3, 0.7)),
    ("if(x > y, x^2, y*x)", (0.3, 0.7)),
    ("if(x < y and not x < 0, x^2, y*x)", (0.3, 0.7)),
    ("t^2*x*sin(t*y)", (0.3, 0.7)),
]


@pytest.mark.parametrize(("right", "point"), INSIDE, ids=[right for right, _ in INSIDE])
def test_derivatives_against_differences(right: str, point: tuple[float, float]) -> None:
    model = expr.model(parse(f"x' = {right}\ny' = 0\na = 1"))
    outputs = [*model.jacobian[0], model.parameter_jacobian[0][0], model.time_derivative[0]]
    base = [*point, 1.3, 0.9]
    exact = run(model.tape(outputs), base[:2], base[2:3], base[3])
    value = model.tape(model.rhs[:1])
    for position, slope in enumerate(exact):

        def shifted(by: float, position: int = position) -> float:
            at = list(base)
            at[position] += by
            return run(value, at[:2], at[2:3], at[3])[0]

        assert slope == pytest.approx(_richardson(shifted), rel=1e-8, abs=1e-9)


def _richardson(f: object) -> float:
    """Central differences, extrapolated once: error of order h^4."""
    h = 1e-3
    coarse, fine = ((f(step) - f(-step)) / (2 * step) for step in (h, h / 2))  # type: ignore[operator]
    return (4 * fine - coarse) / 3


def _is_continuous(tree: Tree) -> bool:
    # Equality too: a formula for the one point where it holds says nothing about the slope there.
    steps = {Op.FLOOR, Op.MOD, Op.SIGN, Op.HEAVISIDE, Op.EQ, Op.NE}
    return not isinstance(tree, tuple) or (tree[0] not in steps and all(map(_is_continuous, tree[1:])))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(trees(["x", "a"]).filter(_is_continuous), st.floats(0.2, 2.0), st.floats(0.2, 2.0))
def test_derivatives_of_anything(tree: Tree, x: float, a: float) -> None:
    system = expr.parse(f"x' = {spell(tree)}\na = 1").system
    assume(system is not None)
    assert system is not None
    model = expr.model(system)
    (slope,) = run(model.tape([model.jacobian[0][0]]), (x,), (a,), 0.5)
    value = model.tape(model.rhs)

    def f(by: float) -> float:
        return run(value, (x + by,), (a,), 0.5)[0]

    steps = [1e-3, 5e-4, 2.5e-4]
    slopes = [(f(step) - f(-step)) / (2 * step) for step in steps]
    # Only where the function is smooth on this scale: no kink, and halving the step divides the change by four.
    assume(all(map(math.isfinite, [*slopes, f(0.0)])))
    scale = max(map(abs, slopes))
    assume(abs(f(1e-3) - 2 * f(0.0) + f(-1e-3)) < 1e-5 * scale)
    assume(abs(slopes[0] - slopes[1]) < 1e-4 * scale + 1e-12)
    assume(abs(slopes[1] - slopes[2]) < 0.3 * abs(slopes[0] - slopes[1]) + 1e-9 * scale)
    assume(abs(f(1e-3) - f(-1e-3)) > 1e-9 * abs(f(0.0)) or scale == 0)
    assert slope == pytest.approx(slopes[2], rel=1e-2, abs=1e-9 * (1 + abs(f(0.0))))


@pytest.mark.parametrize(
    ("right", "x", "slope"),
    [
        ("x^2", 0.0, 0.0),
        ("x^3", 0.0, 0.0),
        ("x^1", 0.0, 1.0),
        ("x^n", 0.0, 0.0),
        ("x^zero", 0.0, 0.0),
        ("x^(1 + t)", 0.0, 1.0),
        ("(2*x)^(x + 2)", 0.0, 0.0),
        ("abs(x)", 0.0, 0.0),
        ("sign(x)", 0.0, 0.0),
        ("heaviside(x)", 0.0, 0.0),
        ("floor(x)", 0.5, 0.0),
        ("if(x > 0, sqrt(x), 0)", 0.0, 0.0),
        ("if(x > 0, log(x), x)", 0.0, 1.0),
        ("max(x, 0)", -1.0, 0.0),
        ("min(x, 0)", -1.0, 1.0),
        ("sqrt(max(x, 0))", -1.0, 0.0),
        ("max(x, 0)^0.5", -1.0, 0.0),
        ("max(x, 0)^(n/4)", -1.0, 0.0),
        ("asin(min(x, 1))", 2.0, 0.0),
        ("acos(min(x, 1))", 2.0, 0.0),
        ("sqrt(x^2)", 0.0, 0.0),
    ],
)
def test_derivatives_at_corners(right: str, x: float, slope: float) -> None:
    model = expr.model(parse(f"x' = {right}\nn = 2\nzero = 0"))
    assert run(model.tape([model.jacobian[0][0]]), (x,), (2.0, 0.0)) == [slope]


def test_a_constant_exponent_needs_no_logarithm() -> None:
    model = expr.model(parse("x' = x^2 + x^2.5 + x^-1 + x^n\nn = 3"))
    assert Op.LOG not in {node.op for node in model.tape(model.jacobian[0]).nodes}


def test_the_jacobian_of_a_linear_system_is_its_matrix() -> None:
    model = expr.model(parse("x' = 2*x - 3*y; y' = x/4 - (y + x)"))
    entries = [model.nodes[number] for row in model.jacobian for number in row]
    assert [(node.op, node.value) for node in entries] == [(Op.NUMBER, value) for value in (2.0, -3.0, -0.75, -1.0)]
    assert all(model.nodes[number] == expr.Node(Op.NUMBER) for number in model.time_derivative)
