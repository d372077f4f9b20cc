"""Small pictures of systems: the curves of their first picture, in shares of a frame and with no more points than
such a picture can show. Colours are the window's business.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np

from odeplayground.jobs import CancelToken
from odeplayground.session import axes
from odeplayground.session import request as requests
from odeplayground.session.scene import Floats
from odeplayground.spec import Experiment

ASPECT = 237 / 116
"""Width of a picture in heights."""
SPACING = 0.012
"""Points of a curve lie at least this far apart, in heights: about a pixel."""
_FAR = 20.0
"""Curves may leave the frame by this many times its size; farther points are of no use to a painter."""
_MARGIN = 0.08
"""Of the extent of states over time, above and below."""


class Line(msgspec.Struct, frozen=True, eq=False):
    """A curve: points (n, 2) in shares of the frame, from the lower left corner."""

    points: Floats
    selected: bool = False
    """Whether it is the trajectory of the selected starting point."""
    state: int | None = None
    """The state whose values over time it shows; ``None``: it is a curve on the axes of the portrait."""
    level: bool = False
    """Whether it is where a system with one state rests."""


class Thumbnail(msgspec.Struct, frozen=True, eq=False):
    """The small picture of the card with this key, drawn from the first line to the last."""

    key: str
    lines: tuple[Line, ...] = ()
    failure: str = ""
    """A sentence if there is no picture."""


def portrait(key: str, experiment: Experiment, cancel: CancelToken) -> Thumbnail:
    """The trajectories on the axes of the portrait, the selected one last.

    A system with one state also shows the levels at which it rests.
    """
    from odeplayground.session import curves  # the numerics load after the window has been painted

    request = requests.of_true(experiment, (2, 2))
    indices = range(len(experiment.starts))
    forward = curves.forward(request, indices, cancel)
    backward = curves.backward(request, indices, cancel) if len(experiment.system.states) > 1 else {}
    lines = list(_levels(experiment))
    for i in sorted(indices, key=lambda i: i == experiment.selected):
        selected = i == experiment.selected
        pieces = [(forward[i].curve.t, forward[i].curve.y)]
        if len(experiment.system.states) == 2:  # with more of them, curves from the past only cover the others
            pieces.insert(0, backward[i])
        for number, (t, y) in enumerate(pieces, 1):
            points = _in_frame(experiment, t, y)
            lines.append(Line(_thinned(points), selected=selected and number == len(pieces)))
    return Thumbnail(key, tuple(lines))


def series(key: str, experiment: Experiment, cancel: CancelToken) -> Thumbnail:
    """The states of the selected trajectory over time, the first one last: it lies on top."""
    from odeplayground.session import curves  # the numerics load after the window has been painted

    i = experiment.selected
    curve = curves.forward(requests.of_true(experiment, (2, 2)), [i], cancel)[i].curve
    low, high = float(curve.y.min()), float(curve.y.max())
    room = _MARGIN * (high - low) or 1.0
    start, end = experiment.t_span
    x = (curve.t - start) / (end - start)
    heights = (curve.y - (low - room)) / (high - low + 2 * room)
    lines = [Line(_thinned(np.column_stack((x, y))), state=state) for state, y in enumerate(heights)]
    return Thumbnail(key, tuple(reversed(lines)))


def _levels(experiment: Experiment) -> Iterator[Line]:
    """Equilibria of a system with one state, from edge to edge."""
    from odeplayground import dynamics

    system, view = experiment.system, experiment.view
    if len(system.states) != 1 or not dynamics.is_autonomous(system):
        return
    low, high = view.y_range
    for equilibrium in dynamics.equilibria(system, {system.states[0]: view.y_range}, experiment.parameters):
        y = (float(equilibrium.state[0]) - low) / (high - low)
        yield Line(np.array([[0.0, y], [1.0, y]]), level=True)


def _in_frame(experiment: Experiment, t: Floats, y: Floats) -> Floats:
    """Times (n,) and states (n_states, n) as points (n, 2) in shares of the frame."""
    view = experiment.view
    frame = axes.Frame(experiment.system, tuple(experiment.parameters.items()))
    columns = [_scaled(axes.values(frame, view.x, t, y), view.x_range)]
    columns.append(_scaled(axes.values(frame, view.y, t, y), view.y_range))
    return np.column_stack(columns)


def _scaled(values: Floats, ends: tuple[float, float]) -> Floats:
    low, high = ends
    shares: Floats = np.clip((values - low) / (high - low), -_FAR, _FAR)
    return shares


def _thinned(points: Floats) -> Floats:
    """The points (n, 2) of a curve without those that lie too close to the one before, but with its end."""
    if len(points) < 3:
        return points
    steps = np.hypot(ASPECT * np.diff(points[:, 0]), np.diff(points[:, 1]))
    number = np.floor(np.concatenate([[0.0], np.cumsum(steps)]) / SPACING)
    kept = np.diff(number, prepend=-1.0) > 0
    kept[-1] = True
    result: Floats = points[kept]
    return result


def draw(key: str, experiment: Experiment, picture: str, cancel: CancelToken) -> Thumbnail:
    """The small picture of an experiment, ``"portrait"`` or ``"series"``."""
    return (series if picture == "series" else portrait)(key, experiment, cancel)
