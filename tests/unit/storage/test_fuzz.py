"""Whatever a file holds: it opens, or there is a FileProblem. Nothing else, ever."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odeplayground.storage import project
from odeplayground.storage.errors import FileProblem

QUIET = settings(
    max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(10**40), 10**40),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(
        ["t", "theta", "NaN", "Infinity", "x' = x", "__import__", "equations", "learned", "1\n2", "x#", ";"]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=6), inner, max_size=4)),
    max_leaves=8,
)


def _opens_or_explains(data: bytes) -> None:
    try:
        project.from_bytes(data)
        problems = ("It is good.",)
    except FileProblem as problem:
        problems = problem.problems
    assert problems
    assert all(isinstance(sentence, str) and sentence for sentence in problems)


def _places(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _places(item, (*path, key))


def _change(document, path, value):
    *parents, last = path
    target = document
    for key in parents:
        target = target[key]
    target[last] = value


@QUIET
@given(data=st.binary(max_size=200))
def test_any_bytes(data):
    _opens_or_explains(data)


@QUIET
@given(value=VALUES)
def test_any_json_as_the_experiment(value):
    document = {"format": project.FORMAT, "version": project.VERSION, "experiment": value}
    _opens_or_explains(json.dumps(document).encode("utf-8", "surrogatepass"))


@QUIET
@given(
    edits=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=5), cut=st.integers(0)
)
def test_changed_bytes(trained, edits, cut):
    data = bytearray(project.to_bytes(trained))
    for place, byte in edits:
        data[place % len(data)] = byte
    _opens_or_explains(bytes(data[: len(data) - cut % 1000]))


@QUIET
@given(data=st.data())
def test_changed_fields(trained, data):
    document = json.loads(project.to_bytes(trained))
    places = [path for path in _places(document) if path]
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(places))
        try:
            _change(document, path, data.draw(VALUES))
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change removed this place
    _opens_or_explains(json.dumps(document).encode("utf-8", "surrogatepass"))


@QUIET
@given(rhs=st.text(max_size=40), name=st.text(max_size=8))
def test_changed_equations(experiment, rhs, name):
    document = json.loads(project.to_bytes(experiment))
    variable = document["experiment"]["system"]["variables"][0]
    variable["rhs"] = rhs
    if name:
        variable["name"] = name
    _opens_or_explains(msgspec.json.encode(document))


@pytest.mark.parametrize("size", [1_000, 30_000])
def test_very_long_equations(experiment, size):
    document = json.loads(project.to_bytes(experiment))
    document["experiment"]["system"]["variables"][0]["rhs"] = "(" * size + "omega" + ")" * size
    _opens_or_explains(json.dumps(document).encode())
