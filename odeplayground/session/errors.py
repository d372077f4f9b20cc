"""The one exception that the session raises on purpose."""

from __future__ import annotations


class UserError(ValueError):
    """Something that cannot be done, as a sentence that may be shown as it is."""
