"""Version ranges."""

from __future__ import annotations

import pytest

from odeplayground.cli import versions


@pytest.mark.parametrize(
    ("version", "wanted", "fits"),
    [
        ("6.11.3", ">=6.9,<6.12", True),
        ("6.12.0", ">=6.9,<6.12", False),
        ("6.12", ">=6.9,<6.12.0", False),
        ("6.9", ">=6.9.0", True),
        ("2.13.0+cpu", ">=2.6", True),
        ("2.13.0+cpu", "==2.13.0", True),
        ("0.2.4", "==0.2.5", False),
        ("1.0", "", True),
        ("1.2.3", "!=1.2.3", False),
        ("2.0rc1", ">1.9,<=2.0", True),
    ],
)
def test_a_version_is_compared_with_a_range(version: str, wanted: str, fits: bool) -> None:
    assert versions.within(version, wanted) is fits


def test_the_libraries_are_those_of_the_installation() -> None:
    found = {library.name.lower(): library for library in versions.libraries()}

    assert {"numpy", "torch", "pyside6-essentials"} <= set(found)
    assert "pytest" not in found
    assert all(library.fits for library in found.values())
    assert found["pyside6-essentials"].wanted == "<6.12,>=6.9"
    assert found["numpy"].tested
