"""How large the derivatives of a system can become, before any is taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from odeplayground.expr.limits import MAX_DERIVATIVES
from odeplayground.expr.syntax import Expression


def too_large_at(
    definitions: Mapping[str, Expression], equations: Mapping[str, Expression], variables: Iterable[str]
) -> str | None:
    """The name whose expression makes the derivatives too large, or ``None``.

    Forward differentiation makes a few nodes per argument of a node and variable it depends on. ``definitions`` come
    in the order in which they can be computed; ``variables`` are all states and parameters.
    """
    masks = {name: 1 << position for position, name in enumerate(variables)}
    total = 0
    for group in (definitions, equations):
        for name, expression in group.items():
            reach: list[int] = []
            for term in expression.terms:
                mask = masks.get(term.name, 0) if term.op is None else 0
                for arg in term.args:
                    mask |= reach[arg]
                reach.append(mask)
                total += mask.bit_count() * len(term.args)
            if total > MAX_DERIVATIVES:
                return name
            if group is definitions:
                masks[name] = reach[-1]
    return None
