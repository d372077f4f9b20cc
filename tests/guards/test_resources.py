"""The resources are in order, and a wheel carries them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.guards.places import ROOT, python

RESOURCES = ROOT / "resources"

INSTALLED = """
import json, sys
sys.path.insert(0, {folder!r})
import odeplayground
from odeplayground import assets
print(json.dumps([odeplayground.__file__, str(assets.resources()), odeplayground.presets()]))
"""


def letters(text: str) -> str:
    return re.sub("[^a-z]", "", text.lower())


def test_the_presets_folder_holds_only_presets() -> None:
    files = list((RESOURCES / "presets").iterdir())

    assert files
    assert {path.suffix for path in files} == {".toml"}
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", path.stem) for path in files)


def test_every_font_has_its_licence() -> None:
    fonts = [path for path in (RESOURCES / "fonts").iterdir() if path.suffix in {".otf", ".ttf"}]
    licences = {letters(path.name): path for path in (RESOURCES / "fonts").glob("*.txt")}

    assert fonts
    for font in fonts:
        family = letters(font.stem.partition("-")[0])
        texts = [path.read_text(encoding="utf-8") for name, path in licences.items() if family in name]
        assert any(re.search(r"^License: (OFL|Apache)", text, re.MULTILINE) for text in texts), font.name


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_presets_the_fonts_and_the_licences(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    for folder in ("presets", "fonts"):
        for path in (RESOURCES / folder).iterdir():
            assert f"odeplayground/_resources/{folder}/{path.name}" in names
    assert "odeplayground/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not any(name.startswith(("tests", "examples")) for name in names)


def test_an_installed_wheel_finds_its_own_resources(wheel: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(folder)

    module, found, presets = json.loads(python(INSTALLED.format(folder=str(folder)), tmp_path).splitlines()[-1])

    assert Path(module).is_relative_to(folder)
    assert Path(found).is_relative_to(folder)
    assert sorted(presets) == sorted(path.stem for path in (RESOURCES / "presets").glob("*.toml"))
