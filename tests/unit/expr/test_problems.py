from __future__ import annotations

import pytest

from odeplayground import expr
from odeplayground.expr.suggest import distance
from odeplayground.spec import Problem


def problem(text: str) -> Problem:
    result = expr.parse(text)
    assert result.system is None
    assert len(result.problems) == 1, result.problems
    return result.problems[0]


def marked(text: str, found: Problem) -> str:
    return text.split("\n")[found.line - 1][found.column - 1 : found.column - 1 + found.length]


CASES = [
    # text, what is underlined, part of the message, part of the suggestion
    ("x' = sinn(x)", "sinn", 'There is no function "sinn".', "Did you mean `sin`?"),
    ("x' = arctan(x)", "arctan", 'There is no function "arctan".', "`atan`"),
    ("x' = Sin(x)", "Sin", "There is no function", "`sin`"),
    ("x' = omga*x\nomega = 1", "omga", '"omga" is not defined.', "Did you mean `omega`?"),
    ("x' = qqq", "qqq", '"qqq" is not defined.', "qqq = 1"),
    ("x' = X", "X", '"X" is not defined.', "`x`"),
    ("x' = sin x", "sin", '"sin" needs its arguments in brackets.', "sin(x)"),
    ("x' = a(x + 1)\na = 2", "a", '"a" is not a function.', "a*(...)"),
    ("x' = 2*(x + 1", "1", 'Expected a closing ")".', "column 8"),
    ("x' = 2*sin(θ\ntheta = 1", "θ", 'Expected a closing ")".', 'after "sin"'),
    ("x' = x + 1)", ")", 'This ")" closes nothing.', ""),
    ("x' = ", "=", 'nothing to the right of "="', ""),
    ("x' = x +", "+", 'after "+"', ""),
    ("x' = x * / 2", "/", 'before "/"', ""),
    ("x' = sin()", "()", "nothing inside", ""),
    ("x' = 2x", "2x", "operator missing", "`2*x`"),
    ("x' = x (x)", "x", "not a function", "x*(...)"),
    ("x' = (x) x", ") x", "operator missing", ""),
    ("x' = atan2(x)", "atan2(x)", '"atan2" takes 2 arguments, not 1.', ""),
    ("x' = sin(x, 1)", "sin(x, 1)", '"sin" takes 1 argument, not 2.', ""),
    ("x' = max(x)", "max(x)", '"max" takes at least 2 arguments, not 1.', ""),
    ("x' = if(x > 1, 2)", "if(x > 1, 2)", '"if" takes 3 arguments, not 2.', "if(x > 0, 1, 0)"),
    ("x' = x, 1", ",", 'There is a ","', "0.5"),
    ("x' = 1.2.3", "1.2.3", "is not a number", "one decimal point"),
    ("x' = 1e999*x", "1e999", "too large", "1.8e308"),
    ("x' = 1e-999*x", "1e-999", "too small", ""),
    ("x' = x*(1/0)", "1/0", '"1/0" has no finite value.', ""),
    ("x' = x + log(2 - 3)", "log(2 - 3)", "no finite value", ""),
    ("x' = x + (-8)^(1/3)", "(-8)^(1/3)", "no finite value", ""),
    ("x' = x + 9^9^9^9", "9^9^9", "no finite value", ""),
    ("x' = x^5000", "5000", "exponent is too large", ""),
    ("a = 1/0; x' = a", "1/0", "no finite value", ""),
    ("x' = x²", "²", "cannot be used here", "^2"),
    ("x' = €", "€", '"€" cannot be used here.', ""),
    ("x' = x && 1", "&&", "cannot be used here", "`and`"),
    ("ẍ = 1; x' = 1", "ẍ", "cannot be used here", "Greek"),
    ("x' = [x]", "[", "ranges only", "round brackets"),
    ("x'' = -x", "x''", "Only first derivatives", "x' = v and v' = ..."),
    ("d^2x/dt^2 = 1", "d^2x/dt^2", "Only first derivatives", "x' = v"),
    ("d2v/dt2 = 1", "d2v/dt2", "Only first derivatives", "v' = w"),
    ("x' = y' + 1\ny' = 2", "y'", "can only stand on the left", ""),
    ("x' == 1", "==", "cannot be used here", "`=`"),
    ("x' = y = 1\ny' = 1", "=", 'more than one "="', "One equation per line"),
    ("x' = if(x = 1, 2, 3)", "=", 'A comparison is written "=="', "`==`"),
    ("x' = x > 1", "x > 1", "comparison cannot be used as a number", "if(condition, a, b)"),
    ("x' = 2*(x > 1)", "(x > 1)", "comparison cannot be used as a number", ""),
    ("x' = if(x, 1, 2)", "x", "Expected a comparison", "x > 0"),
    ("x' = if(x > 1 and x, 1, 2)", "x", "Expected a comparison", ""),
    ("x' = if(0 < x < 1, 1, 2)", "0 < x", "cannot be chained", "a < b and b < c"),
    ("x' = 1\nx' = 2", "x'", '"x" is already defined in line 1.', ""),
    ("x' = a\na = 1\na = 2", "a", '"a" is already defined in line 2.', ""),
    ("x = 1\nx' = 2", "x", '"x" already has an equation in line 2.', "x(0) = ..."),
    ("x' = 1\ny(0) = 2", "y(0)", '"y" has an initial value but no equation.', "y' = ..."),
    ("omega' = 1\nomga(0) = 2", "omga(0)", "no equation", "`omega(0)`"),
    ("x' = a\na = 1\na(0) = 2", "a(0)", '"a" is not a state', "a' = ..."),
    ("x' = 1\nx(1) = 2", "x(1)", "An initial value is given at the time 0.", "x(0) = ..."),
    ("x' = a\na = 1\nx(0) = a", "a", "Only a number can stand here.", ""),
    ("x' = a\na = 1 in [2, 0]", "[2, 0]", "2 is not below 0", "`[0, 2]`"),
    ("x' = a\na = 1 in [1, 1]", "[1, 1]", "1 is not below 1", ""),
    ("x' = a\na = 1 in [0]", "[0]", "A range has two numbers.", ""),
    ("x' = a\na = 1 in [0, 1", "1", 'Expected a closing "]".', ""),
    ("x' = a\na = 1 in", "in", "Expected a range.", "[0, 2]"),
    ("x' = a\na = 2*x in [0, 1]", "in [0, 1]", "Only a number can have a range", ""),
    ("x' = a\na in [0, 1]", "a in [0, 1]", "Only the time t", "a = 1 in [0, 2]"),
    ("x' = 1\nt in [3, 1]", "[3, 1]", "3 is not below 1", ""),
    ("x' = 1\nt in [0, 1]\nt in [0, 2]", "t", "already given in line 2", ""),
    ("x = -x", "x", '"x" is defined in terms of itself.', "x' = ..."),
    ("x' = a\na = b\nb = c\nc = a", "a", '"a" is defined in terms of itself.', "a → b → c → a"),
    ("x' = 1\npi = 3", "pi", "fixed number", ""),
    ("x' = 1\ne = 3", "e", "fixed number", ""),
    ("x' = 1\nt = 3", "t", "is the time", "t in [0, 20]"),
    ("t' = 1", "t'", "is the time", ""),
    ("x' = 1\nsin = 3", "sin", "is a function", ""),
    ("x' = 1\nif = 3", "if", "cannot be used as a name", ""),
    ("x' = 1\n2*x = 3", "2*x", "left of", ""),
    ("x' = 1\n= 3", "=", "nothing to the left", ""),
    ("x' = 1\nhello", "hello", "This is not an equation.", ""),
    ("x' = 1\ny'", "y'", 'Expected "="', "y' = -y"),
    ("", "", "There is no equation yet.", "x' = -x"),
    ("a = 1", "a", "There is no equation yet.", ""),
]


@pytest.mark.parametrize(("text", "place", "message", "suggestion"), CASES, ids=[case[0] for case in CASES])
def test_what_is_said_and_where(text: str, place: str, message: str, suggestion: str) -> None:
    found = problem(text)
    assert message in found.message
    assert suggestion in found.suggestion
    assert marked(text, found) == place
    assert found.length >= 1


@pytest.mark.parametrize(
    "text",
    [
        "x' = sinn(x)",
        "x' = omga*x\nomega = 1",
        "x' = 2*(x + 1",
        "x' = sin(cos(x",
        "x' = 2x",
        "x' = a(x + 1)\na = 2",
        "x' = x²",
        "x' = [x)",
        "x' == 1",
        "x' = if(x = 1, 2, 3)",
        "x' = if(x > 1 && x < 2, 2, 3)",
        "x' = if(!(x > 1), 2, 3)",
        "x = -x",
        "x = 1\nx' = 2",
        "x' = a\na = 1 in [2, 0]",
        "x' = a\na = 1 in [0, 1",
        "x' = 1\nx(1) = 2",
        "omega' = 1\nomga(0) = 2",
    ],
)
def test_the_replacement_mends_the_text(text: str) -> None:
    found = problem(text)
    assert found.replacement
    lines = text.split("\n")
    line = lines[found.line - 1]
    start = found.column - 1
    lines[found.line - 1] = line[:start] + found.replacement + line[start + found.length :]
    assert expr.parse("\n".join(lines)).problems == ()


def test_one_bad_line_does_not_hide_the_others_and_drags_none_along() -> None:
    problems = expr.parse("x' = y +\ny' = sinn(x)\nz = )\nw' = z + y + nope\nx(0) = 1").problems
    assert [found.line for found in problems] == [1, 2, 3, 4]
    assert "nope" in problems[3].message


def test_one_problem_per_line_and_the_first_one() -> None:
    (found,) = expr.parse("x' = foo + bar; y' = baz").problems
    assert found.column == 6


def test_not_too_many_problems() -> None:
    assert len(expr.parse("a+\n" * 5000).problems) == 20


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("abc", "abc", 0),
        ("abc", "acb", 1),
        ("abc", "ab", 1),
        ("abc", "xbc", 1),
        ("ca", "abc", 3),
        ("kitten", "sitting", 3),
    ],
)
def test_edit_distance(one: str, other: str, edits: int) -> None:
    assert distance(one, other, 5) == edits
    assert distance(other, one, 5) == edits
    assert distance(one, other, 1) == min(edits, 2)
