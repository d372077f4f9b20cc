from __future__ import annotations

import msgspec
import pytest

from odeplayground import expr
from odeplayground.expr import Op
from odeplayground.expr.errors import ModelError
from odeplayground.expr.public import parse
from odeplayground.spec import Activation, Array, LearnedTerm, Role, System

TEXT = """theta' = omega
omega' = [?](theta, omega) - b*omega + drag

drag = [ ? ](omega)*[?](theta + 1, b, t)
b = 0.5
"""


def term(inputs: int, data: bytes = b"") -> LearnedTerm:
    weights = Array((inputs + 1,), data or bytes(8 * (inputs + 1)))
    return LearnedTerm((inputs, 1), Activation.TANH, weights, (0.0,) * inputs, (1.0,) * inputs, 1.0)


def with_terms(system: System, *terms: LearnedTerm | None) -> System:
    return msgspec.structs.replace(system, terms=terms)


def networks(model: expr.Model) -> list[tuple[int, int]]:
    """Which network, with how many inputs, in the order of the right-hand sides' program."""
    return [(node.index, len(node.args) - 1) for node in model.tape(model.rhs).nodes if node.op is Op.LEARNED]


def test_the_text_is_read_and_written() -> None:
    system = parse(TEXT)
    assert system.variables[1].rhs == "[?](theta, omega) - b*omega + drag"
    assert system.definitions[0].text == "[?](omega)*[?](theta + 1, b, t)"
    assert parse(expr.format_system(system)) == system


def test_it_is_marked_as_one_function() -> None:
    tokens = expr.parse("x' = [?](x)").tokens
    assert (tokens[3].column, tokens[3].length, tokens[3].role) == (6, 3, Role.FUNCTION)


def test_it_is_typeset() -> None:
    one = expr.equations(parse("x' = [?](x)^2 + 1"))[0]
    assert one.latex == r"\dot{x} = \operatorname{[?]}^{2}\left(x\right) + 1"
    assert ">[?]</mi>" in one.mathml


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x' = [?]", '"[?]" needs its arguments in brackets.'),
        ("x' = [?]()", "There is nothing inside these brackets."),
        ("x' = [?](x > 1)", "A comparison cannot be used as a number."),
        ("x' = x\n[?] = 3", '"[?]" is a function and cannot be defined.'),
        ("x' = x\nx(0) = [?](1)", "Only a number can stand here."),
        ("x' = [?(x)", "Square brackets are for ranges only."),
    ],
)
def test_mistakes(text: str, message: str) -> None:
    assert [problem.message for problem in expr.parse(text).problems] == [message]


def test_what_is_not_trained_is_zero() -> None:
    model = expr.model(parse("x' = [?](x) + 2*x"))
    assert not networks(model)
    known = expr.model(parse("x' = 2*x"))
    assert model.tape(model.rhs) == known.tape(known.rhs)


def test_terms_belong_to_places_in_order() -> None:
    system = parse(TEXT)
    assert networks(expr.model(with_terms(system, term(2), term(1), term(3)))) == [(1, 1), (2, 3), (0, 2)]
    assert networks(expr.model(with_terms(system, None, None, term(3)))) == []  # 0*drag
    assert networks(expr.model(with_terms(system, term(2)))) == [(0, 2)]


def test_inner_terms_come_first() -> None:
    system = parse("x' = [?]([?](x), 1)")
    assert networks(expr.model(with_terms(system, term(1), term(2)))) == [(0, 1), (1, 2)]


def test_equal_arguments_do_not_make_two_terms_one() -> None:
    model = expr.model(with_terms(parse("x' = [?](x)*[?](x)"), term(1), term(1)))
    assert networks(model) == [(0, 1), (1, 1)]


def test_the_graph_does_not_depend_on_weights() -> None:
    system = parse("x' = [?](x)")
    one, other = (expr.model(with_terms(system, term(1, data))) for data in (bytes(16), bytes(range(16))))
    assert one is other


def test_terms_that_do_not_fit_are_refused() -> None:
    system = parse("x' = [?](x)")
    with pytest.raises(ModelError, match="2 learned terms for 1 times"):
        expr.model(with_terms(system, term(1), term(1)))
    with pytest.raises(ModelError, match="with 1 arguments does not fit a network from 2 to 1"):
        expr.model(with_terms(system, term(2)))
    with pytest.raises(ModelError, match="cannot have the layers"):
        expr.model(with_terms(system, msgspec.structs.replace(term(1), layers=())))


def test_derivatives_follow_the_chain_rule() -> None:
    model = expr.model(with_terms(parse("x' = [?](x^2, y)\ny' = 0"), term(2)))
    by_x, by_y = (model.nodes[number] for number in model.jacobian[0])
    assert by_x.op is Op.MUL
    assert by_y.part == (0, 1)
    assert [node.part for node in model.nodes if node.op is Op.LEARNED] == [(0,), (0, 0), (0, 1)]
