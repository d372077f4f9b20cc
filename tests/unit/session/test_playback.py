from __future__ import annotations

import pytest

from odeplayground.session import Playback


def test_time_runs_only_while_playing() -> None:
    clock = Playback((0.0, 10.0))
    clock.advance(1.0)
    assert clock.time == 0.0
    clock.play()
    clock.advance(1.5)
    clock.speed = 2.0
    clock.advance(1.0)
    assert clock.time == pytest.approx(3.5)
    clock.pause()
    clock.advance(1.0)
    assert clock.time == pytest.approx(3.5)


def test_it_begins_anew_at_the_end() -> None:
    clock = Playback((2.0, 12.0))
    clock.play()
    clock.seek(11.0)
    clock.advance(3.0)
    assert clock.time == pytest.approx(4.0)
    clock.advance(40.0)
    assert clock.time == pytest.approx(4.0)
    clock.seek(12.0)
    assert clock.time == 12.0
    clock.pause()
    clock.play()
    assert clock.time == 2.0


def test_seeking_stays_within_the_span_and_is_told_once() -> None:
    clock = Playback((0.0, 10.0))
    times: list[float] = []
    clock.time_changed.connect(times.append)
    for time in (5.5, 5.5, 99.0, -1.0):
        clock.seek(time)
    assert times == [5.5, 10.0, 0.0]


def test_playing_is_told_once() -> None:
    clock = Playback((0.0, 10.0))
    told: list[bool] = []
    clock.playing_changed.connect(told.append)
    clock.play()
    clock.play()
    clock.pause()
    clock.pause()
    assert told == [True, False]


def test_another_span_keeps_the_moment_if_it_can() -> None:
    clock = Playback((0.0, 10.0))
    clock.seek(8.0)
    clock.set_span((0.0, 20.0))
    assert clock.time == 8.0
    clock.set_span((0.0, 5.0))
    assert clock.time == 5.0


@pytest.mark.parametrize("length", [1e-3, 1.0, 20.0, 3000.0])
def test_every_span_takes_a_comfortable_time(length: float) -> None:
    clock = Playback((0.0, length))
    assert 5.0 <= length / clock.pace <= 40.0


def test_steps_of_a_frame_hold_the_time() -> None:
    clock = Playback((0.0, 10.0))
    clock.play()
    clock.speed = 2.0
    clock.step(3)
    assert not clock.playing
    assert clock.time == pytest.approx(3 * 2 / 60)
    clock.step(-10)
    assert clock.time == 0.0


def test_steps_along_computed_points() -> None:
    clock = Playback((0.0, 1.0))
    times = [0.0, 0.1, 0.4, 1.0]
    for direction, expected in ((1, 0.1), (1, 0.4), (-1, 0.1), (-1, 0.0), (-1, 0.0)):
        clock.step_along(times, direction)
        assert clock.time == expected
    clock.seek(0.2)
    clock.step_along(times, 1)
    assert clock.time == 0.4
    clock.seek(1.0)
    clock.step_along(times, 1)
    assert clock.time == 1.0
