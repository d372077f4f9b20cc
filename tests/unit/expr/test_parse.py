from __future__ import annotations

import math
import pickle

import pytest

from odeplayground import expr
from odeplayground.expr.public import ModelError, parse
from odeplayground.spec import Definition, Parameter, System, Variable

PENDULUM = """
# the damped pendulum
dθ/dt = omega            # Greek letters as letters
omega' = -b*ω - g/L*sin(theta)
energy = omega^2/2 - g/L*cos(theta)
b = 0.25 in [0, 2]; g = 9.81
L = 2*3/6
theta(0) = pi/2
t in [0, 30]
"""


def test_a_whole_system() -> None:
    assert parse(PENDULUM) == System(
        variables=(
            Variable("theta", "omega", math.pi / 2),
            Variable("omega", "-b*omega - g/L*sin(theta)"),
        ),
        definitions=(Definition("energy", "omega^2/2 - g/L*cos(theta)"),),
        constants=(Parameter("b", 0.25, 0.0, 2.0), Parameter("g", 9.81), Parameter("L", 1.0)),
        t_span=(0.0, 30.0),
    )


def test_what_is_a_parameter_and_what_a_sub_expression() -> None:
    system = parse("x' = -x\nfixed = 2*pi\nchosen = if(1 < 2, 3, 4)\nscaled = 2*fixed\nclock = t\nmoving = x")
    assert system.parameters == ("fixed", "chosen")
    assert system.values == (2 * math.pi, 3.0)
    assert [definition.name for definition in system.definitions] == ["scaled", "clock", "moving"]


def test_sub_expressions_may_come_in_any_order() -> None:
    system = parse("x' = a\na = b + 1\nb = c*x\nc = 2")
    model = expr.model(system)
    assert set(model.definitions) == {"a", "b"}
    assert model.rhs == (model.definitions["a"],)


@pytest.mark.parametrize("text", ["λ' = -λ*σ\nσ = 1", "lambda' = -lambda*sigma\nsigma = 1", "dλ/dt = -lambda*ς\nσ = 1"])
def test_greek_letters_by_name_or_as_letters(text: str) -> None:
    assert parse(text) == parse("lambda' = -lambda*sigma; sigma = 1")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    problem = expr.parse(f"x' = -x{end}{end}y' = q").problems[0]
    assert (problem.line, problem.column) == (3, 6)


def test_negative_zero_is_zero() -> None:
    assert math.copysign(1.0, parse("x' = a\na = -0.0").values[0]) == 1.0


def test_public_parse_raises_with_all_problems() -> None:
    with pytest.raises(ModelError, match=r'Line 2, column 6: "omga" is not defined\. Did you mean `omega`\?') as caught:
        parse("x' = sinn(x)\ny' = omga\nomega = 1")
    assert len(caught.value.problems) == 2
    assert pickle.loads(pickle.dumps(caught.value)).problems == caught.value.problems


def test_a_system_that_does_not_fit_its_texts_is_refused() -> None:
    for system in (
        System((Variable("x", "y"),)),
        System((Variable("x", "1\ny' = 2"),)),
        System((Variable("x", "c"),), (Definition("c", "2"),)),
        System((Variable("sin", "1"),)),
        System((Variable("x", "a"),), (), (Parameter("a", math.inf),)),
    ):
        with pytest.raises(ModelError):
            expr.equations(system)
    assert expr.model(System((Variable("x", "( x )"),))).states == ("x",)
