"""Loads what takes long to load, in the background, right after the first picture is there."""

from __future__ import annotations

import importlib

from odeplayground.jobs import CancelToken, Job

WARM_UP = "warm-up"
"""The channel."""

_HEAVY = ("contourpy", "scipy.integrate", "torch", "odeplayground.neural")


def warm_up_job(cancel: CancelToken) -> Job:
    """Import one library after the other. One that is missing is told where it is needed, not here."""
    for name in _HEAVY:
        yield name
        try:
            importlib.import_module(name)
        except ImportError:
            return
