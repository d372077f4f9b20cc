"""Does a view make sense for its system?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from odeplayground import expr
from odeplayground.spec import System, View

LONGEST_AXIS = 2000
"""Characters."""


def check_view(view: View, system: System, path: str) -> Iterator[str]:
    """Problems of one view."""
    axes = {"x": view.x, "y": view.y} | ({} if view.space is None else {"space.z": view.space.z})
    for axis, name in axes.items():
        if not _is_axis(name, system):
            yield f"{path}.{axis}: Expected a state, t or an expression of them, got {name!r}."
    if len(set(axes.values())) < len(axes):
        yield f"{path}.y: Two axes show the same."
    if view.space is not None:
        yield from check_order(view.space.z_range, f"{path}.space.z_range")
        if not -90 <= view.space.elevation <= 90 or view.space.zoom <= 0:
            yield f"{path}.space: Expected an elevation between -90 and 90 degrees and a positive zoom."
    yield from check_order(view.x_range, f"{path}.x_range")
    yield from check_order(view.y_range, f"{path}.y_range")
    for name in (*view.held, *filter(None, [view.cut.state])):
        if name not in system.states:
            yield f"{path}: There is no state {name!r}."


def _is_axis(name: str, system: System) -> bool:
    if name in (*system.states, "t"):
        return True
    if len(name) > LONGEST_AXIS or "\n" in name or ";" in name or "=" in name or "[?]" in name:
        return False
    taken = {*system.states, *system.parameters, *(definition.name for definition in system.definitions)}
    fresh = next(f"axis{'_' * n}" for n in range(len(taken) + 1) if f"axis{'_' * n}" not in taken)
    return expr.parse(f"{expr.format_system(system)}\n{fresh} = {name}").system is not None


def check_order(values: tuple[float, ...], path: str) -> Iterator[str]:
    """A problem if the values do not increase."""
    if any(high <= low for low, high in pairwise(values)):
        yield f"{path}: The numbers must increase, got {', '.join(map(repr, values))}."
