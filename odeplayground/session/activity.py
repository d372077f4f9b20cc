"""What is being computed right now, by which method, how far it is, and how to stop it: the words of the status."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from odeplayground.session.bifurcation import DIAGRAM
from odeplayground.session.simulation import CHANNELS

if TYPE_CHECKING:
    from odeplayground.session.session import Session


class Work(StrEnum):
    """What can go on."""

    NOTHING = ""
    PROBLEM = "problem"
    NOTE = "note"
    TRAINING = "training"
    PAUSED = "paused training"
    COMPARING = "comparing"
    SOLVING = "solving"
    SEARCHING = "searching"
    DIAGRAM = "diagram"
    SETTLING = "settling"


class Activity(msgspec.Struct, frozen=True):
    """A few words for the status, a sentence more, and what a stop button would stop (empty: there is none)."""

    work: Work
    words: str
    details: str = ""
    stop: str = ""


def activity(session: Session) -> Activity:
    """The one thing that matters most now."""
    problems = session.problems()
    training, scene = session.training, session.simulation.scene
    method = scene.method if scene is not None else ""
    if problems:
        words = "1 error" if len(problems) == 1 else f"{len(problems)} errors"
        return Activity(Work.PROBLEM, words, problems[0].message)
    if training.running:
        percent = f"Training {100 * training.progress:.0f} %"
        details = f"{training.spec.optimiser.label}, gradient: {training.spec.gradient.label}"
        return Activity(Work.TRAINING, percent, details, "Stop training")
    if training.paused:
        return Activity(Work.PAUSED, "Paused", "The training waits.", "Stop training")
    if session.comparison.busy:
        return Activity(Work.COMPARING, "Comparing", "The learned system with the true one.", "Stop comparing")
    if session.steady.busy:
        return Activity(Work.SETTLING, "Settling", "Following the trajectory to where it settles.", "Stop following")
    if session.simulation.busy:
        if scene is not None and scene.experiment is session.document.experiment:
            words = "Cycles, basins"
            return Activity(Work.SEARCHING, words, "Searching for limit cycles and basins.", "Stop searching")
        return Activity(Work.SOLVING, "Solving", f"By {method}." if method else "", "Stop solving")
    if session.diagram.busy:
        return Activity(Work.DIAGRAM, "Diagram", session.diagram.note, "Stop the diagram")
    if scene is not None and scene.message:
        return Activity(Work.NOTE, "Note", scene.message)
    details = f"All is computed. Trajectories by {method}." if method else "All is computed."
    return Activity(Work.NOTHING, "Idle", details)


def stop(session: Session, work: Work) -> None:
    """End this work. What is there so far stays, and the next change begins anew."""
    if work in (Work.TRAINING, Work.PAUSED):
        session.training.stop()
    elif work is Work.COMPARING:
        session.comparison.cancel()
    elif work is Work.SETTLING:
        session.steady.stop()
    elif work is Work.DIAGRAM:
        session.runner.cancel(DIAGRAM)
    elif work in (Work.SOLVING, Work.SEARCHING):
        for channel in CHANNELS:
            session.runner.cancel(channel)
