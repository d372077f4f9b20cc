from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from odeplayground import expr
from odeplayground.spec import Role


def roles(text: str) -> list[tuple[str, str, int]]:
    lines = text.split("\n")
    return [
        (lines[token.line - 1][token.column - 1 : token.column - 1 + token.length], token.role.value, token.index)
        for token in expr.parse(text).tokens
    ]


def test_every_piece_has_its_role() -> None:
    assert roles("dx/dt = -k*y + t # why") == [
        ("dx", "state", 0),
        ("/", "operator", -1),
        ("dt", "time", -1),
        ("=", "operator", -1),
        ("-", "operator", -1),
        ("k", "unknown", -1),
        ("*", "operator", -1),
        ("y", "unknown", -1),
        ("+", "operator", -1),
        ("t", "time", -1),
        ("# why", "comment", -1),
    ]
    assert roles("y'=if(θ<pi,2,a)\nθ'=b\na=3 in [1,4]\nb=a*2")[:6] == [
        ("y", "state", 0),
        ("'", "state", 0),
        ("=", "operator", -1),
        ("if", "keyword", -1),
        ("(", "operator", -1),
        ("θ", "state", 1),
    ]
    assert ("pi", "constant", -1) in roles("x'=pi")
    assert ("sin", "function", -1) in roles("x'=sin(x)")
    assert ("a", "parameter", -1) in roles("x'=a\na=2*pi")
    assert ("b", "definition", -1) in roles("x'=b\nb=a*2\na=1")


def test_broken_lines_keep_their_colours() -> None:
    marks = roles("x' = y + (\ny' = €\nk = 3 +\nq = x*(")
    assert marks[0] == ("x", "state", 0)
    assert ("y", "state", 1) in marks
    assert ("€", "unknown", -1) in marks
    assert ("k", "parameter", -1) in marks
    assert ("q", "definition", -1) in marks


@given(st.text(alphabet="xy'=()+ \t\nθ€ß#1.5e\u2028sin;", max_size=40))
def test_tokens_cover_all_but_spaces(text: str) -> None:
    lines = text.split("\n")
    covered = [[False] * len(line) for line in lines]
    for token in expr.parse(text).tokens:
        for column in range(token.column - 1, token.column - 1 + token.length):
            assert not covered[token.line - 1][column]
            covered[token.line - 1][column] = True
    for line, marks in zip(lines, covered, strict=True):
        assert all(mark or character.isspace() for mark, character in zip(marks, line, strict=True))


def test_an_unknown_function_is_unknown() -> None:
    assert ("foo", Role.UNKNOWN.value, -1) in roles("x' = foo(x)")
