"""Going on in time, as pure functions ``Experiment -> Experiment``."""

from __future__ import annotations

import msgspec

from odeplayground.session import edits
from odeplayground.session.errors import UserError
from odeplayground.session.scene import Trajectory
from odeplayground.spec import Experiment, Status

LONGEST = 1e9
"""A span this many times longer than the system's own is no help any more."""


def extend(experiment: Experiment, end: float) -> Experiment:
    """Let the time span end later; a picture over the time that showed all of it shows all of it again.

    Raises:
        UserError: it would become too long.
    """
    begin, old = experiment.t_span
    own = experiment.system.t_span
    if end - begin > LONGEST * (own[1] - own[0]):
        raise UserError("The time span is long enough. Reset it in the solver settings.")
    changed = edits.set_t_span(experiment, begin, max(end, old))
    view = changed.view
    if view.x == "t" and view.x_range == (begin, old):
        changed = msgspec.structs.replace(changed, view=msgspec.structs.replace(view, x_range=changed.t_span))
    return changed


def go_on(experiment: Experiment) -> Experiment:
    """As long again as the time span is now."""
    begin, end = experiment.t_span
    return extend(experiment, end + (end - begin))


def start_from_last(experiment: Experiment, trajectory: Trajectory | None, autonomous: bool) -> Experiment:
    """Make the last state of the selected trajectory its new start.

    Where the time matters the span moves along, or the driving would begin anew.

    Raises:
        UserError: the solution does not reach the end.
    """
    if trajectory is None or not trajectory.t.size or trajectory.status not in (Status.FINISHED, Status.EVENT):
        raise UserError("The solution stops before the end of the time span, so there is no last state to go on from.")
    last = tuple(map(float, trajectory.y[:, -1]))
    changed = edits.set_start(experiment, experiment.selected, last)
    if autonomous:
        return changed
    begin, end = experiment.t_span
    return edits.set_t_span(changed, end, end + (end - begin))
