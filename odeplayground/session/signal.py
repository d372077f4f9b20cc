"""Telling others that something happened, without Qt."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from types import MethodType
from typing import overload

Slot = Callable[..., object]


class Listeners:
    """Who wants to hear of one thing that happens to one object. All calls are made in the thread that emits."""

    def __init__(self) -> None:
        self._slots: list[Callable[[], Slot | None]] = []

    def connect(self, slot: Slot) -> None:
        """Call this from now on, after those who came before. A bound method does not keep its object alive."""
        self._slots.append(weakref.WeakMethod(slot) if isinstance(slot, MethodType) else lambda: slot)

    def disconnect(self, slot: Slot) -> None:
        """Do not call this any more."""
        self._slots = [reference for reference in self._slots if reference() != slot]

    def emit(self, *values: object) -> None:
        """Call everyone with these values.

        What a listener raises comes out here, and those after it do not hear of it.
        """
        self._slots = [reference for reference in self._slots if reference() is not None]
        for reference in tuple(self._slots):
            slot = reference()
            if slot is not None:
                slot(*values)


class Signal:
    """Declares in a class what can happen to its objects, with the types of the values that are told."""

    def __init__(self, *types: type) -> None:
        self.types = types

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, owner: None, kind: type) -> Signal: ...

    @overload
    def __get__(self, owner: object, kind: type) -> Listeners: ...

    def __get__(self, owner: object | None, kind: type) -> Listeners | Signal:
        """The listeners of one object, which take this place in it, so that the next access is direct."""
        if owner is None:
            return self
        listeners = Listeners()
        owner.__dict__[self._name] = listeners
        return listeners
