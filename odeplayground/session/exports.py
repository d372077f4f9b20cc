"""What leaves the app: the selected trajectory as a table, the words beneath a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from odeplayground._version import __version__
from odeplayground.jobs import CancelToken, Job, JobFactory
from odeplayground.session import edits
from odeplayground.spec import Experiment, System

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


def caption_values(experiment: Experiment) -> list[tuple[str, float]]:
    """The parameters and the selected start as they are in use, by name."""
    system, begin = experiment.system, experiment.t_span[0]
    start = zip(system.states, experiment.starts[experiment.selected], strict=True)
    return [*experiment.parameters.items(), *((f"{name}({begin:g})", value) for name, value in start)]


def text_of(system: System) -> str:
    """A system as it would be typed."""
    from odeplayground import expr

    return expr.format_system(system)


def about(experiment: Experiment) -> dict[str, Any]:
    """What a table of trajectories was made from, for whoever finds it later."""
    solver, begin = experiment.solver, experiment.t_span
    return {
        "name": experiment.name,
        "equations": text_of(experiment.system),
        "parameters": experiment.parameters,
        "starts": [list(start) for start in experiment.starts],
        "time span": list(begin),
        "solver": {"method": str(solver.method), "rtol": solver.rtol, "atol": solver.atol},
        "units": experiment.units,
        "program": f"odeplayground {__version__}",
    }


def table_job(experiment: Experiment, path: Path, *, every: bool = False, described: bool = False) -> JobFactory:
    """A job that writes time, states and sub-expressions, as CSV or, where the name says so, NPZ; returns a sentence.

    ``every``: of all trajectories instead of the selected one. ``described``: with :func:`about`. Yields the share
    that is done.
    """

    def job(cancel: CancelToken) -> Job:
        from odeplayground.storage import solution_table
        from odeplayground.storage.files import write_bytes

        numbers = range(len(experiment.starts)) if every else (experiment.selected,)
        solutions: list[dynamics.Solution] = []
        for number in numbers:
            yield len(solutions) / len(numbers)
            solutions.append(solve(edits.select_start(experiment, number), cancel))
        yield 1.0
        write = solution_table.npz_bytes if path.suffix.lower() == ".npz" else solution_table.csv_bytes
        write_bytes(
            path, write(solutions, [number + 1 for number in numbers], about(experiment) if described else None)
        )
        return f"{sum(solution.t.size for solution in solutions)} points were written to {path.name}."

    return job


def bytes_job(make: Callable[[CancelToken], Iterator[float | bytes]], path: Path) -> JobFactory:
    """A job that writes what ``make`` yields in the end; before that, it yields the share that is done."""

    def job(cancel: CancelToken) -> Job:
        from odeplayground.storage.files import write_bytes

        for found in make(cancel):
            if isinstance(found, bytes):
                write_bytes(path, found)
            else:
                yield found
        return f"{path.name} was written."

    return job
