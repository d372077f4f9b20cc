"""How much memory this process holds."""

from __future__ import annotations

import gc
import re
from pathlib import Path

STATUS = Path("/proc/self/status")
MOST_GROWTH = 20e6
"""Bytes by which it may grow, however long somebody plays."""


def resident() -> float:
    """Memory of this process without garbage, in bytes."""
    gc.collect()
    found = re.search(r"VmRSS:\s+(\d+) kB", STATUS.read_text())
    assert found is not None
    return 1024.0 * int(found[1])
