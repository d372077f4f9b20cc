"""The window's words in a person's language: every text that goes through :func:`tr` can be translated.

Catalogues are gettext's, ``resources/translations/<language>/LC_MESSAGES/odeplayground.mo``; without one the text
stays as it is written in the source. The menus, their help and the command palette go through it.
"""

from __future__ import annotations

import gettext

from odeplayground import assets

_catalogue: gettext.NullTranslations | None = None


def tr(text: str) -> str:
    """The text in the person's language."""
    global _catalogue
    if _catalogue is None:
        _catalogue = gettext.translation("odeplayground", str(assets.resources() / "translations"), fallback=True)
    return _catalogue.gettext(text) if text else text


def use(catalogue: gettext.NullTranslations | None) -> None:
    """Take another catalogue from now on; ``None``: that of the desktop's language."""
    global _catalogue
    _catalogue = catalogue
