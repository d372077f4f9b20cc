"""Work that is not done again for the very same objects."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Latest(Generic[Result]):
    """A function that remembers its latest result. Arguments are compared by identity, which costs nothing.

    Most parts of a new scene are the very objects of the scene before.
    """

    def __init__(self, work: Callable[..., Result]) -> None:
        self._work = work
        self._known: tuple[tuple[object, ...], Result] | None = None

    def __call__(self, *arguments: object) -> Result:
        if self._known is None or not same(self._known[0], arguments):
            self._known = arguments, self._work(*arguments)
        return self._known[1]


def same(some: tuple[object, ...], others: tuple[object, ...]) -> bool:
    """Whether these are the same objects in the same order."""
    return len(some) == len(others) and all(map(operator.is_, some, others))
