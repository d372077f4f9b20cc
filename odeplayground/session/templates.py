"""Texts to begin a system of one's own with."""

from __future__ import annotations

import msgspec


class Template(msgspec.Struct, frozen=True):
    """A text for the editor and what it is good for."""

    key: str
    title: str
    summary: str
    text: str


TEMPLATES = (
    Template(
        "one-state",
        "Blank, one state",
        "x changes by itself: growth, decay",
        "x' = -x\n\nx(0) = 1\nt in [0, 10]",
    ),
    Template(
        "two-states",
        "Blank, two states",
        "The plane: circles to begin with",
        "x' = y\ny' = -x\n\nx(0) = 1\ny(0) = 0\nt in [0, 10]",
    ),
    Template(
        "three-states",
        "Blank, three states",
        "Room for chaos",
        "x' = y\ny' = -x\nz' = x - z\n\nx(0) = 1\ny(0) = 0\nz(0) = 0\nt in [0, 20]",
    ),
    Template(
        "oscillator",
        "Oscillator",
        "A weight on a spring, with friction",
        "x' = v                    # position\n"
        "v' = -k*x - b*v           # speed\n\n"
        "k = 1.0 in [0, 4]         # stiffness of the spring\n"
        "b = 0.2 in [0, 2]         # friction\n\n"
        "x(0) = 1\nv(0) = 0\nt in [0, 30]",
    ),
    Template(
        "predator-prey",
        "Predator and prey",
        "One eats the other",
        "prey' = a*prey - b*prey*predator\n"
        "predator' = c*prey*predator - d*predator\n\n"
        "a = 1.0 in [0, 2]         # births of prey\n"
        "b = 0.5 in [0, 2]         # prey that are eaten\n"
        "c = 0.3 in [0, 2]         # young that are fed by them\n"
        "d = 0.6 in [0, 2]         # deaths of predators\n\n"
        "prey(0) = 3\npredator(0) = 1\nt in [0, 30]",
    ),
    Template(
        "reaction",
        "Reaction A → B",
        "A turns into B and a little back",
        "rate = k*A - k_back*B     # A -> B, and back\n\n"
        "A' = -rate\nB' = rate\n\n"
        "k = 1.0 in [0, 5]\n"
        "k_back = 0.2 in [0, 5]\n\n"
        "A(0) = 1\nB(0) = 0\nt in [0, 8]",
    ),
    Template(
        "driven",
        "Driven",
        "Pushed in a rhythm of its own",
        "x' = v\n"
        "v' = -x - b*v + F*cos(w*t)\n\n"
        "b = 0.1 in [0, 1]         # friction\n"
        "F = 0.5 in [0, 2]         # strength of the push\n"
        "w = 0.8 in [0.1, 3]       # its angular frequency\n\n"
        "x(0) = 0\nv(0) = 0\nt in [0, 60]",
    ),
)
"""All of them, in the order of the dialog."""
FIRST_TEMPLATE = "two-states"


def template(key: str) -> Template:
    """The template with this key.

    Raises:
        KeyError: there is none.
    """
    return {each.key: each for each in TEMPLATES}[key]
