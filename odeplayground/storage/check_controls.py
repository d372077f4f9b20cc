"""Do the settings of the sliders make sense?"""

from __future__ import annotations

from collections.abc import Iterator

from odeplayground.spec import Controls, as_number

LONGEST_NAME = 200


def check_controls(controls: Controls, parameters: tuple[str, ...], path: str) -> Iterator[str]:
    """Problems of the sliders of these parameters."""
    for name, literal in controls.defaults.items():
        if as_number(literal) is None:
            yield f"{path}.defaults.{name}: Expected a number as it is typed, got {literal[:40]!r}."
    for name in sorted({*controls.defaults, *controls.sliders} - set(parameters)):
        yield f"{path}: There is no parameter {name!r}."
    for name, settings in controls.sliders.items():
        if settings.seconds <= 0:
            yield f"{path}.sliders.{name}.seconds: Expected a positive number, got {settings.seconds!r}."
    names = [snapshot.name for snapshot in controls.snapshots]
    if len(set(names)) < len(names) or not all(0 < len(name) <= LONGEST_NAME for name in names):
        yield f"{path}.snapshots: Expected names that differ."
    if controls.compared and controls.compared not in names:
        yield f"{path}.compared: There is no snapshot {controls.compared!r}."
