"""What the window would show, without a window: solve, train, compare, and a report folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from odeplayground.cli import learning, report_folder, source
from odeplayground.cli.comparison import print_comparison
from odeplayground.cli.exits import Exit
from odeplayground.cli.output import terminal
from odeplayground.cli.progress import training_progress
from odeplayground.cli.simulate import print_summary, solve
from odeplayground.spec import Experiment

if TYPE_CHECKING:
    from rich.console import Console

FOLDER = Path("odeplayground-report")
POINTS = 501


def work_without_window(experiment: Experiment) -> int:
    """Do the main job in the terminal and leave a report in the current folder."""
    console = terminal()
    console.print("Here is the same work without a window: solve, train, compare, write a report.\n")
    print_summary(experiment, solve(experiment, experiment.solver, source.start(experiment, ()), POINTS))
    outcome = _train(console, experiment)
    files = report_folder.write(outcome.experiment, outcome.message, FOLDER)
    console.print(f"\nThe report is in the folder {FOLDER}: {', '.join(files.names)}.", markup=False)
    if files.problem:
        console.print(files.problem, markup=False)
    console.print("For another system: odeplayground train NAME; the names: odeplayground presets.")
    return Exit.INTERRUPTED if outcome.interrupted else Exit.GOOD


def _train(console: Console, experiment: Experiment) -> learning.Learned:
    plan = experiment.plan
    console.print(
        f"\nTraining a network on {plan.n_trajectories} trajectories of {plan.n_points} samples each "
        f"({100 * plan.noise:g} % noise); Ctrl-C stops and keeps the best so far."
    )
    with training_progress(experiment.training.epochs) as show:
        outcome = learning.learn(experiment, show)
    console.print(outcome.message, markup=False)
    if outcome.report is not None:
        console.print()
        print_comparison(console, outcome.experiment, outcome.report)
    return outcome
