"""``odeplayground presets``: what can be opened by name."""

from __future__ import annotations

from argparse import Namespace

from odeplayground.cli.exits import Exit


def list_presets(arguments: Namespace) -> int:
    """Print name, title and summary of every preset."""
    from odeplayground.cli.output import add, table, terminal, write_json
    from odeplayground.storage import presets

    cards = presets.cards()
    if arguments.json:
        for card in cards:
            write_json("preset", {"name": card.name, "title": card.title, "summary": card.summary})
        return Exit.GOOD
    listed = table("name", "title", "summary")
    for card in cards:
        add(listed, card.name, card.title, card.summary)
    terminal().print(listed)
    return Exit.GOOD
