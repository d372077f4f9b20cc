"""Loads what takes long to load, in the background, right after the first picture is there."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module

from odeplayground import raster
from odeplayground.jobs import CancelToken, Job
from odeplayground.storage import presets

WARM_UP = "warm-up"
"""The channel."""

_HEAVY = ("scipy.integrate", "torch")


def warm_up_job(cancel: CancelToken) -> Job:
    """Compile what all systems share, import one library after the other, and take torch's slow first steps.

    A library that is missing is told where it is needed, not here.
    """
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
