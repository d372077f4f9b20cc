"""Memory of trainings and of the pure adjoint, each in a process of its own. Linux only."""

from __future__ import annotations

from pathlib import Path

import torch

from odeplayground import neural
from odeplayground.spec import Epoch
from odeplayground.storage import presets
from tests.benchmarks.child import measure
from tests.benchmarks.growth import _PEAK_RESET, _peak
from tests.benchmarks.row import Row

ITERATIONS = 500
FEW, MANY = 1000, 5000
"""Steps of the solver."""
STATES = 20_000
"""Numbers in the state: if each of 5000 steps kept one of them, that would take 400 MB."""
CODE = "import json\nfrom tests.benchmarks import training_memory\nprint(json.dumps(training_memory.{}()))\n"


def run() -> list[Row]:
    grown, adjoint = measure(CODE.format("grown")), measure(CODE.format("adjoint"), seconds=600)
    condition = f"peak over {FEW} and {MANY} steps, {STATES} states"
    note = f"{adjoint['few']:.3g} and {adjoint['many']:.3g} MB over what was there"
    return [
        Row("memory after more epochs", grown, "MB", f"{ITERATIONS} epochs of Adam, natively", budget=10.0),
        Row("memory, pure adjoint", adjoint["many"] - adjoint["few"], "MB", condition, budget=10.0, note=note),
    ]


def grown() -> float:
    """Megabytes that the process grew by, from the 100th epoch to the last one."""
    data = neural.sample(presets.preset("pendulum"), 5, 60)
    sizes = {}
    for event in neural.train(data, neural.TrainSpec(epochs=ITERATIONS + 100)):
        if isinstance(event, Epoch):
            sizes[event.epoch] = _resident()
    return sizes[max(sizes)] - sizes[100]


def adjoint() -> dict[str, float]:
    """Megabytes at most during forward and backward, beyond those at the begin."""
    found = {}
    torch.set_num_threads(1)
    rates = torch.linspace(-1.0, -0.1, STATES, requires_grad=True)

    def solve(steps: int) -> None:
        y0, t = torch.ones(STATES), torch.tensor([0.0, 1.0])
        solution = neural.solve(
            lambda t, y: rates * y, y0, t, gradient="adjoint", engine="torch", method="rk4", checkpoints=0,
            options={"step_size": 1.0 / steps}, params=[rates],
        )  # fmt: skip
        solution.values[-1].sum().backward()

    solve(10)
    for name, steps in (("few", FEW), ("many", MANY)):
        before = _resident()
        _PEAK_RESET.write_text("5")
        solve(steps)
        found[name] = _peak() / 1e6 - before
    return found


def _resident() -> float:
    """Megabytes of this process now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6
