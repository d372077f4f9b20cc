"""Tidying a text changes its spaces and nothing else."""

from __future__ import annotations

import pytest

from odeplayground import expr
from odeplayground.session.writing import latex
from odeplayground.storage import presets


@pytest.mark.parametrize("name", presets.presets())
def test_tidied_presets_mean_the_same(name):
    text = presets.load(name).text
    tidied = expr.tidy(text)
    assert "".join(tidied.split()) == "".join(text.split())
    assert expr.parse(tidied).system == expr.parse(text).system
    assert expr.tidy(tidied) == tidied


def test_spaces_are_even_and_comments_stand_below_each_other():
    untidy = "x'=-a*( x -  y)+if(x>0,-1 , 2e-3)^-2 #one\ny' =   x*-y# two\n\n\n\na=  1 in[ -1,2 ]\nθ_0(0)=.5;  b=2\n"
    assert expr.tidy(untidy) == (
        "x' = -a*(x - y) + if(x > 0, -1, 2e-3)^-2    #one\n"
        "y' = x*-y                                   # two\n\n"
        "a = 1 in [-1, 2]\nθ_0(0) = .5; b = 2\n"
    )


def test_what_cannot_be_read_stays():
    assert expr.tidy("x' = 1 + §§ *  3") == "x' = 1 + §§ *  3"
    assert expr.tidy("") == ""


def test_latex_is_aligned_and_complete():
    text = latex(presets.load("pendulum").system)
    assert text.startswith("\\begin{aligned}")
    assert text.count("&=") == 2
    assert "\\dot{\\theta}" in text
