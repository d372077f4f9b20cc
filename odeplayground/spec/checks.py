"""Settings as people write them in Python: choices by value, lists for tuples, and sentences for the rest."""

from __future__ import annotations

from odeplayground.spec.choices import Choice


def choice(name: str, kind: type[Choice], value: object) -> Choice:
    """The member of ``kind`` that a setting means, which may be given by its value.

    Raises:
        ValueError: there is none; the text names the choices.
    """
    for member in kind:
        if value == member.value:
            return member
    known = ", ".join(f'"{member.value}"' for member in kind)
    raise ValueError(f"{name} takes one of {known}, not {value!r}.")


def items(name: str, item: type, example: str, value: object) -> tuple[object, ...]:
    """A setting that holds whole numbers (``item`` is ``int``) or names (``str``), as a tuple.

    Raises:
        ValueError: something else; the text gives the example.
    """
    whole = isinstance(value, list | tuple)
    if not whole or any(not isinstance(one, item) or isinstance(one, bool) for one in value):  # type: ignore[attr-defined]
        what = "whole numbers" if item is int else "names"
        raise ValueError(f"{name} takes a tuple of {what}, such as {name}={example}, not {value!r}.")
    return tuple(value)  # type: ignore[arg-type]
