"""What the program remembers about the person: theme, recent files, window geometry. Not part of any document."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from odeplayground.storage import home
from odeplayground.storage.errors import FileProblem
from odeplayground.storage.files import write_bytes

Theme = Literal["light", "dark", "system"]
MOST_RECENT = 10


class Preferences(msgspec.Struct, frozen=True):
    """Small things worth remembering; geometry and layout are base64, opaque here."""

    theme: Theme = "system"
    recent: tuple[str, ...] = ()
    """Paths of project files, the latest first."""
    geometry: str = ""
    layout: str = ""
    """Where the docks are."""
    hint_dismissed: bool = False
    """Whether the three steps of the first start were waved away."""
    palette: Literal["standard", "safe"] = "standard"
    """Hues of the variables."""
    text_scale: Literal[80, 90, 100, 110, 125, 150] = 100
    """Size of the window's text and everything in it, in per cent."""
    play_at_start: bool = True
    autosave_seconds: Literal[3, 10, 30] = 3
    """Seconds between two looks whether there is something to keep for the next start."""
    processors: Literal[0, 1, 2, 4, 8] = 0
    """How many may compute; 0: all."""
    steps_done: tuple[int, ...] = ()
    """Which of the three first steps were done."""
    tour_step: int = 0
    """Where the tour was left."""
    training_open: bool = False
    """Whether the training panel was open."""

    def with_recent(self, path: Path | str) -> Preferences:
        """The same with this file at the top of the recent ones."""
        name = str(path)
        others = tuple(other for other in self.recent if other != name)
        return msgspec.structs.replace(self, recent=(name, *others)[:MOST_RECENT])

    def without_recent(self, path: Path | str) -> Preferences:
        """The same without this file, for example because it is gone."""
        return msgspec.structs.replace(self, recent=tuple(other for other in self.recent if other != str(path)))


def path() -> Path:
    """Where the preferences are kept.

    Raises:
        FileProblem: the folder could not be made.
    """
    return home.folder() / "preferences.json"


def load() -> Preferences:
    """The preferences, or the defaults where there are none. A file that cannot be read is set aside."""
    try:
        file = path()
        data = file.read_bytes()
    except (OSError, FileProblem):
        return Preferences()
    try:
        return msgspec.json.decode(data, type=Preferences)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        home.set_aside(file)
        return Preferences()


def save(preferences: Preferences) -> None:
    """Keep the preferences.

    Raises:
        FileProblem: they could not be written; the older ones stay.
    """
    data = msgspec.json.format(msgspec.json.encode(preferences, order="sorted"), indent=1)
    write_bytes(path(), data)
