"""A folder with the outcome: text, numbers, the project, and pictures where they can be drawn."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from odeplayground.cli import libraries, source
from odeplayground.cli.comparison import print_comparison
from odeplayground.cli.display import gist, needed_libraries
from odeplayground.cli.explain import bad_input
from odeplayground.spec import Experiment, LearnedSystem, System, TrainedRun

_DRAW_SECONDS = 300.0
_WIDTH = 100
_POINTS = 501


@dataclass(frozen=True)
class Files:
    """The files of a report, and why some are not there (empty if all are)."""

    names: tuple[str, ...]
    problem: str = ""


def write(experiment: Experiment, message: str, folder: Path) -> Files:
    """Write the report; older files of the same names are replaced.

    Raises:
        InputError: the folder cannot be written.
    """
    from odeplayground.storage import project

    stem = source.file_stem(experiment)
    with bad_input():
        folder.mkdir(exist_ok=True)
        project.save(experiment, folder / f"{stem}.odep")
        names = ["report.txt", f"{stem}.odep", *_trajectories(experiment, folder)]
        (folder / "report.txt").write_text(text(experiment, message), encoding="utf-8")
    pictures, problem = draw(experiment, folder)
    return Files((*names, *pictures), problem)


def draw(experiment: Experiment, folder: Path) -> tuple[list[str], str]:
    """Draw the pictures in a process of their own; their names, and a sentence if they could not be drawn."""
    environment = dict(os.environ) | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "odeplayground.gui.report", str(folder)]
    given = msgspec.msgpack.encode(experiment)
    try:
        done = subprocess.run(
            command, env=environment, input=given, capture_output=True, timeout=_DRAW_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return [], f"The pictures are missing: drawing them took longer than {_DRAW_SECONDS:.0f} seconds."
    if done.returncode == 0:
        return done.stdout.decode().splitlines(), ""
    complaint = done.stderr.decode(errors="replace")
    packages = libraries.missing_packages(needed_libraries(environment), complaint)
    if packages:
        hint = libraries.install_hint(packages)
        return [], f"The pictures are missing, because libraries that Qt needs are not here. {hint}"
    return [], f"The pictures are missing, because Qt could not draw them: {gist(complaint)}"


def text(experiment: Experiment, message: str) -> str:
    """The report as plain text: the system, the data, the training, the comparison."""
    from rich.console import Console

    page = io.StringIO()
    console = Console(file=page, width=_WIDTH, highlight=False, no_color=True)
    for paragraph in _paragraphs(experiment, message):
        console.print(paragraph, markup=False)
        console.print()
    if experiment.run is not None and experiment.run.report is not None:
        print_comparison(console, experiment, experiment.run.report)
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines()) + "\n"


def _paragraphs(experiment: Experiment, message: str) -> Iterator[str]:
    yield experiment.name
    yield experiment.text.strip()
    values = ", ".join(f"{name} = {value:g}" for name, value in experiment.parameters.items())
    start = ", ".join(f"{name} = {value:g}" for name, value in source.start(experiment, ()).items())
    begin, end = experiment.t_span
    yield f"Parameters: {values or 'none'}\nStart: {start}\nTime: {begin:g} to {end:g}"
    if experiment.run is not None:
        yield _training(experiment.run)
    yield message


def _training(run: TrainedRun) -> str:
    epochs = run.history[-1].epoch if run.history else 0
    field = run.field
    if isinstance(field, LearnedSystem):
        what = f"Network: {'-'.join(map(str, field.layers))}, {field.activation}"
    else:
        what = "Equations: " + ", ".join(f"{n} = {v:g}" for n, v in zip(field.parameters, field.values, strict=True))
    lines = [
        f"Data: {len(run.samples.times)} trajectories, {run.samples.n_points} samples, noise {run.samples.noise:g}",
        f"{what}, gradient {run.spec.gradient}, seed {run.spec.seed}",
        f"Training: {epochs} epochs in {run.seconds:.1f} s, the best is epoch {run.best_epoch}",
    ]
    return "\n".join(lines)


def _trajectories(experiment: Experiment, folder: Path) -> Iterator[str]:
    """Write the selected trajectory of the true system and of the learned one."""
    yield _trajectory(experiment, experiment.system, folder / "trajectory-true.csv")
    if experiment.run is not None:
        yield _trajectory(experiment, experiment.run.field, folder / "trajectory-learned.csv")


def _trajectory(experiment: Experiment, system: System | LearnedSystem, path: Path) -> str:
    import numpy as np

    from odeplayground import dynamics
    from odeplayground.storage import solution_csv

    solver = experiment.solver
    solution = dynamics.simulate(
        system,
        t_span=experiment.t_span,
        initial=source.start(experiment, ()),
        parameters=experiment.parameters if isinstance(system, System) else None,
        t_eval=np.linspace(*experiment.t_span, _POINTS),
        method=solver.method,
        rtol=solver.rtol,
        atol=solver.atol,
        step=solver.step,
        max_step=solver.max_step,
    )
    solution_csv.write_solution(path, solution)
    return path.name
