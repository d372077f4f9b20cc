"""``constraints.txt`` pins everything that an installation for use and for development brings."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.guards.places import ROOT, project

NOT_OURS = ("setuptools", "nvidia-", "cuda-", "triton")
"""Chosen exactly by pip or by torch itself for the platform."""


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    needed = [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]
    return {canonicalize_name(pin.name): str(pin.specifier) for pin in needed}


def direct() -> list[Requirement]:
    data = project()["project"]
    return [Requirement(text) for text in [*data["dependencies"], *data["optional-dependencies"]["dev"]]]


def closure() -> Iterator[str]:
    """Names of all packages that the direct ones bring on this platform."""
    waiting, seen = [canonicalize_name(requirement.name) for requirement in direct()], set()
    while waiting:
        name = waiting.pop()
        if name in seen or name.startswith(NOT_OURS):
            continue
        seen.add(name)
        yield name
        try:
            needed = [Requirement(text) for text in requires(name) or ()]
        except PackageNotFoundError:
            continue
        waiting += [canonicalize_name(r.name) for r in needed if r.marker is None or r.marker.evaluate({"extra": ""})]


def test_every_line_is_an_exact_pin() -> None:
    assert all(pin.startswith("==") and "," not in pin for pin in pins().values())


@pytest.mark.parametrize("requirement", direct(), ids=lambda requirement: requirement.name)
def test_a_dependency_is_pinned_within_its_range(requirement: Requirement) -> None:
    pin = pins().get(canonicalize_name(requirement.name))

    assert pin is not None
    assert requirement.specifier.contains(pin.removeprefix("=="))


def test_what_the_dependencies_bring_is_pinned_too() -> None:
    assert sorted(set(closure()) - set(pins())) == []
