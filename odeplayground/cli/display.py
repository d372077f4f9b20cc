"""Can a window open here? Asked in another process, because Qt ends the whole process when it cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

import msgspec

from odeplayground.cli import libraries

_PROBE = """
from PySide6.QtGui import QGuiApplication
print(QGuiApplication([]).platformName())
"""
_SECONDS = 20.0


class Display(msgspec.Struct, frozen=True):
    """Whether Qt starts, on which platform, and if not, why in a sentence or two."""

    platform: str
    reason: str = ""
    packages: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether a window can be shown."""
        return not self.reason


class Probe:
    """A question to a fresh process; other work can go on until the answer is needed."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = dict(os.environ if environment is None else environment)
        self._lacking = no_display(self._environment)
        self._process = None if self._lacking else self._begin()

    def _begin(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", _PROBE],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def answer(self) -> Display:
        """Wait for the answer, at most some seconds."""
        if self._process is None:
            return Display("", self._lacking)
        try:
            said, complaint = self._process.communicate(timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            return Display("", f"Qt did not start within {_SECONDS:.0f} seconds, so the window cannot open.")
        if self._process.returncode == 0:
            return Display(said.strip())
        return self._failure(complaint)

    def _failure(self, complaint: str) -> Display:
        packages = libraries.missing_packages(needed_libraries(self._environment), complaint)
        if packages:
            hint = libraries.install_hint(packages)
            return Display(
                "", f"Libraries that Qt needs are missing, so the window cannot open. {hint}", tuple(packages)
            )
        if "connect to display" in complaint:
            name = self._environment.get("DISPLAY", "")
            return Display("", f'Qt cannot connect to the display "{name}", so the window cannot open.')
        return Display("", f"Qt cannot start, so the window cannot open: {gist(complaint)}")


def gist(complaint: str) -> str:
    """The line that says most: Python puts it last, Qt first."""
    lines = [line for line in complaint.splitlines() if line.strip()] or ["no reason was given."]
    return lines[-1] if complaint.startswith("Traceback") else lines[0]


def no_display(environment: Mapping[str, str]) -> str:
    """Why there is certainly no display; empty if there may be one. Only Linux and its like can be without."""
    if sys.platform in ("darwin", "win32") or environment.get("QT_QPA_PLATFORM"):
        return ""
    if environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"):
        return ""
    return "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so the window cannot open."


def needed_libraries(environment: Mapping[str, str]) -> dict[str, str]:
    """The system's libraries that the window needs here; none are wanted but on Linux."""
    if not sys.platform.startswith("linux"):
        return {}
    platform = environment.get("QT_QPA_PLATFORM", "")
    needed = dict(libraries.EVERYWHERE)
    if platform in ("", "xcb") and environment.get("DISPLAY"):
        needed |= libraries.X11
    if platform in ("", "wayland") and environment.get("WAYLAND_DISPLAY"):
        needed |= libraries.WAYLAND
    return needed
