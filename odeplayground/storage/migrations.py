"""Old project files become new ones step by step, each step a pure function from dict to dict.

``MIGRATIONS[n]`` turns the ``"experiment"`` of version n into that of version n + 1. Every change of the
fields after a release gets a new number. A released version stays readable: its migration is never removed, and a
golden file of it is kept in the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Migration = Callable[[dict[str, Any]], dict[str, Any]]

VERSION = 1
"""The version that is written today."""

MIGRATIONS: dict[int, Migration] = {}


def migrate(
    experiment: dict[str, Any],
    version: int,
    migrations: Mapping[int, Migration] = MIGRATIONS,
    newest: int = VERSION,
) -> dict[str, Any]:
    """Bring the experiment of an older file to the newest version; the argument is not changed."""
    for step in range(version, newest):
        experiment = migrations[step](experiment)
    return experiment
