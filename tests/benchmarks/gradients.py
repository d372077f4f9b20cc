"""Milliseconds per training iteration (forward, loss, backward, optimiser).

W1: a spiral, network 2-50-2, 20 segments of 10 points, tolerances 1e-7 and 1e-9. W2: the damped pendulum, network
2-64-64-2, 32 segments of 20 points, tolerances 1e-4 and 1e-6. W3: the same with 256 segments of 50 points. Both
sides run the very same module. Where there is a GPU, the same runs on it too.
"""

from __future__ import annotations

import copy
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import torch
import torchdiffeq
from torch import Tensor, nn

from odeplayground import neural
from tests.benchmarks.clock import medians
from tests.benchmarks.row import Row

REPEATS = 7
SLOW_REPEATS = 3
FIT_ITERATIONS = 300
TRAJECTORIES = 100_000


class Field(nn.Module):
    """A dense network as a vector field; W1 feeds it the cubes of the states, like torchdiffeq's own demo."""

    def __init__(self, sizes: list[int], *, cubes: bool) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, after in itertools.pairwise(sizes):
            layers += [nn.Linear(before, after), nn.Tanh()]
        self.net = nn.Sequential(*layers[:-1])
        self.cubes = cubes

    def forward(self, t: Tensor, y: Tensor) -> Tensor:
        return self.net(y**3 if self.cubes else y)


@dataclass(frozen=True)
class Workload:
    name: str
    field: Field
    t: Tensor
    targets: Tensor
    rtol: float
    atol: float


def run() -> list[Row]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        rows = []
        for make in (spiral, pendulum, many_pendulums):
            workload = make()
            rows += _rows(workload, "float32, one thread")
            rows += _rows(_cast(workload, dtype=torch.float64), "float64, one thread")
            if torch.cuda.is_available():
                rows += _rows(_cast(workload, device="cuda"), "float32, CUDA")
        if torch.cuda.is_available():
            rows += _many_on_cuda()
        return rows
    finally:
        torch.set_num_threads(threads)


def _rows(workload: Workload, condition: str) -> list[Row]:
    ours = {
        "discrete": partial(_solve, gradient="discrete"),
        "adjoint, pure": partial(_solve, gradient="adjoint", checkpoints=0),
        "adjoint, checkpointed": neural.odeint_adjoint,
    }
    peers = {"odeint_adjoint": torchdiffeq.odeint_adjoint, "odeint": torchdiffeq.odeint}
    solvers = {**ours, **peers}
    repeats = REPEATS if workload.name in ("W1", "W2") else SLOW_REPEATS
    seconds = dict(zip(solvers, medians([iteration(workload, one) for one in solvers.values()], repeats), strict=True))
    condition = f"one training iteration, {condition}"
    pairs = [(name, "odeint_adjoint") for name in ours] + [("discrete", "odeint")]
    return [
        Row(
            f"{name}, {workload.name}", 1e3 * seconds[name], "ms", condition, 1e3 * seconds[peer], f"torchdiffeq.{peer}"
        )
        for name, peer in pairs
    ]


def _many_on_cuda() -> list[Row]:
    """A batch of 100,000 trajectories of the pendulum's network, forward only and as a training iteration."""
    workload = _cast(_pendulum("100,000 trajectories", (TRAJECTORIES, 20)), device="cuda")

    def forward(solver: Callable[..., Any]) -> Callable[[], None]:
        def run() -> None:
            with torch.no_grad():
                solver(workload.field, workload.targets[0], workload.t, rtol=workload.rtol, atol=workload.atol)
            torch.cuda.synchronize()

        return run

    ours, theirs = medians([forward(neural.odeint), forward(torchdiffeq.odeint)], SLOW_REPEATS)
    condition = "float32, CUDA, forward"
    row = Row("solve, 100,000 trajectories", 1e3 * ours, "ms", condition, 1e3 * theirs, "torchdiffeq.odeint")
    return [row, *_rows(workload, "float32, CUDA")]


def _solve(field: Field, y0: Tensor, t: Tensor, **settings: Any) -> Tensor:
    found = neural.solve(field, y0, t, engine="torch", **settings)
    return found.values


def _cast(workload: Workload, **target: Any) -> Workload:
    return replace(
        workload,
        field=copy.deepcopy(workload.field).to(**target),
        t=workload.t.to(**target),
        targets=workload.targets.to(**target),
    )


def iteration(workload: Workload, solver: Callable[..., Any]) -> Callable[[], None]:
    """One training iteration as a function without arguments."""
    # A rate of zero: every iteration does the same work.
    optimiser = torch.optim.SGD(workload.field.parameters(), lr=0.0)

    def iterate() -> None:
        optimiser.zero_grad()
        states = solver(workload.field, workload.targets[0], workload.t, rtol=workload.rtol, atol=workload.atol)
        ((states - workload.targets) ** 2).mean().backward()
        optimiser.step()
        if workload.t.is_cuda:
            torch.cuda.synchronize()

    return iterate


def spiral() -> Workload:
    matrix = torch.tensor([[-0.1, 2.0], [-2.0, -0.1]])
    t = torch.linspace(0.0, 25.0, 1000)
    return _workload(
        "W1", lambda y: y**3 @ matrix, [2.0, 0.0], t, Field([2, 50, 2], cubes=True), (20, 10), (1e-7, 1e-9)
    )


def pendulum() -> Workload:
    return _pendulum("W2", (32, 20))


def many_pendulums() -> Workload:
    return _pendulum("W3", (256, 50))


def _pendulum(name: str, segments: tuple[int, int]) -> Workload:
    def right_hand_side(y: Tensor) -> Tensor:
        return torch.stack([y[..., 1], -0.25 * y[..., 1] - 5.0 * torch.sin(y[..., 0])], -1)

    t = torch.linspace(0.0, 10.0, 101)
    start = [math.pi - 0.1, 0.0]
    return _workload(name, right_hand_side, start, t, Field([2, 64, 64, 2], cubes=False), segments, (1e-4, 1e-6))


def _workload(
    name: str,
    right_hand_side: Callable[[Tensor], Tensor],
    start: list[float],
    t: Tensor,
    field: Field,
    segments: tuple[int, int],
    tolerances: tuple[float, float],
) -> Workload:
    torch.manual_seed(0)
    for layer in field.net:
        if isinstance(layer, nn.Linear):
            layer.reset_parameters()
    with torch.no_grad():
        states = torchdiffeq.odeint(lambda _t, y: right_hand_side(y), torch.tensor(start), t, rtol=1e-6, atol=1e-6)
    _fit(field, states, right_hand_side(states))
    count, length = segments
    begins = (
        torch.randint(len(t) - length, (count,)) if count > len(t) - length else torch.randperm(len(t) - length)[:count]
    )
    targets = torch.stack([states[begins + i] for i in range(length)])
    return Workload(name, field, t[:length], targets, *tolerances)


def _fit(field: Field, states: Tensor, slopes: Tensor) -> None:
    """Training spends its time near the answer, so the network is brought near it first."""
    optimiser = torch.optim.Adam(field.parameters(), lr=1e-2)
    for _ in range(FIT_ITERATIONS):
        optimiser.zero_grad()
        ((field(torch.zeros(()), states) - slopes) ** 2).mean().backward()
        optimiser.step()
