"""Numbers in sentences."""

from __future__ import annotations


def percent(share: float) -> str:
    """A share as a percentage with two digits, or none behind the point."""
    return f"{100 * share:.2g} %" if share < 0.095 else f"{100 * share:.0f} %"
