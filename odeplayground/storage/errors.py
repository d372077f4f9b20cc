"""What can be wrong with a file."""

from __future__ import annotations

from collections.abc import Sequence

_SHOWN = 5


class FileProblem(ValueError):  # noqa: N818 (a value with sentences first, an exception second)
    """A file that cannot be read or written.

    ``problems`` holds everything that is wrong, one sentence each; for project files each begins with the path to
    the field, such as ``$.experiment.solver.rtol``. ``name`` is the file's name.
    """

    def __init__(self, name: str, problems: Sequence[str]) -> None:
        self.name = name
        self.problems = tuple(problems)
        shown = self.problems[:_SHOWN]
        hidden = len(self.problems) - len(shown)
        more = (f"... and {hidden} more problems.",) if hidden else ()
        super().__init__("\n".join((f"{name}: {shown[0]}", *shown[1:], *more)))
