"""What the command palette offers: commands, systems, help, preferences, and values for parameters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from odeplayground.gui.actions import ACTIONS
from odeplayground.gui.chooser import Choice
from odeplayground.gui.preferences.settings import SETTINGS
from odeplayground.gui.theme import symbols
from odeplayground.gui.words import tr
from odeplayground.session import edits
from odeplayground.session.gallery import GalleryCard
from odeplayground.session.help_pages import pages

if TYPE_CHECKING:
    from odeplayground.gui.main_window import MainWindow

HINT = "Search, or type b = 0.3"
_ASSIGNMENT = re.compile(r"\s*([^\W\d]\w*)\s*(?:=|:|\s)\s*(\S.*)")
_COMMAND, _PRESET, _HELP, _PREFERENCE, _VALUE, _FIELD = "do:", "open:", "read:", "prefer:", "set:", "edit:"


def choices(window: MainWindow) -> list[Choice]:
    """Everything that can be found, commands first."""
    commands = []
    for spec in ACTIONS:
        action = window.actions_by_name[spec.name]
        note = f"{tr(spec.menu)}   {action.shortcut().toString()}".rstrip()
        commands.append(Choice(_COMMAND + spec.name, action.text(), note, action.isEnabled(), tr(spec.help)))
    presets = [_preset(card) for card in window.session.gallery.cards() if card.path is None]
    texts = [Choice(_HELP + page.key, page.title, "Help", search=page.words) for page in pages()]
    wishes = [
        Choice(f"{_PREFERENCE}{setting.name}={value}", f"{setting.title}: {word}", "Preferences", search=setting.help)
        for setting in SETTINGS
        for value, word in setting.choices
    ]
    return [*commands, *_parameters(window), *presets, *texts, *wishes]


def typed(window: MainWindow, text: str) -> list[Choice]:
    """What a text means by itself: a new value of a parameter."""
    match = _ASSIGNMENT.fullmatch(text)
    experiment = window.session.document.experiment
    name = next((name for name in experiment.parameters if match and name.lower() == match[1].lower()), None)
    name = match[1] if match and match[1] in experiment.parameters else name
    value = symbols.parse_number(match[2]) if match else None
    if name is None or value is None:
        return []
    now = symbols.shortest(experiment.parameters[name])
    return [Choice(f"{_VALUE}{name}={value!r}", f"Set {name} to {symbols.shortest(value)}", f"now {now}")]


def follow(window: MainWindow, key: str) -> None:
    """Do what was chosen."""
    kind, _, rest = key.partition(":")
    name, _, value = rest.partition("=")
    kind += ":"
    if kind == _COMMAND:
        window.commands.run(rest)
    elif kind == _PRESET:
        window.commands.open_preset(rest)
    elif kind == _HELP:
        window.help.open_help(rest)
    elif kind == _PREFERENCE:
        setting = next(one for one in SETTINGS if one.name == name)
        window.prefer(name, next(wish for wish, _ in setting.choices if str(wish) == value))
    elif kind == _VALUE:
        document = window.session.document
        document.apply(edits.set_parameter(document.experiment, name, float(value)), f"Change {name}")
    elif kind == _FIELD:
        window.edit_parameter(rest)


def _parameters(window: MainWindow) -> list[Choice]:
    values = window.session.document.experiment.parameters
    return [
        Choice(_FIELD + name, f"{name} = {symbols.shortest(value)}", "Parameter", search="value slider")
        for name, value in values.items()
    ]


def _preset(card: GalleryCard) -> Choice:
    return Choice(_PRESET + card.key, card.title, "System", search=card.words)
