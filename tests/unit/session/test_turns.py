from __future__ import annotations

from collections import Counter

from odeplayground.session.request import Part
from odeplayground.session.turns import ROUNDS, Turns

SECONDS = {
    Part.FORWARD: 0.030,
    Part.BACKWARD: 0.040,
    Part.ARROWS: 0.001,
    Part.NULLCLINES: 0.006,
    Part.EQUILIBRIA: 0.050,
}


def picture(turns: Turns, *, hurried: bool) -> list[Part]:
    """Which parts one picture gets, if newer requests wait all the time or not."""
    done = []
    for part in turns.begin(SECONDS):
        turns.deliver(part, SECONDS[part])
        done.append(part)
        if hurried and turns.gives_way:
            break
    return done


def test_a_picture_without_hurry_has_everything_curves_first() -> None:
    turns = Turns()
    for _ in range(3):
        done = picture(turns, hurried=False)
        assert done[0] is Part.FORWARD
        assert set(done) == set(SECONDS)


def test_in_a_hurry_the_cheap_parts_come_along_and_the_costly_ones_take_turns() -> None:
    turns = Turns()
    picture(turns, hurried=False)
    rounds = 10 * ROUNDS
    pictures = [picture(turns, hurried=True) for _ in range(rounds)]
    counts = Counter(part for done in pictures for part in done)
    assert counts[Part.FORWARD] == counts[Part.ARROWS] == counts[Part.NULLCLINES] == rounds
    assert 8 <= counts[Part.BACKWARD] <= 11
    assert 8 <= counts[Part.EQUILIBRIA] <= 11
    assert max(len(done) for done in pictures) == 4  # never two costly ones


def test_without_curves_to_compute_the_background_takes_turns_all_the_same() -> None:
    turns = Turns()
    turns.begin(SECONDS)
    for part, seconds in SECONDS.items():
        turns.deliver(part, seconds)
    order = turns.begin([Part.EQUILIBRIA, Part.ARROWS, Part.BACKWARD])
    assert order[0] is Part.ARROWS
    assert not turns.gives_way  # not before anything is there
    turns.deliver(Part.ARROWS, 0.001)
    assert turns.gives_way


def test_a_part_that_failed_does_not_block() -> None:
    turns = Turns()
    first, second, *_ = turns.begin(SECONDS)
    turns.deliver(second, 1.0)
    assert first not in turns.begin([Part.ARROWS])
