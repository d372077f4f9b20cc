from __future__ import annotations

import math
import threading

import pytest

from odeplayground import expr
from odeplayground.expr import Node, Op
from odeplayground.expr.graph import CONDITIONS
from odeplayground.expr.public import parse
from tests.unit.expr.evaluate import run


def model_of(right: str, rest: str = "y' = 0\na = 1") -> expr.Model:
    return expr.model(parse(f"x' = {right}\n{rest}"))


def root(right: str) -> Node:
    model = model_of(right)
    return model.nodes[model.rhs[0]]


def test_equal_expressions_are_one_node() -> None:
    model = model_of("sin(x + y)*(y + x) + sin(y + x)*a")
    assert sum(node.op is Op.SIN for node in model.nodes) == 1
    assert sum(node.op is Op.ADD for node in model.nodes) == 2


def test_constants_are_folded() -> None:
    assert root("2*pi*3/2 + x").op is Op.ADD
    assert root("if(1 < 2 and 3 > 2, x, y)") == Node(Op.STATE, index=0)
    assert root("cos(0)*x") == Node(Op.STATE, index=0)


@pytest.mark.parametrize(
    "right",
    [
        "x*1",
        "1*x",
        "x/1",
        "x + 0",
        "0 + x",
        "x - 0",
        "--x",
        "x^1",
        "x^(2 - 1)",
        "min(x, x)",
        "x + 0*y",
    ],
)
def test_trivial_operations_vanish(right: str) -> None:
    model = model_of(right)
    assert run(model.tape(model.rhs[:1]), (0.7, -1.3), (1.0,)) == [0.7]
    assert model.nodes[model.rhs[0]] == Node(Op.STATE, index=0)


@pytest.mark.parametrize("right", ["0*x", "x - x", "0/x", "0*sin(x)*y"])
def test_zeros(right: str) -> None:
    assert root(right) == Node(Op.NUMBER)


def test_e_to_a_power_is_the_exponential_function() -> None:
    assert root("e^x").op is Op.EXP


def test_a_division_by_zero_that_only_simplifying_shows_stays_a_division() -> None:
    assert root("1/(x - x)").op is Op.DIV


def test_a_tape_holds_only_what_is_needed() -> None:
    model = expr.model(parse("x' = sin(x)\ny' = cos(y)*a + x^3\na = 1"))
    tape = model.tape([model.rhs[0], model.rhs[0]])
    assert [node.op for node in tape.nodes] == [Op.STATE, Op.SIN]
    assert tape.outputs == (1, 1)
    assert Op.POW not in {node.op for node in model.tape(model.rhs).nodes}
    assert run(model.tape(model.rhs), (2.0, 0.0), (5.0,)) == pytest.approx([math.sin(2.0), 13.0])
    assert model.tape([]) == expr.Tape((), ())


def test_conditions_are_consumed_by_choices_only() -> None:
    model = model_of("if(x < 1 or not (y > 2 and x != y), x, y) + max(x, y) + abs(if(x == 1, 1, x))")
    conditions = {number for number, node in enumerate(model.nodes) if node.op in CONDITIONS}
    for node in model.nodes:
        allowed = node.args if node.op in (Op.AND, Op.OR, Op.NOT) else node.args[:1] if node.op is Op.IF else ()
        assert conditions.isdisjoint(set(node.args) - set(allowed))


def test_the_model_depends_on_the_equations_alone() -> None:
    one = expr.model(parse("x' = -a*x\na = 1\nx(0) = 3"))
    assert one is expr.model(parse("x' = - a * x\na = 2 in [0, 9]\nt in [0, 3]"))
    assert one is not expr.model(parse("x' = -b*x\nb = 2"))


def test_derivatives_leave_node_numbers_alone() -> None:
    model = expr.model(parse("x' = -a*x^2*exp(x) + t^2\na = 1.25"))
    before = model.nodes
    jacobian = model.jacobian
    assert model.nodes[: len(before)] == before
    assert model.jacobian is jacobian


def test_threads_may_ask_at_once() -> None:
    model = expr.model(parse("\n".join(f"x{i}' = sin(x{i}*x{(i + 1) % 30})*q^{i}" for i in range(30)) + "\nq = 1.5"))
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.append(model.parameter_jacobian + model.jacobian)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(each == found[0] for each in found)
