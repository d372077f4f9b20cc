"""The import contracts hold, and each of them bites when it is broken on purpose."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.guards.places import PACKAGE, ROOT, project

SEEDS = {
    "upward": ("Dependencies point one way", {"spec/seed.py": "import odeplayground.session\n"}),
    "unplaced": ("Dependencies point one way", {"attic/__init__.py": ""}),
    "beside": ("Dependencies point one way", {"storage/seed.py": "import odeplayground.neural\n"}),
    "qt": ("Only gui knows Qt", {"session/seed.py": "def f() -> None:\n    import PySide6.QtCore\n"}),
    "torch": ("Only neural knows torch", {"dynamics/seed.py": "def f() -> None:\n    import torch\n"}),
    "numpy": ("spec, expr and jobs are pure Python", {"expr/seed.py": "import numpy\n"}),
    "gui": ("The window talks to the session alone", {"gui/seed.py": "import odeplayground.dynamics\n"}),
    "panels": (
        "Panels do not know each other",
        {"gui/panels/one.py": "", "gui/panels/two.py": "import odeplayground.gui.panels.one\n"},
    ),
    "public": ("Nothing inside imports the public interface", {"cli/seed.py": "import odeplayground\n"}),
}


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the checker on the package in this folder; its own folder comes first on the path."""
    program = Path(sysconfig.get_path("scripts")) / ("lint-imports.exe" if sys.platform == "win32" else "lint-imports")
    return subprocess.run([program, "--no-logo", "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(PACKAGE, tmp_path / "odeplayground", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_the_package_keeps_every_contract() -> None:
    done = check(ROOT)

    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_every_contract_has_a_seed() -> None:
    contracts = {contract["name"] for contract in project()["tool"]["importlinter"]["contracts"]}

    assert {contract for contract, _ in SEEDS.values()} == contracts


@pytest.mark.parametrize("seed", SEEDS)
def test_a_violation_is_reported_by_its_contract(seed: str, copy: Path) -> None:
    contract, files = SEEDS[seed]
    for name, text in files.items():
        path = copy / "odeplayground" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    done = check(copy)

    assert done.returncode != 0
    assert f"{contract} BROKEN" in done.stdout
