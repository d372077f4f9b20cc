"""The bytes of a table as lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from odeplayground.storage.errors import FileProblem
from odeplayground.storage.files import read_bytes

SIZE_LIMIT = 100_000_000
"""Bytes."""
_PIECE = 500_000
"""Characters that are split at a time."""
_COMMENTS = ("#", "%")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
"""How a file begins that says its encoding."""


def load(path: Path) -> str:
    """The text of a file in UTF-8, in UTF-16 with its mark, or else in Latin-1.

    Raises:
        FileProblem: it cannot be read, is larger than ``SIZE_LIMIT`` bytes, or is no text.
    """
    return decoded(read_bytes(path, SIZE_LIMIT), path.name)


def decoded(data: bytes, name: str) -> str:
    """Bytes as text.

    Raises:
        FileProblem: they are no text.
    """
    encoding = next((encoding for mark, encoding in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    if "\0" in text:
        raise FileProblem(name, ["This is not a table in text form (CSV). Export it as CSV first."])
    return text


def lines_of(text: str) -> list[str]:
    """All lines; those of every system end alike."""
    lines: list[str] = []
    for piece in _pieces(text):
        lines += piece.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines


def _pieces(text: str) -> Iterator[str]:
    """Parts between ends of lines: one step over a whole large file would hold up the window."""
    start = 0
    while (end := text.find("\n", start + _PIECE)) >= 0:
        yield text[start:end].removesuffix("\r")
        start = end + 1
    yield text[start:]


def is_comment(line: str) -> bool:
    """Whether a line says nothing to us."""
    return line.lstrip().startswith(_COMMENTS)


def comment_text(line: str) -> str:
    """What a comment says."""
    return line.lstrip().lstrip("#% ").rstrip()
