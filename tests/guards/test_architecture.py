"""The map of the house shows every room."""

from __future__ import annotations

import pytest

from tests.guards.places import PACKAGE

FOLDERS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_architecture_page_mentions_every_folder(folder: str) -> None:
    assert f"{folder}/" in (PACKAGE / "ARCHITECTURE.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_package_says_what_it_is(folder: str) -> None:
    text = (PACKAGE / folder / "__init__.py").read_text(encoding="utf-8")

    assert text.startswith('"""')
    assert not text.startswith('"""..."""')
