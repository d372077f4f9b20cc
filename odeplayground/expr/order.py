"""The order in which sub-expressions can be computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


def in_order(uses: Mapping[str, Sequence[str]]) -> tuple[list[str], list[str]]:
    """Sort names so that each comes after those it uses; names that are not keys are given from outside.

    Returns:
        The order, and the first cycle found (each name uses the next, the last one the first), or an empty list.
    """
    order: list[str] = []
    state = dict.fromkeys(uses, "new")
    for start in uses:
        path: list[tuple[str, Iterator[str]]] = []
        if state[start] == "new":
            state[start] = "open"
            path.append((start, iter(uses[start])))
        while path:
            name, rest = path[-1]
            used = next((other for other in rest if state.get(other, "done") != "done"), None)
            if used is None:
                state[name] = "done"
                order.append(name)
                path.pop()
            elif state[used] == "open":
                names = [step for step, _ in path]
                return order, names[names.index(used) :]
            else:
                state[used] = "open"
                path.append((used, iter(uses[used])))
    return order, []
