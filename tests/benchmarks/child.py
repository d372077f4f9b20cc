"""Measurements in a fresh interpreter with preferences of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def measure(code: str, environment: Mapping[str, str] | None = None, seconds: float = 300.0) -> Any:
    """Run code in a new process; what it printed last, read as JSON.

    Raises:
        RuntimeError: it failed, with its last words.
    """
    with tempfile.TemporaryDirectory() as home:
        private = dict(os.environ) | {"ODEPLAYGROUND_HOME": home, "QT_QPA_PLATFORM": "offscreen"}
        command = [sys.executable, "-c", code]
        private.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its byte-code
        private |= environment or {}
        done = subprocess.run(
            command, env=private, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False
        )
    if done.returncode:
        raise RuntimeError(done.stderr.strip()[-2000:] or f"exit code {done.returncode}")
    return json.loads(done.stdout.strip().splitlines()[-1])
