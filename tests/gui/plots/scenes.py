"""Made-up scenes: a damped pendulum solved with a few lines, and a neighbour that plays the learned system."""

from __future__ import annotations

import math

import msgspec
import numpy as np

from odeplayground.session.scene import ArrowField, EquilibriumMark, ErrorMap, Portrait, Scene, Trajectory
from odeplayground.spec import (
    Array,
    EquilibriumKind,
    Experiment,
    FieldMode,
    Parameter,
    Samples,
    System,
    Variable,
    View,
)

X_RANGE, Y_RANGE = (-5.0, 5.0), (-6.0, 6.0)
STARTS = ((3.0, 0.0), (-4.0, 3.0), (1.2, 4.3))

PENDULUM = Experiment(
    name="Pendulum",
    text="",
    system=System(
        (Variable("theta", "omega", 3.0), Variable("omega", "-b*omega - 5*sin(theta)")),
        constants=(Parameter("b", 0.25),),
    ),
    starts=STARTS,
    view=View("theta", "omega", X_RANGE, Y_RANGE),
    units={"theta": "rad", "omega": "rad/s", "t": "s"},
)

DECAY = Experiment(
    name="Decay",
    text="",
    system=System((Variable("T", "-0.2*T", 80.0),), t_span=(0.0, 10.0)),
    starts=((80.0,), (30.0,)),
    view=View("t", "T", (0.0, 10.0), (0.0, 100.0)),
)


def pendulum(states, b=0.25):
    return np.stack([states[1], -b * states[1] - 5 * np.sin(states[0])])


def learned_pendulum(states):
    return pendulum(states, 0.4)


def solve(field, start, step=0.02, n=1000):
    state, states = np.array(start, dtype=float), [np.array(start, dtype=float)]
    for _ in range(n):
        k1 = field(state)
        k2 = field(state + step / 2 * k1)
        k3 = field(state + step / 2 * k2)
        k4 = field(state + step * k3)
        state = state + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        states.append(state)
    return np.arange(n + 1) * step, np.array(states).T


def trajectory(field, start):
    t, y = solve(field, start)
    back_t, back_y = solve(field, start, -0.02, 100)
    return Trajectory(t, y, back_t, back_y)


def arrows(field, nx=12, ny=10):
    x, y = np.meshgrid(np.linspace(*X_RANGE, nx), np.linspace(*Y_RANGE, ny))
    u, v = field(np.stack([x.ravel(), y.ravel()]))
    return ArrowField(x.ravel(), y.ravel(), u, v)


def portrait(field, shift=0.0):
    theta = np.linspace(-6, 6, 100)
    marks = [
        EquilibriumMark(
            np.array([k * math.pi + shift, 0.0]), k * math.pi + shift, 0.0, EquilibriumKind.SADDLE, (2.1, -2.4)
        )
        for k in (-1, 1)
    ]
    marks.append(
        EquilibriumMark(
            np.array([shift, 0.0]), shift, 0.0, EquilibriumKind.STABLE_FOCUS, (-0.125 + 2.23j, -0.125 - 2.23j)
        )
    )
    return Portrait(
        tuple(trajectory(field, start) for start in STARTS),
        arrows(field),
        {"theta": [np.array([[-9.0, shift], [9.0, shift]])], "omega": [np.stack([theta, -20 * np.sin(theta)], -1)]},
        tuple(marks),
        (solve(field, (math.pi - 1e-3, 2e-3), -0.02, 200)[1].T,),
    )


TRUE, LEARNED = portrait(pendulum), portrait(learned_pendulum, 0.1)
ERROR = ErrorMap(np.add.outer(np.linspace(-2, 1, 21), np.zeros(25)), X_RANGE, Y_RANGE)


def with_view(experiment=PENDULUM, **changes):
    return msgspec.structs.replace(experiment, view=msgspec.structs.replace(experiment.view, **changes))


def scene(mode=FieldMode.TRUE, **changes):
    return Scene(with_view(mode=mode, **changes), TRUE, LEARNED, ERROR)


def decay_scene():
    t = np.linspace(0, 10, 200)
    parts = tuple(Trajectory(t, np.array([start[0] * np.exp(-0.2 * t)])) for start in DECAY.starts)
    return Scene(DECAY, Portrait(parts))


def samples():
    t, y = TRUE.trajectories[0].t[:500:20], TRUE.trajectories[0].y[:, :500:20]
    return Samples(("theta", "omega"), (Array.of(t.copy()),), (Array.of(y.copy()),))
