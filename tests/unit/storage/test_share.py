"""A shared text survives messages, and what is no such text is refused with a sentence."""

from __future__ import annotations

import base64
import zlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odeplayground.storage import presets, share
from odeplayground.storage.errors import FileProblem


@pytest.fixture(scope="module")
def text() -> str:
    return share.to_text(presets.load("pendulum").experiment)


def test_a_text_brings_back_all_but_the_network(trained):
    found = share.from_text(share.to_text(trained))
    assert found == msgspec.structs.replace(trained, run=None)


def test_people_can_read_it_and_it_is_short(text):
    assert text.startswith("ODE Playground system, version 1: Damped pendulum\n")
    assert "sin(theta)" in text
    assert len(text) < 2500
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize(
    "change",
    [
        lambda text: f"Look at this:\n\n{text}\nGreetings",
        lambda text: "".join(f"> > {line}\n" for line in text.splitlines()),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\n".join(f"  {line}" for line in text.splitlines()),
    ],
)
def test_messages_do_not_harm_it(text, change):
    assert share.from_text(change(text)) == presets.load("pendulum").experiment


def test_incomplete_newer_and_damaged_texts_are_told_apart(text):
    for broken, why in (
        (text[:-20], "not complete"),
        (text.replace("version 1", "version 12"), "newer"),
        (text.replace("=\n-----", "\n-----").replace("eN", "fQ"), "damaged"),
    ):
        with pytest.raises(FileProblem, match=why):
            share.from_text(broken)


def test_a_bomb_does_not_go_off(text):
    packed = base64.b64encode(zlib.compress(bytes(50_000_000), 9)).decode()
    begin, _, rest = text.partition("system -----\n")
    with pytest.raises(FileProblem, match="too large"):
        share.from_text(f"{begin}system -----\n{packed}\n{rest[rest.index('----- end') :]}")


@given(st.text())
def test_any_text_is_refused_with_a_sentence(anything):
    with pytest.raises(FileProblem):
        share.from_text(anything)
