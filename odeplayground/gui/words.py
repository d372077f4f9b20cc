"""The window's words in a person's language: every text that goes through :func:`tr` can be translated.

Catalogues are gettext's, ``resources/translations/<language>/LC_MESSAGES/odeplayground.mo``; without one the text
stays as it is written in the source. The menus, their help and the command palette go through it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from odeplayground import assets

if TYPE_CHECKING:
    from gettext import NullTranslations

_chosen: NullTranslations | None = None


def tr(text: str) -> str:
    """The text in the person's language."""
    catalogue = _chosen or _of_the_desktop()
    return catalogue.gettext(text) if catalogue is not None and text else text


def use(catalogue: NullTranslations | None) -> None:
    """Take another catalogue from now on; ``None``: that of the desktop's language."""
    global _chosen
    _chosen = catalogue


@cache
def _of_the_desktop() -> NullTranslations | None:
    folder = assets.resources() / "translations"
    if not folder.is_dir():
        return None
    import gettext  # not needed where there is nothing to translate with

    return gettext.translation("odeplayground", str(folder), fallback=True)
