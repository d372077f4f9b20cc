"""Where things are, and a clean child process: shared by the guards."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "odeplayground"


def project() -> dict[str, Any]:
    """The contents of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def python(code: str, home: Path, environment: Mapping[str, str] | None = None) -> str:
    """Run code in a fresh interpreter with the offscreen platform and an empty home; what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=private_environment(home) | dict(environment or {}),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def private_environment(home: Path) -> dict[str, str]:
    """An environment in which the person's own preferences are neither read nor written."""
    return dict(os.environ) | {"ODEPLAYGROUND_HOME": str(home / "odeplayground"), "QT_QPA_PLATFORM": "offscreen"}
