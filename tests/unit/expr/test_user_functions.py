"""Functions of the text's own: calls mean what they stand for, and mistakes are told where they are."""

from __future__ import annotations

import pytest

from odeplayground import expr
from odeplayground.spec import Role


def test_a_call_means_what_it_stands_for():
    short = expr.parse("g(u) = u^2/(k + u^2)\nx' = -a*x + g(x - y)\ny' = g(g(y))\na = 2 in [0, 3]\nk = 1")
    long = expr.parse(
        "x' = -a*x + (x - y)^2/(k + (x - y)^2)\ny' = (y^2/(k + y^2))^2/(k + (y^2/(k + y^2))^2)\na = 2 in [0, 3]\nk = 1"
    )
    assert short.problems == ()
    assert short.system == long.system


def test_arguments_hide_other_names_and_the_order_of_lines_is_free():
    system = expr.parse("x' = h(x, 3)\nh(a, x) = f(x) - a\nf(u) = 2*u + a\na = 5").system
    assert system is not None
    assert system.variables[0].rhs == expr.parse("x' = (2*3 + a) - x\na = 5").system.variables[0].rhs


@pytest.mark.parametrize(
    ("text", "marked", "message"),
    [
        ("g(u) = u +\nx' = g(x)", "+", "Expected a number"),
        ("g(u) = u*z\nx' = g(x)", "z", '"z" is not defined.'),
        ("g(u) = h(u)\nh(v) = g(v)\nx' = g(x)", "g(u)", "in terms of itself"),
        ("g(u, v) = u*v\nx' = 1 + g(x)", "g(x)", '"g" takes 2 arguments, not 1.'),
        ("g(u) = u^2\nx' = 1 + g(x", "x", 'Expected a closing ")"'),
        ("g(u) = u^2\nx' = 1 + g*x", "g", "needs its arguments in brackets"),
        ("g(u) = u^2\nx' = g(y + 1)", "y", '"y" is not defined.'),
        ("g(u) = 1/u\nx' = x + g(0)", "g(0)", '"g(0)" has no finite value.'),
        ("g(u) = u\nx' = gg(x)", "gg", 'no function "gg"'),
        ("g(u, u) = u\nx' = g(x, x)", "u", 'two arguments "u"'),
        ("g(pi) = 2\nx' = x", "pi", "cannot be the name of an argument"),
        ("x' = 1\nx(u) = 2", "x(u)", "already has an equation"),
        ("g(u) = [?](u)\nx' = g(x)", "[?]", "cannot stand in a function"),
        ("g(u) = u > 0\nx' = x", "u > 0", "A comparison"),
    ],
)
def test_mistakes_are_told_once_where_they_are(text, marked, message):
    problems = expr.parse(text).problems
    assert len(problems) == 1
    line = text.splitlines()[problems[0].line - 1]
    assert line[problems[0].column - 1 :][: problems[0].length] == marked
    assert message in problems[0].message


def test_functions_that_grow_without_end_are_refused_in_time():
    chain = [f"f{i + 1}(u) = f{i}(u) + f{i}(u)" for i in range(40)]
    text = "\n".join(["f0(u) = u", *chain, "x' = f40(x)"])
    assert "too long" in expr.parse(text).problems[-1].message
    assert expr.parse("g(u) = u\nx' = " + "g(" * 5000 + "x" + ")" * 5000).problems


def test_colours_tell_the_function_and_its_argument_apart():
    tokens = expr.parse("u' = -u + g(u)\ng(u) = u^2").tokens
    roles = [(token.line, token.role) for token in tokens if token.length == 1 and token.column > 0]
    assert (1, Role.FUNCTION) in roles
    second = [token.role for token in tokens if token.line == 2]
    assert second[0] is Role.FUNCTION
    assert second[2] is Role.DEFINITION
    assert second[5] is Role.DEFINITION
