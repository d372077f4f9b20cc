"""A system as a text that people can read and send, and that another copy of the program can open.

After a line with the version and the name come the equations, for the eye. Then, between two marks, everything else:
the project without its trained network, as compressed JSON in base64. What mail programs add to lines is tolerated.
"""

from __future__ import annotations

import base64
import binascii
import re
import textwrap
import zlib

import msgspec

from odeplayground.spec import Experiment
from odeplayground.storage import project
from odeplayground.storage.errors import FileProblem

VERSION = 1
_NAME = "shared text"
_HEAD = "ODE Playground system, version"
_BEGIN = "----- the same and its settings, for Edit > Paste system -----"
_END = "----- end -----"
_WIDTH = 76
_LARGEST = 20_000_000
"""Bytes that a text may unpack to: what is smaller by a thousandfold must not fill the memory."""
_SHARED = re.compile(rf"{_HEAD}\s+(\d+).*?-----\s*the same[^-]*-----(.*?)-----\s*end\s*-----", re.DOTALL)
_QUOTES = re.compile(r"^[>|\s]+", re.MULTILINE)


def to_text(experiment: Experiment) -> str:
    """The text for an experiment; a trained network is left out, as it is too long for a message.

    Raises:
        FileProblem: the experiment is not one that could be read back.
    """
    document = msgspec.json.decode(project.to_bytes(msgspec.structs.replace(experiment, run=None), _NAME))
    packed = base64.b64encode(zlib.compress(msgspec.json.encode(document), 9)).decode("ascii")
    lines = textwrap.wrap(packed, _WIDTH)
    equations = experiment.text.strip()
    return "\n".join([f"{_HEAD} {VERSION}: {experiment.name}", "", equations, "", _BEGIN, *lines, _END, ""])


def is_shared(text: str) -> bool:
    """Whether there is a shared system in a text, whole or not."""
    return _HEAD in text


def from_text(text: str) -> Experiment:
    """The experiment in a text, which may be quoted and have other text around it.

    Raises:
        FileProblem: there is none, it is incomplete, or it comes from a newer program.
    """
    found = _SHARED.search(text)
    if found is None:
        raise FileProblem(_NAME, ["The text is not complete. It ends with a line that says: end."])
    if int(found[1][:9]) > VERSION:
        raise FileProblem(_NAME, [f"It has version {found[1][:9]} and comes from a newer program. Please update."])
    try:
        packed = base64.b64decode("".join(_QUOTES.sub("", found[2]).split()), validate=True)
        unpack = zlib.decompressobj()
        data = unpack.decompress(packed, _LARGEST)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise FileProblem(_NAME, ["The text was damaged on its way. Please ask for it again."]) from error
    if not unpack.eof:
        raise FileProblem(_NAME, ["The text is damaged, or what it holds is too large."])
    return project.from_bytes(data, _NAME)
