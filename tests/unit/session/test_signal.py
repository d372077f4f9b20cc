"""Signals: who is told, in which order, and for how long."""

from __future__ import annotations

import gc

import pytest

from odeplayground.session.signal import Signal


class Door:
    opened = Signal(int)
    closed = Signal()


class Guest:
    def __init__(self, seen: list[int]) -> None:
        self.seen = seen

    def hear(self, number: int) -> None:
        self.seen.append(number)


def test_listeners_are_called_in_their_order_with_the_values() -> None:
    door = Door()
    seen: list[object] = []
    door.opened.connect(lambda number: seen.append(("first", number)))
    door.opened.connect(seen.append)
    door.opened.emit(3)
    assert seen == [("first", 3), 3]


def test_every_object_and_every_signal_has_its_own_listeners() -> None:
    one, other = Door(), Door()
    seen: list[int] = []
    one.opened.connect(seen.append)
    other.opened.emit(1)
    one.closed.emit()
    assert seen == []
    one.opened.emit(2)
    assert seen == [2]


def test_a_bound_method_does_not_keep_its_object_alive() -> None:
    door = Door()
    seen: list[int] = []
    guest = Guest(seen)
    door.opened.connect(guest.hear)
    door.opened.emit(1)
    del guest
    gc.collect()
    door.opened.emit(2)
    assert seen == [1]


def test_whoever_is_disconnected_hears_no_more() -> None:
    door = Door()
    seen: list[int] = []
    guest = Guest(seen)
    door.opened.connect(guest.hear)
    door.opened.connect(seen.append)
    door.opened.disconnect(guest.hear)
    door.opened.emit(1)
    assert seen == [1]


def test_a_listener_may_leave_while_it_is_told() -> None:
    door = Door()
    seen: list[int] = []

    def once(number: int) -> None:
        door.opened.disconnect(once)
        seen.append(number)

    door.opened.connect(once)
    door.opened.connect(seen.append)
    door.opened.emit(1)
    door.opened.emit(2)
    assert seen == [1, 1, 2]


def test_what_a_listener_raises_comes_out() -> None:
    door = Door()

    def broken() -> None:
        raise RuntimeError("the hinge")

    door.closed.connect(broken)
    with pytest.raises(RuntimeError, match="the hinge"):
        door.closed.emit()


def test_a_listener_that_dies_while_another_emits_again() -> None:
    class Thing:
        told = Signal(int)

    class Ear:
        def hear(self, number: int) -> None:
            pass

    thing, ears = Thing(), [Ear()]
    assert isinstance(Thing.told, Signal)

    def first(number: int) -> None:
        if number:
            ears.clear()
            gc.collect()
            thing.told.emit(number - 1)

    thing.told.connect(first)
    thing.told.connect(ears[0].hear)
    thing.told.emit(2)
    thing.told.emit(2)
