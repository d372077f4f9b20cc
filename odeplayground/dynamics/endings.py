"""How trajectories end: codes for the inner loops, and the status and sentence they become."""

from __future__ import annotations

from enum import IntEnum

from odeplayground.spec import Status


class Ending(IntEnum):
    """Why a trajectory is no longer worked on."""

    RUNNING = 0
    FINISHED = 1
    TOO_LARGE = 2
    UNDEFINED = 3
    STEP_LIMIT = 4
    STEP_TOO_SMALL = 5
    CANCELLED = 6
    STIFF = 7
    """Handed to an implicit method; never seen from outside."""
    FAILED = 8
    """An implicit method gave up."""
    LEFT = 9
    """Left the box it was to stay in; never seen from outside."""
    EVENT = 10


STATUS = {
    Ending.FINISHED: Status.FINISHED,
    Ending.EVENT: Status.EVENT,
    Ending.TOO_LARGE: Status.DIVERGED,
    Ending.UNDEFINED: Status.DIVERGED,
    Ending.STEP_LIMIT: Status.STEP_LIMIT,
    Ending.STEP_TOO_SMALL: Status.STEP_TOO_SMALL,
    Ending.FAILED: Status.STEP_TOO_SMALL,
    Ending.CANCELLED: Status.CANCELLED,
}


def sentence(
    ending: Ending,
    t: float,
    step: float,
    steps: int,
    implicit: bool,
    *,
    limit: float | None = None,
    stiff: bool = False,
) -> str:
    """What to tell people about an early end at time t, after so many steps, the last of that length.

    ``limit`` is the size that the solution exceeded; without it, one that is too large ran off to infinity. ``stiff``
    says why a method needed so many steps.
    """
    match ending:
        case Ending.TOO_LARGE:
            reason = "it runs off to infinity" if limit is None else f"beyond {limit:.1g}"
            return f"The solution became too large at t = {t:.4g}: {reason}."
        case Ending.UNDEFINED:
            return f"The equations have no finite value beyond t = {t:.4g}."
        case Ending.STEP_LIMIT:
            advice = " The system looks stiff there: try the method auto or Rodas4." if stiff else ""
            return f"Stopped at t = {t:.4g} after {steps} steps, the most allowed.{advice}"
        case Ending.STEP_TOO_SMALL:
            advice = "There may be a singularity." if implicit else "The system may be stiff: try Rodas4."
            return f"The step fell below {step:.1g} at t = {t:.4g}. {advice}"
        case Ending.FAILED:
            return f"The method found no acceptable step at t = {t:.4g}. Try another one."
        case Ending.CANCELLED:
            return f"Stopped on request at t = {t:.4g}."
        case Ending.EVENT:
            return f"A stopping condition was met at t = {t:.4g}."
        case _:
            return f"Solved up to t = {t:.4g} in {steps} steps."
