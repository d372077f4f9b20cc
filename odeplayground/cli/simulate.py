"""``odeplayground simulate``: solve one initial value problem."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from odeplayground.cli import source
from odeplayground.cli.exits import Exit
from odeplayground.cli.explain import bad_input
from odeplayground.spec import Experiment, SolverSettings, Status

if TYPE_CHECKING:
    from odeplayground.dynamics import Solution

GOOD = (Status.FINISHED, Status.EVENT)


def simulate(arguments: Namespace) -> int:
    """Solve, then print a summary, the table of values or one JSON object."""
    experiment = source.with_values(_loaded(arguments), arguments.set)
    solution = _solve(experiment, arguments)
    if arguments.csv:
        _write_csv(solution, arguments.csv)
    if arguments.json:
        _print_json(experiment, solution)
    elif arguments.csv != "-":
        print_summary(experiment, solution)
    if solution.status in GOOD:
        return Exit.GOOD
    print(solution.message, file=sys.stderr)
    return Exit.DIVERGED


def _loaded(arguments: Namespace) -> Experiment:
    experiment = source.load(arguments.system)
    if not arguments.learned:
        return experiment
    from odeplayground.session.learned_document import learned_document

    with bad_input():
        return learned_document(experiment)


def solve(experiment: Experiment, settings: SolverSettings, start: dict[str, float], points: int) -> Solution:
    """Solve an experiment's system at evenly spaced times."""
    import numpy as np

    from odeplayground import dynamics

    t_span = settings.t_span or experiment.t_span
    with bad_input():
        return dynamics.simulate(
            experiment.system,
            t_span=t_span,
            initial=start,
            parameters=experiment.parameters,
            t_eval=np.linspace(*t_span, points),
            method=settings.method,
            rtol=settings.rtol,
            atol=settings.atol,
            step=settings.step,
        )


def _solve(experiment: Experiment, arguments: Namespace) -> Solution:
    own = experiment.solver
    settings = SolverSettings(
        method=arguments.method or own.method,
        rtol=arguments.rtol or own.rtol,
        atol=arguments.atol or own.atol,
        t_span=tuple(arguments.t_span or experiment.t_span),
        step=arguments.step or own.step,
    )
    return solve(experiment, settings, source.start(experiment, arguments.initial), arguments.points)


def _write_csv(solution: Solution, target: str) -> None:
    from odeplayground.storage import solution_csv

    with bad_input():
        solution_csv.write_solution(sys.stdout if target == "-" else target, solution)


def _print_json(experiment: Experiment, solution: Solution) -> None:
    from odeplayground.cli.output import write_json

    fields = {
        "system": experiment.name,
        "parameters": experiment.parameters,
        "names": list(solution.names),
        "t": solution.t.tolist(),
        "y": solution.y.tolist(),
        "status": str(solution.status),
        "message": solution.message,
        "method": str(solution.method),
        "stats": solution.stats,
    }
    write_json("solution", fields)


def print_summary(experiment: Experiment, solution: Solution) -> None:
    """Print how the solution ended, and the states at both ends."""
    from odeplayground.cli.output import add, table, terminal
    from odeplayground.session.learned_terms import note

    console = terminal()
    reached = f"{solution.t[-1]:g}" if solution.t.size else "nowhere"
    console.print(f"{experiment.name}: {solution.status.label.lower()}, solved with {solution.method}", markup=False)
    values = table("state", "at the start", "at the end", numbers=("at the start", "at the end"))
    for name in solution.names if solution.t.size else ():
        add(values, name, f"{solution[name][0]:.6g}", f"{solution[name][-1]:.6g}")
    console.print(values)
    if sentence := note(experiment.system):
        console.print(sentence, markup=False)
    counters = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in solution.stats.items())
    console.print(f"up to t = {reached}; {counters}", markup=False)
