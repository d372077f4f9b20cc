"""Garbage is collected by a timer, in the window's thread, and what has been loaded is not looked at again."""

from __future__ import annotations

import gc

import pytest
from PySide6.QtCore import QObject

from odeplayground.gui.collector import MIDDLE, OLD, Collector


class Loop:
    """Garbage that only the collector can find."""

    def __init__(self, ends: list[int]) -> None:
        self.myself = self
        self.ends = ends

    def __del__(self) -> None:
        self.ends.append(1)


@pytest.fixture
def collector(qapp):
    parent = QObject()
    found = Collector(parent)
    yield found
    found.close()
    parent.deleteLater()


def test_garbage_goes_when_the_timer_looks_and_not_before(collector):
    ends: list[int] = []
    for _ in range(1000):
        Loop(ends)
    assert not ends
    for _ in range((MIDDLE + 2) * (OLD + 2)):
        keep = [[] for _ in range(1000)]
        collector.look()
    assert len(ends) == 1000
    del keep


def test_what_was_loaded_is_not_looked_at_again(collector):
    library = [[number] for number in range(10_000)]
    before = gc.get_freeze_count()
    collector.keep()
    assert gc.get_freeze_count() >= before + len(library)


def test_closing_brings_back_pythons_own_way(qapp):
    collector = Collector(qapp)
    assert not gc.isenabled()
    collector.close()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
