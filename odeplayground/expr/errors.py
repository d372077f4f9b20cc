"""The one exception of this layer."""

from __future__ import annotations

from collections.abc import Iterable

from odeplayground.spec import Problem


class ModelError(ValueError):
    """A text that is not a system. ``problems`` says what is wrong, and where."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(_sentence(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[ModelError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


def _sentence(problem: Problem) -> str:
    place = f"Line {problem.line}, column {problem.column}: {problem.message}"
    return f"{place} {problem.suggestion}" if problem.suggestion else place
