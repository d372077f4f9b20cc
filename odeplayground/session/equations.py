"""A system without its numbers."""

from __future__ import annotations

from functools import lru_cache

from msgspec.structs import replace

from odeplayground.spec import Parameter, System


@lru_cache(maxsize=16)
def without_numbers(system: System) -> System:
    """The same right-hand sides, where the values of the parameters come from elsewhere.

    What is computed with given values does not change when a number moves from a slider into the text, or a range
    changes; with this in its key it is not computed again.
    """
    return replace(system, constants=tuple(Parameter(constant.name, 0.0) for constant in system.constants))
