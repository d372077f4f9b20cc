"""Which summand of the typeset equation belongs to the cursor."""

from __future__ import annotations

from itertools import pairwise

import pytest

from odeplayground import expr
from odeplayground.gui.widgets.typeset import numbered, summands, typeset
from odeplayground.session.editor import analyse
from odeplayground.session.writing import summand_at

TEXT = "x' = -b*x - c*sin(x + y)/(1 + y) + 3e-1  # note\ny' = x*-2\nb = 1\nc = 2"


@pytest.mark.parametrize(
    ("line", "word", "expected"),
    [
        (1, "-b", (0, 3)),
        (1, "x -", (0, 3)),
        (1, "c*", (1, 3)),
        (1, "y)/", (1, 3)),
        (1, "+ y) +", (1, 3)),
        (1, "3e", (2, 3)),
        (1, "note", None),
        (1, "x'", None),
        (2, "-2", (0, 1)),
    ],
)
def test_the_summand_of_the_cursor(line, word, expected):
    column = TEXT.splitlines()[line - 1].index(word) + 2
    assert summand_at(TEXT, analyse(TEXT).tokens, line, column) == expected


def test_the_typeset_equation_has_the_same_summands_from_left_to_right():
    system = expr.parse(TEXT).system
    assert system is not None
    first, second = expr.equations(system)
    places = summands(typeset(numbered(first.mathml), 20.0))
    assert len(places) == 3
    assert all(left < right for left, right in places)
    assert all(before[1] < after[0] for before, after in pairwise(places))
    assert len(summands(typeset(numbered(second.mathml), 20.0))) == 1


def test_brackets_hold_a_summand_together():
    system = expr.parse("x' = r*x*(1 - x) - abs(x - y)*(x + 1)\ny' = x\nr = 1").system
    assert system is not None
    assert len(summands(typeset(numbered(expr.equations(system)[0].mathml), 20.0))) == 2
