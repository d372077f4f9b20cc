"""Everything that ``odeplayground`` promises is there and says what it does."""

from __future__ import annotations

import inspect

import pytest

import odeplayground


@pytest.mark.parametrize("name", [name for name in odeplayground.__all__ if name != "__version__"])
def test_a_public_name_resolves_and_has_a_docstring(name: str) -> None:
    thing = getattr(odeplayground, name)
    docstring = inspect.getdoc(thing)

    assert docstring
    # A dataclass without a docstring is given its signature as one; that says nothing.
    assert not docstring.startswith(f"{name}(")


def test_dir_lists_exactly_the_public_names() -> None:
    assert dir(odeplayground) == sorted(odeplayground.__all__)


def test_the_version_is_a_release_number() -> None:
    assert [int(part) for part in odeplayground.__version__.split(".")]


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = odeplayground.nonsense
