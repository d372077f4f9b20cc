from __future__ import annotations

import threading

from odeplayground.jobs import Done, Mailbox, Message, Progress


class Picture:
    pass


class Line:
    pass


def message(event: object, number: int = 1, channel: str = "a") -> Message:
    return Message(channel, number, Progress(event))


def test_drain_takes_everything_in_order() -> None:
    mailbox = Mailbox()
    for i in range(5):
        mailbox.post(message(i))
    assert [m.body.event for m in mailbox.drain()] == [0, 1, 2, 3, 4]
    assert mailbox.drain() == []


def test_wakes_once_until_drained() -> None:
    wakes: list[int] = []
    mailbox = Mailbox(wake=lambda: wakes.append(1))
    for i in range(3):
        mailbox.post(message(i))
    assert len(wakes) == 1
    mailbox.drain()
    mailbox.post(message(4))
    assert len(wakes) == 2


def test_only_the_latest_picture_of_a_request_is_kept() -> None:
    mailbox = Mailbox(latest_only=(Picture,))
    old, new, other_request, other_channel = Picture(), Picture(), Picture(), Picture()
    first, second = Line(), Line()
    mailbox.post(message(old))
    mailbox.post(message(first))
    mailbox.post(message(other_request, number=2))
    mailbox.post(message(other_channel, channel="b"))
    mailbox.post(message(second))
    mailbox.post(message(new))
    events = [m.body.event for m in mailbox.drain()]
    assert events == [first, other_request, other_channel, second, new]


def test_endings_are_never_coalesced() -> None:
    mailbox = Mailbox(latest_only=(Picture,))
    mailbox.post(message(Picture()))
    mailbox.post(Message("a", 1, Done(Picture())))
    assert len(mailbox.drain()) == 2


def test_nothing_is_lost_or_left_asleep_with_many_threads() -> None:
    mailbox = Mailbox()
    awake = threading.Event()
    mailbox.wake = awake.set
    per_thread, n_threads = 500, 4

    def work(channel: str) -> None:
        for i in range(per_thread):
            mailbox.post(message(i, channel=channel))

    threads = [threading.Thread(target=work, args=(str(k),)) for k in range(n_threads)]
    for thread in threads:
        thread.start()
    seen: dict[str, list[int]] = {str(k): [] for k in range(n_threads)}
    while sum(map(len, seen.values())) < per_thread * n_threads:
        assert awake.wait(10)
        awake.clear()
        for m in mailbox.drain():
            seen[m.channel].append(m.body.event)
    for thread in threads:
        thread.join()
    assert all(events == list(range(per_thread)) for events in seen.values())
