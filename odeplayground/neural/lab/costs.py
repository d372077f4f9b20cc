"""What a gradient costs: evaluations, and the memory that is held between the way there and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from odeplayground.neural.lab.subject import Subject
from odeplayground.neural.solution import Solution, solve
from odeplayground.spec import Status

WAYS: dict[str, dict[str, Any]] = {
    "direct": {"gradient": "direct"},
    "discrete": {"gradient": "discrete"},
    "interpolating": {"gradient": "interpolating"},
    "adjoint": {"gradient": "adjoint"},
    "adjoint, pure": {"gradient": "adjoint", "checkpoints": 0},
}
"""The arguments of ``solve`` for each way; the names are those of the audit."""


@dataclass(frozen=True)
class Cost:
    """Of one gradient by one way.

    Evaluations of the field, forwards and backwards (for "direct" none are counted backwards: autograd walks the graph
    of the forward ones); accepted steps; bytes held between the two ways besides weights, start and times.
    """

    way: str
    tolerance: float
    forward: int
    backward: int
    steps: int
    held: int


def costs(subject: Subject, tolerance: float) -> tuple[Cost, ...]:
    """One gradient of the subject's loss by every way; those that fail are left out."""
    found = (_cost(subject, tolerance, way) for way in WAYS)
    return tuple(cost for cost in found if cost is not None)


def _cost(subject: Subject, tolerance: float, way: str) -> Cost | None:
    start, times = torch.tensor(subject.start).requires_grad_(), torch.tensor(subject.times).requires_grad_()
    saved: dict[int, int] = {}
    with torch.autograd.graph.saved_tensors_hooks(lambda tensor: _note(saved, tensor), lambda tensor: tensor):
        solution = solve(
            subject.field, start, times, engine="torch", rtol=tolerance, atol=1e-2 * tolerance, **WAYS[way]
        )
    if solution.status[0] is not Status.FINISHED:
        return None
    held = _held(solution, saved, subject.field, (start, times))
    loss = (solution.values * subject.pulls(solution.values.detach())).sum()
    loss.backward()
    stats = solution.stats
    return Cost(way, tolerance, stats.evaluations, stats.backward_evaluations, _steps(solution), held)


def _steps(solution: Solution) -> int:
    return int(solution.stats.accepted)


def _held(solution: Solution, saved: dict[int, int], field: nn.Module, given: tuple[Tensor, ...]) -> int:
    """Bytes of all tensors that the graph holds, but those that were there before."""
    found = dict(saved)
    for node in _nodes(solution.values):
        for tensor in _tensors(getattr(node, "__dict__", {}), set()):
            _note(found, tensor)
    for tensor in (*field.parameters(), *field.buffers(), *given):
        found.pop(tensor.untyped_storage().data_ptr(), None)
    return sum(found.values())


def _note(found: dict[int, int], tensor: Tensor) -> Tensor:
    storage = tensor.untyped_storage()
    found[storage.data_ptr()] = storage.nbytes()
    return tensor


def _nodes(value: Tensor) -> Iterator[Any]:
    """Those of the graph, each once."""
    waiting, seen = [value.grad_fn], set()
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        yield node
        waiting.extend(one for one, _ in node.next_functions)


def _tensors(thing: Any, seen: set[int]) -> Iterator[Tensor]:
    """Tensors that an object of ours holds, directly or in what it holds; modules are not looked into."""
    if isinstance(thing, Tensor):
        yield thing
        return
    if isinstance(thing, nn.Module) or id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, dict):
        inside: Any = thing.values()
    elif isinstance(thing, list | tuple):
        inside = thing
    else:
        inside = vars(thing).values() if hasattr(thing, "__dict__") and not callable(thing) else ()
    for one in inside:
        yield from _tensors(one, seen)
