"""Experiments for the tests of this layer."""

from __future__ import annotations

import msgspec

from odeplayground.session import edits
from odeplayground.session.editor import read
from odeplayground.spec import Experiment

PENDULUM = """theta' = omega
omega' = -b*omega - c*sin(theta)
b = 0.25 in [0, 2]
c = 5  # gravity
theta(0) = 2
omega(0) = 0
t in [0, 10]
"""
DECAY = "x' = -k*x\nk = 1\nx(0) = 3\nt in [0, 5]\n"
LORENZ = """x' = s*(y - x)
y' = x*(r - z) - y
z' = x*y - 8/3*z
s = 10
r = 28
x(0) = 1
y(0) = 1
z(0) = 20
t in [0, 4]
"""


def experiment(text: str = PENDULUM, **changes: object) -> Experiment:
    system = read(text).system
    assert system is not None, read(text).problems
    return msgspec.structs.replace(edits.default_experiment(system, text, "test"), **changes)
