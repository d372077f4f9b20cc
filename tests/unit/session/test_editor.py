from __future__ import annotations

from odeplayground.session import analyse
from odeplayground.session.editor import piece
from odeplayground.spec import Role
from tests.unit.session.systems import PENDULUM


def test_a_good_text_has_everything() -> None:
    analysis = analyse(PENDULUM)
    assert analysis.problems == ()
    assert analysis.system.states == ("theta", "omega")
    assert len(analysis.equations) == 2
    assert analysis.names[:4] == ("theta", "omega", "b", "c")
    assert {"sin", "pi", "t"} <= set(analysis.names)


def test_a_faulty_text_still_has_names_and_roles() -> None:
    analysis = analyse("x' = -rate*x +\nrate = 2\n")
    assert analysis.problems
    assert analysis.system is None
    assert analysis.equations == ()
    assert {"x", "rate"} <= set(analysis.names)


def test_names_are_listed_once_under_their_plain_spelling() -> None:
    assert analyse("θ' = -γ*theta\nγ = 1\n").names[:2] == ("theta", "gamma")


def test_pieces_are_the_characters_of_the_tokens() -> None:
    text = "x' = -rate*x  # decay\nrate = 2"
    pieces = [(token.role, piece(text, token)) for token in analyse(text).tokens]
    assert (Role.COMMENT, "# decay") in pieces
    assert pieces.count((Role.PARAMETER, "rate")) == 2
