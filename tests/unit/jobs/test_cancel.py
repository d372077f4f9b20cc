from __future__ import annotations

from odeplayground.jobs import CancelToken


def test_who_watches_is_called_once_when_the_work_is_cancelled() -> None:
    token, calls = CancelToken(), []
    with token.calling(lambda: calls.append("now")):
        assert calls == []
        token.cancel()
        token.cancel()
        assert calls == ["now"]
    assert token.cancelled


def test_who_watches_too_late_is_called_at_once() -> None:
    token, calls = CancelToken(), []
    token.cancel()
    with token.calling(lambda: calls.append("late")):
        assert calls == ["late"]


def test_afterwards_nobody_is_called() -> None:
    token, calls = CancelToken(), []
    with token.calling(lambda: calls.append("never")):
        pass
    token.cancel()
    assert calls == []
