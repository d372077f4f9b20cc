"""The screens that windows are measured on: none (offscreen), and a virtual X11 screen where Xvfb is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

SIZE = "1400x900x24"


@contextmanager
def screens() -> Iterator[dict[str, dict[str, str]]]:
    """Name of each screen and the environment that shows a window there."""
    found = {"offscreen": {"QT_QPA_PLATFORM": "offscreen"}}
    program = shutil.which("Xvfb")
    if program is None:
        yield found
        return
    reading, writing = os.pipe()
    command = [program, "-displayfd", str(writing), "-screen", "0", SIZE, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            display = f":{answer.readline().strip()}"
        yield found | {"Xvfb": {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display}}
    finally:
        server.terminate()
        server.wait()
