"""Loads what takes long to load, in the background, right after the first picture is there."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module

from odeplayground import raster
from odeplayground.jobs import CancelToken, Job
from odeplayground.storage import presets

WARM_UP = "warm-up"
"""The channel."""

_HEAVY = ("scipy.integrate", "torch")
_PAUSE = 0.05
"""Seconds between two looks whether a drag is over."""


def warm_up_job(cancel: CancelToken, hurried: Callable[[], bool]) -> Job:
    """Compile what all systems share, import one library after the other, and take torch's slow first steps.

    While ``hurried``, the next step waits: importing torch holds the interpreter, and a drag would stutter.
    """
    for step in _steps():
        while hurried() and not cancel.cancelled:
            time.sleep(_PAUSE)
        yield step


def _steps() -> Job:
    """Each is told before it is taken. A library that is missing is told where it is needed, not here."""
    try:
        yield "lines"
        with suppress(RuntimeError):  # no machine code here: Qt draws the lines
            raster.prepare()
        yield "presets"
        presets.cards()
        yield "kernels"
        from odeplayground import dynamics

        dynamics.warm_up()  # after the first start of all it takes next to no time
        for name in _HEAVY:
            yield name
            import_module(name)
        yield "odeplayground.neural"
        from odeplayground import neural

        neural.warm_up()
    except ImportError:
        return
