"""Errors of the layers below as text for the terminal, with the place and the way out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from odeplayground.cli.exits import InputError
from odeplayground.spec import Problem


@contextmanager
def bad_input() -> Iterator[None]:
    """Turn the errors that the layers below raise on purpose into one that is shown to the person."""
    try:
        yield
    except ValueError as error:
        raise InputError(str(error)) from error
    except OSError as error:
        raise InputError(f"{error.filename}: {error.strerror}." if error.filename else str(error)) from error


def problems_in(name: str, text: str, problems: Sequence[Problem]) -> str:
    """All problems of a text: file, line and column, the line itself with the place underlined, and a suggestion."""
    lines = text.splitlines()
    blocks = [_block(name, lines, problem) for problem in problems]
    return "\n".join(["the equations cannot be read.", *blocks])


def _block(name: str, lines: Sequence[str], problem: Problem) -> str:
    said = f"{name}:{problem.line}:{problem.column}: {problem.message}"
    if problem.suggestion:
        said += f" {problem.suggestion}"
    if not 1 <= problem.line <= len(lines):
        return said
    line = lines[problem.line - 1]
    before = "".join("\t" if sign == "\t" else " " for sign in line[: problem.column - 1])
    return f"{said}\n    {line}\n    {before}{'^' * max(1, problem.length)}"
