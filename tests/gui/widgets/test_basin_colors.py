"""Colours of basins do not repeat."""

from __future__ import annotations

import itertools

import pytest

from odeplayground.gui.theme.basins import token_of


def test_two_dozen_basins_can_be_told_apart(either_theme):
    colors = [either_theme.color(token_of(number)) for number in range(24)]
    surface = either_theme.color("surface")
    for one, other in itertools.combinations([*colors[6:], surface], 2):
        apart = sum(abs(a - b) for a, b in zip(one.getRgb(), other.getRgb(), strict=True))
        assert apart >= 8, (one.name(), other.name())
    assert len({color.name() for color in colors}) == 24
    dark = surface.lightness() < 128
    assert all((color.lightness() < 128) == dark for color in colors)  # text and curves stay legible


def test_there_are_no_other_tokens(either_theme):
    for token in ("basin0", "basin", "bassin7", "basin7x"):
        with pytest.raises(AttributeError):
            either_theme.color(token)
