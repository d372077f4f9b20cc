"""``odeplayground`` and ``odeplayground FILE``: open the window, or do its main job without one."""

from __future__ import annotations

import gc
import os
import sys
from argparse import Namespace
from contextlib import suppress
from pathlib import Path

from odeplayground.cli import source
from odeplayground.cli.display import Display, Probe
from odeplayground.cli.exits import Exit
from odeplayground.spec import Experiment


def open_window(arguments: Namespace) -> int:
    """Open the window on a file, a preset, or what the last session left."""
    gc.disable()  # loading leaves no garbage, and looking for it takes long; the window has a collector of its own
    try:
        return _open_window(arguments)
    finally:
        gc.enable()


def _open_window(arguments: Namespace) -> int:
    _load_numpy()
    wanted = source.load(arguments.system) if arguments.system else None
    display = _display()
    if not display.usable:
        from odeplayground.cli.headless import work_without_window

        gc.enable()
        print(display.reason, file=sys.stderr)
        return work_without_window(wanted or source.load(source.DEFAULT))
    return _run_window(_to_open(arguments.system, wanted))


def _load_numpy() -> None:
    """Load numpy with one thread for its linear algebra: matrices are small here, and waiting threads use a processor.

    OpenBLAS reads the variable once, when it is loaded; others that know the same variable shall not see it.
    """
    name = "OPENBLAS_NUM_THREADS"
    if name in os.environ:
        return
    os.environ[name] = "1"
    with suppress(ImportError):  # told by whoever needs it
        import numpy  # noqa: F401 (it reads the variable when it is loaded)
    del os.environ[name]


def _run_window(wanted: Experiment | Path | None) -> int:
    from odeplayground import kept_code
    from odeplayground.gui import app, interrupt
    from odeplayground.storage import home

    kept_code.use(home.code_folder())
    with interrupt.closing_windows() as ctrl_c:
        code = app.main(["odeplayground"], wanted)
    return Exit.INTERRUPTED if ctrl_c.pressed else code


def _display() -> Display:
    """Ask whether Qt starts; its libraries are read into this process in the meantime."""
    if sys.platform in ("darwin", "win32"):
        return Display(sys.platform)
    probe = Probe()
    try:
        import odeplayground.gui.app  # noqa: F401 (loads while the other process starts)
    except ImportError as error:
        answer = probe.answer()
        return answer if answer.reason else Display("", f"Qt cannot be loaded, so the window cannot open: {error}")
    return probe.answer()


def _to_open(name: str | None, wanted: Experiment | None) -> Experiment | Path | None:
    """A file is opened by its path, so that saving goes back to it."""
    from odeplayground.storage import presets

    return wanted if name is None or name in presets.presets() else Path(name)
