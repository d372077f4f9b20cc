"""Whether a system depends on time by itself."""

from __future__ import annotations

from odeplayground.dynamics import arguments
from odeplayground.dynamics.fields import field_of
from odeplayground.spec import AnySystem


def is_autonomous(system: AnySystem) -> bool:
    """Whether the time occurs nowhere in the right-hand sides. A driven system has no equilibria or nullclines."""
    return field_of(system).bind(arguments.parameter_values(system, None)).autonomous
