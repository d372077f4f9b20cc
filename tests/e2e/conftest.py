"""A virtual screen with a window manager, the real app on it, and a pair of hands (xdotool)."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

TOOLS = ("Xvfb", "openbox", "xdotool", "import", "convert")
MANDATORY = os.environ.get("ODEPLAYGROUND_E2E") == "required"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing and not MANDATORY:
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=f"not installed: {', '.join(missing)}"))


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """A fresh X server of 1280 x 800 with a window manager; its name, such as ``:7``."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    number = b""
    while not number.endswith(b"\n"):
        if not select.select([reading], [], [], 20)[0]:
            raise RuntimeError("Xvfb did not start within 20 s")
        piece = os.read(reading, 16)
        if not piece:
            raise RuntimeError("Xvfb ended before it was ready")
        number += piece
    os.close(reading)
    name = ":" + number.decode().strip()
    manager = subprocess.Popen(["openbox"], env=os.environ | {"DISPLAY": name}, stderr=subprocess.DEVNULL)
    yield name
    for process in (manager, server):
        process.terminate()
        process.wait(10)


class Hands:
    """Mouse and keyboard of the person in front of the screen."""

    def __init__(self, display: str) -> None:
        self._environment = os.environ | {"DISPLAY": display}

    def _do(self, *words: object) -> None:
        subprocess.run(["xdotool", *map(str, words)], env=self._environment, check=True, timeout=30)

    def move(self, x: int, y: int) -> None:
        self._do("mousemove", x, y)
        time.sleep(0.01)

    def click(self, x: int, y: int, button: int = 1, times: int = 1) -> None:
        self.move(x, y)
        self._do("click", "--repeat", times, "--delay", 60, button)

    def drag(
        self, start: tuple[int, int], end: tuple[int, int], steps: int = 12, look: Callable[[], None] = lambda: None
    ) -> None:
        """Drag in steps; ``look`` is called before the button is released."""
        self.move(*start)
        self._do("mousedown", 1)
        for k in range(1, steps + 1):
            self.move(*(round(a + (b - a) * k / steps) for a, b in zip(start, end, strict=True)))
            time.sleep(0.02)
        look()
        self._do("mouseup", 1)

    def type(self, text: str) -> None:
        """Lines are ended by Return."""
        for number, line in enumerate(text.split("\n")):
            if number:
                self.key("Return")
            if line:
                self._do("type", "--delay", 15, line)

    def key(self, *keys: str) -> None:
        self._do("key", "--delay", 30, *keys)


class App:
    """The running app: a process, a side channel to look, a screen to see."""

    def __init__(self, display: str, home: Path, arguments: tuple[str, ...]) -> None:
        environment = os.environ | {
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "ODEPLAYGROUND_HOME": str(home),
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PYTHONFAULTHANDLER": "1",
        }
        environment.pop("WAYLAND_DISPLAY", None)
        self.errors = home / "stderr.txt"
        home.mkdir(parents=True, exist_ok=True)
        self._display = display
        self._error_file = self.errors.open("a")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.driver", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._error_file,
            env=environment,
            text=True,
            bufsize=1,
        )
        self.until(lambda: self.rect("main-window") is not None, "the window to appear", 30)
        time.sleep(0.5)

    def ask(self, what: str, *of: object):
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"ask": what, "of": of}) + "\n")
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"The app has ended:\n{self.errors.read_text()}")
        return json.loads(line)

    def rect(self, name: str) -> list[int] | None:
        return self.ask("rect", name)

    def centre(self, name: str) -> tuple[int, int]:
        rect = self.rect(name)
        assert rect is not None, f"{name} is not on the screen"
        x, y, width, height = rect
        return x + width // 2, y + height // 2

    def until(self, happened: Callable[[], bool], what: str, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if happened():
                return
            time.sleep(0.05)
        raise AssertionError(f"waited {seconds} s for {what}\n{self.errors.read_text()}")

    def pixels(self, name: str) -> bytes:
        """What the screen really shows of a widget, as raw grey values."""
        rect = self.rect(name)
        assert rect is not None
        x, y, width, height = rect
        environment = os.environ | {"DISPLAY": self._display}
        command = ["import", "-window", "root", "-crop", f"{width}x{height}+{x}+{y}", "-depth", "8", "gray:-"]
        return subprocess.run(command, env=environment, check=True, capture_output=True, timeout=30).stdout

    def picture(self, path: Path) -> None:
        environment = os.environ | {"DISPLAY": self._display}
        subprocess.run(["import", "-window", "root", str(path)], env=environment, check=True, timeout=30)

    def wait_closed(self, seconds: float = 20) -> int:
        return self._process.wait(seconds)

    def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        if self._process.poll() is None:
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._error_file.close()


@pytest.fixture
def hands(display: str) -> Hands:
    return Hands(display)


@pytest.fixture
def launch(display: str, tmp_path: Path) -> Iterator[Callable[..., App]]:
    """Starts the app; every start of one test shares the same preferences and recovery folder."""
    apps: list[App] = []

    def start(*arguments: str) -> App:
        app = App(display, tmp_path / "home", arguments)
        apps.append(app)
        return app

    yield start
    for app in apps:
        app.end()
