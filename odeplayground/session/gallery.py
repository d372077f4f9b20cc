"""Everything that can be opened, as cards with small pictures that are computed in the background."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import msgspec

from odeplayground.jobs import Body, CancelToken, Failed, Job, Progress, Runner
from odeplayground.session import files, thumbnails
from odeplayground.session.errors import UserError
from odeplayground.session.signal import Signal
from odeplayground.session.thumbnails import Thumbnail
from odeplayground.storage import presets

log = logging.getLogger(__name__)

GALLERY = "gallery"
"""The channel."""
ALL = "All"
MINE = "My systems"


class GalleryCard(msgspec.Struct, frozen=True):
    """A system that can be opened: a preset, or a file that was opened or saved lately."""

    key: str
    title: str
    summary: str
    tags: tuple[str, ...] = ()
    story: str = ""
    source: str = ""
    path: Path | None = None
    """The file; ``None``: the key is the name of a preset."""
    picture: str = "portrait"

    @property
    def words(self) -> str:
        """What a search looks in, in small letters."""
        return " ".join((self.key, self.title, self.summary, *self.tags, self.story, self.source)).lower()


class Category(msgspec.Struct, frozen=True):
    """A shelf of the gallery and how many cards stand on it."""

    name: str
    count: int


class Gallery:
    """Cards, categories and small pictures. Belongs to the session's thread."""

    pictured = Signal(str)
    """The picture of the card with this key is there, or it is known that there will be none."""

    def __init__(self, runner: Runner, recent: Callable[[], Sequence[str]]) -> None:
        self._runner = runner
        self._recent = recent
        self._pictures: dict[str, Thumbnail] = {}

    def cards(self) -> tuple[GalleryCard, ...]:
        """All presets in their order, then the recent files, the latest first."""
        mine = [_card_of_file(Path(name)) for name in self._recent()]
        return (*_preset_cards(), *mine)

    def categories(self) -> tuple[Category, ...]:
        """The shelves, with the whole at the top and a person's own at the bottom."""
        cards = _preset_cards()
        shelves = [Category(tag, sum(tag in card.tags for card in cards)) for tag in presets.CATEGORIES]
        return (Category(ALL, len(cards)), *shelves, Category(MINE, len(self._recent())))

    def picture(self, key: str) -> Thumbnail | None:
        """The picture of a card, if it has been computed."""
        return self._pictures.get(key)

    def want(self, cards: Sequence[GalleryCard]) -> None:
        """Compute the pictures of these cards that are not there yet, in this order, instead of what is under way."""
        missing = [card for card in cards if card.key not in self._pictures]
        if missing:
            self._runner.submit(GALLERY, lambda cancel: _pictures_job(missing, cancel))

    def rest(self) -> None:
        """Compute nothing more for now. Pictures of files are forgotten, as files change."""
        self._runner.cancel(GALLERY)
        self._pictures = {key: made for key, made in self._pictures.items() if key in presets.presets()}

    def handle(self, body: Body) -> None:
        """Take in a message of the channel."""
        if isinstance(body, Progress):
            picture: Thumbnail = body.event
            self._pictures[picture.key] = picture
            self.pictured.emit(picture.key)
        elif isinstance(body, Failed):
            log.error("Pictures of the gallery could not be computed: %s", body.sentence)


def found(cards: Sequence[GalleryCard], category: str, typed: str) -> tuple[GalleryCard, ...]:
    """The cards of a category with all the typed words in them, those with the words in the title first.

    While something is typed, every category is searched: whoever types does not think of shelves.
    """
    words = typed.lower().split()
    if not words:
        return tuple(card for card in cards if _stands_in(card, category))
    hits = [card for card in cards if all(word in card.words for word in words)]
    return tuple(sorted(hits, key=lambda card: not all(word in card.title.lower() for word in words)))


def _stands_in(card: GalleryCard, category: str) -> bool:
    if category == ALL:
        return card.path is None
    return card.path is not None if category == MINE else category in card.tags


@cache
def _preset_cards() -> tuple[GalleryCard, ...]:
    return tuple(
        GalleryCard(card.name, card.title, card.summary, card.tags, card.story, card.source, picture=card.picture)
        for card in presets.cards()
    )


def _card_of_file(path: Path) -> GalleryCard:
    return GalleryCard(str(path), path.stem, path.parent.name or str(path.parent), (MINE,), str(path), path=path)


def _pictures_job(cards: Sequence[GalleryCard], cancel: CancelToken) -> Job:
    """Yields a ``Thumbnail`` for every card. One that fails does not keep the others from appearing."""
    for card in cards:
        try:
            experiment = files.read_preset(card.key) if card.path is None else files.read_file(card.path)
            picture = thumbnails.draw(card.key, experiment, card.picture, cancel)
        except UserError as error:
            picture = Thumbnail(card.key, failure=str(error))
        except Exception:  # a picture is not worth more than a line in the log
            log.exception("There is no picture of %s", card.title)
            picture = Thumbnail(card.key, failure="There is no picture of this system.")
        if cancel.cancelled:  # what was computed may have been cut short
            return
        yield picture
