"""Measured data in the document, as pure functions ``Experiment -> Experiment``."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np

from odeplayground.session import axes, edits, view_edits, views
from odeplayground.session.editor import read
from odeplayground.session.errors import UserError
from odeplayground.session.scene import Floats
from odeplayground.spec import Array, Experiment, Point, Samples

MOST_STARTS = 12
"""Trajectories of a file that become starting points."""
FEW = 60
"""Of fewer samples, none are held out: too little would be left to learn from."""


def fits(experiment: Experiment) -> bool:
    """Whether there are measured data of the states that the system has."""
    return experiment.data is not None and experiment.data.states == experiment.system.states


def with_data(experiment: Experiment, samples: Samples, units: Mapping[str, str] | None = None) -> Experiment:
    """The experiment with measured data, which the next training learns from.

    Its starting points are those of the data, its time span and axes show them. Of few samples none are held out.

    Raises:
        UserError: the data are of other states than those of the system.
    """
    states = experiment.system.states
    if set(samples.states) != set(states):
        raise UserError(f"The data are of {', '.join(samples.states)}; the system has the states {', '.join(states)}.")
    samples = _in_order(samples, states)
    starts = tuple(dict.fromkeys(_start(np.asarray(values)) for values in samples.values[:MOST_STARTS]))
    training = experiment.training
    if samples.n_points < FEW:
        training = msgspec.structs.replace(training, held_out=0.0)
    experiment = msgspec.structs.replace(
        experiment,
        data=samples,
        plan=msgspec.structs.replace(experiment.plan, from_file=True),
        training=training,
        starts=starts,
        selected=0,
        units=experiment.units | {name: unit for name, unit in (units or {}).items() if name in {*states, "t"}},
    )
    return _showing(edits.set_t_span(experiment, *_span(samples)), samples)


def unknown_system(samples: Samples, units: Mapping[str, str] | None = None, name: str = "") -> Experiment:
    """An experiment with these data and a system of which nothing is known but its states."""
    text = unknown_text(samples)
    system = read(text).system
    assert system is not None, text
    return with_data(edits.default_experiment(system, text, name or samples.source or "Data"), samples, units)


def unknown_text(samples: Samples) -> str:
    """Equations with all right-hand sides unknown, for example ``x' = [?](x, y)``."""
    states, (start, end) = samples.states, _span(samples)
    arguments = ", ".join(states)
    first = _start(np.asarray(samples.values[0]))
    return "\n".join(
        (
            "# Train learns [?] from the data.",
            "# Type what you know instead.",
            *(f"{state}' = [?]({arguments})" for state in states),
            "",
            *(f"{state}(0) = {value:.12g}" for state, value in zip(states, first, strict=True)),
            f"t in [{start:.12g}, {end:.12g}]",
            "",
        )
    )


def about(experiment: Experiment) -> str:
    """What the measured data are, and whether the system can be trained on them."""
    data = experiment.data
    if data is None:
        return "No data are loaded."
    several = f" in {len(data.times)} trajectories" if len(data.times) > 1 else ""
    said = f"{data.n_points} samples of {', '.join(data.states)}{several}, from {data.source}."
    return said if fits(experiment) else f"{said} The system has other states: load the data again."


def use_file(experiment: Experiment, from_file: bool) -> Experiment:
    """Train on the measured data, or on samples of the system.

    Raises:
        UserError: there are no measured data.
    """
    if from_file and experiment.data is None:
        raise UserError("No data are loaded yet.")
    return edits.set_plan(experiment, msgspec.structs.replace(experiment.plan, from_file=from_file))


def _in_order(samples: Samples, states: tuple[str, ...]) -> Samples:
    """The same samples with the states in this order."""
    if samples.states == states:
        return samples
    order = [samples.states.index(name) for name in states]
    values = tuple(Array.of(np.ascontiguousarray(np.asarray(one)[order])) for one in samples.values)
    return msgspec.structs.replace(samples, states=states, values=values)


def _start(values: Floats) -> Point:
    """The first known value of each state, of values (n_states, n)."""
    return tuple(float(row[np.isfinite(row)][0]) for row in values)


def _span(samples: Samples) -> tuple[float, float]:
    ends = [np.asarray(t)[[0, -1]] for t in samples.times]
    return min(float(first) for first, _ in ends), max(float(last) for _, last in ends)


def _showing(experiment: Experiment, samples: Samples) -> Experiment:
    """With axes that show all the data; those that are expressions stay as they are."""
    now = zip(axes.names(experiment.view), view_edits.ranges(experiment.view), strict=True)
    ranges = tuple(_axis_range(experiment, samples, axis) or ends for axis, ends in now)
    return view_edits.set_ranges(experiment, ranges)


def _axis_range(experiment: Experiment, samples: Samples, axis: str) -> views.Range | None:
    if axis == "t":
        return experiment.t_span
    if axis not in samples.states:
        return None
    row = samples.states.index(axis)
    return views.extent(np.asarray(values)[row] for values in samples.values)
