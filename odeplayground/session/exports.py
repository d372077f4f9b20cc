"""What leaves the app: the selected trajectory as a table, the words beneath a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from odeplayground.jobs import CancelToken, Job, JobFactory
from odeplayground.spec import Experiment

if TYPE_CHECKING:
    from odeplayground import dynamics


def solve(experiment: Experiment, cancel: CancelToken | None = None) -> dynamics.Solution:
    """The selected trajectory, at the ends of the solver's own steps and anywhere between."""
    from odeplayground import dynamics

    solver = experiment.solver
    return dynamics.simulate(
        experiment.system,
        experiment.t_span,
        experiment.starts[experiment.selected],
        experiment.parameters,
        method=solver.method,
        rtol=solver.rtol,
        atol=solver.atol,
        step=solver.step,
        max_step=solver.max_step,
        cancel=cancel,
    )


def caption(experiment: Experiment) -> list[str]:
    """The equations of the picture with the parameter values in use and the selected start, a statement per line.

    They are written from the last good system: the text in the editor may be faulty, and knows nothing of sliders.
    """
    system = experiment.system
    start = zip(system.states, experiment.starts[experiment.selected], strict=True)
    return [
        *(f"{variable.name}' = {variable.rhs}" for variable in system.variables),
        *(f"{definition.name} = {definition.text}" for definition in system.definitions),
        *(f"{name} = {value:.6g}" for name, value in experiment.parameters.items()),
        *(f"{name}({experiment.t_span[0]:g}) = {value:.6g}" for name, value in start),
    ]


def csv_job(experiment: Experiment, path: Path) -> JobFactory:
    """A job that writes time, states and sub-expressions of the selected trajectory; returns a sentence."""

    def job(cancel: CancelToken) -> Job:
        from odeplayground.storage import solution_csv

        yield
        solution = solve(experiment, cancel)
        solution_csv.write_solution(path, solution, (*solution.names, *solution.definitions))
        return f"{solution.t.size} points were written to {path.name}."

    return job
