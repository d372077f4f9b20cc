"""What can be done to sliders and to sets of their values, as pure functions ``Experiment -> Experiment``."""

from __future__ import annotations

import string
from typing import Any

import msgspec

from odeplayground.session.errors import UserError
from odeplayground.session.retext import follow_values
from odeplayground.spec import Experiment, SliderSettings, Snapshot

_FASTEST, _SLOWEST = 0.2, 600.0
"""Seconds that an animation may take through the range."""
MOST = 26
"""Snapshots in one document."""


def set_slider(experiment: Experiment, name: str, **changes: Any) -> Experiment:
    """Change fields of :class:`SliderSettings` for one parameter.

    Raises:
        UserError: an animation that is too quick or too slow.
    """
    settings = msgspec.structs.replace(experiment.controls.of(name), **changes)
    if not _FASTEST <= settings.seconds <= _SLOWEST:
        raise UserError(f"An animation takes from {_FASTEST:g} to {_SLOWEST:g} seconds.")
    others = {other: each for other, each in experiment.controls.sliders.items() if other != name}
    plain = settings == SliderSettings()
    return _with(experiment, sliders=others if plain else others | {name: settings})


def keep(experiment: Experiment) -> Experiment:
    """Keep the values of all parameters as a snapshot with the next free letter.

    Raises:
        UserError: there is no parameter, or no letter left.
    """
    if not experiment.parameters:
        raise UserError("There are no parameters whose values could be kept.")
    taken = {one.name for one in experiment.controls.snapshots}
    free = next((letter for letter in string.ascii_uppercase if letter not in taken), None)
    if free is None:
        raise UserError(f"There are {MOST} sets of values already. Remove one first.")
    return _with(experiment, snapshots=(*experiment.controls.snapshots, Snapshot(free, experiment.parameters)))


def use(experiment: Experiment, name: str) -> Experiment:
    """Set the parameters to the values of a snapshot, in the text too. Locked and unknown ones stay."""
    said = dict(zip(experiment.system.parameters, experiment.system.values, strict=True))
    wanted = {key: value for key, value in snapshot(experiment, name).values.items() if _is_free(experiment, key)}
    values = {key: value for key, value in experiment.values.items() if key not in wanted}
    values |= {key: value for key, value in wanted.items() if value != said[key]}
    return follow_values(msgspec.structs.replace(experiment, values=values), wanted)


def with_values(experiment: Experiment, name: str) -> Experiment:
    """The experiment with the values of a snapshot beside the text, locked or not."""
    values = {key: value for key, value in snapshot(experiment, name).values.items() if key in experiment.parameters}
    return msgspec.structs.replace(experiment, values=experiment.values | values)


def renew(experiment: Experiment, name: str) -> Experiment:
    """Let a snapshot hold the present values."""
    return _changed(experiment, name, values=experiment.parameters)


def rename(experiment: Experiment, name: str, new: str) -> Experiment:
    """Give a snapshot another name.

    Raises:
        UserError: the name is empty or taken.
    """
    new = " ".join(new.split())
    if not new:
        raise UserError("A set of values needs a name.")
    if new != name and any(one.name == new for one in experiment.controls.snapshots):
        raise UserError(f"There is a set of values named {new} already.")
    changed = _changed(experiment, name, name=new)
    return _with(changed, compared=new) if experiment.controls.compared == name else changed


def remove(experiment: Experiment, name: str) -> Experiment:
    """One snapshot less."""
    left = tuple(one for one in experiment.controls.snapshots if one.name != name)
    compared = experiment.controls.compared
    return _with(experiment, snapshots=left, compared="" if compared == name else compared)


def compare(experiment: Experiment, name: str) -> Experiment:
    """Draw the trajectory of this snapshot beside the present one; an empty name draws none."""
    return _with(experiment, compared=name)


def snapshot(experiment: Experiment, name: str) -> Snapshot:
    """The snapshot of this name.

    Raises:
        ValueError: there is none.
    """
    for one in experiment.controls.snapshots:
        if one.name == name:
            return one
    raise ValueError(f"There is no set of values named {name!r}.")


def current(experiment: Experiment) -> str:
    """The first snapshot that has the present values; empty if none has."""
    now = experiment.parameters
    return next((one.name for one in experiment.controls.snapshots if now.items() <= one.values.items()), "")


def following(experiment: Experiment) -> str:
    """The snapshot after the current one, round and round.

    Raises:
        UserError: there is none.
    """
    names = [one.name for one in experiment.controls.snapshots]
    if not names:
        raise UserError("There are no sets of values yet. Keep the present ones first.")
    now = current(experiment)
    return names[(names.index(now) + 1) % len(names)] if now else names[0]


def _is_free(experiment: Experiment, name: str) -> bool:
    return name in experiment.system.parameters and not experiment.controls.of(name).locked


def _changed(experiment: Experiment, which: str, **changes: Any) -> Experiment:
    snapshot(experiment, which)
    snapshots = tuple(
        msgspec.structs.replace(one, **changes) if one.name == which else one for one in experiment.controls.snapshots
    )
    return _with(experiment, snapshots=snapshots)


def _with(experiment: Experiment, **changes: Any) -> Experiment:
    return msgspec.structs.replace(experiment, controls=msgspec.structs.replace(experiment.controls, **changes))
