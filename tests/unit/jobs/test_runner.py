from __future__ import annotations

import itertools
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from odeplayground.jobs import (
    Cancelled,
    CancelToken,
    Done,
    Failed,
    InlineRunner,
    Job,
    Mailbox,
    Message,
    Progress,
    Runner,
    ThreadRunner,
)

Count = int


class Tick:
    """A second type of event."""


@pytest.fixture
def runner() -> Iterator[ThreadRunner]:
    runner = ThreadRunner(Mailbox())
    yield runner
    runner.close()
    assert not any(thread.name.startswith("jobs-") for thread in threading.enumerate())


class Log:
    """Everything a runner's mailbox ever received, also what is stale."""

    def __init__(self, runner: Runner) -> None:
        self.messages: list[Message] = []
        self._mailbox = runner.mailbox

    def until(self, condition: Callable[[Log], bool]) -> None:
        deadline = time.monotonic() + 10
        while not condition(self):
            assert time.monotonic() < deadline, self.messages
            self.messages += self._mailbox.drain()
            time.sleep(0.001)

    def settle(self, seconds: float = 0.05) -> None:
        end = time.monotonic() + seconds
        self.until(lambda _: time.monotonic() > end)

    def events(self, number: int = 1) -> list[object]:
        return [m.body.event for m in self.messages if m.number == number and isinstance(m.body, Progress)]

    def endings(self, number: int = 1) -> list[object]:
        return [m.body for m in self.messages if m.number == number and not isinstance(m.body, Progress)]


def counting(n: int | None = None, value: object = "value") -> Callable[[CancelToken], Job]:
    def job(token: CancelToken) -> Job:
        for i in itertools.count() if n is None else range(n):
            yield i
            if n is None:
                time.sleep(0.0005)
        return value

    return job


def failing(error: BaseException) -> Callable[[CancelToken], Job]:
    def job(token: CancelToken) -> Job:
        yield 0
        raise error

    return job


@pytest.mark.parametrize("kind", [InlineRunner, ThreadRunner])
def test_progress_then_one_ending(kind: type[Runner]) -> None:
    runner = kind(Mailbox())
    log = Log(runner)
    runner.submit("a", counting(3))
    log.until(lambda log: bool(log.endings()))
    assert log.events() == [0, 1, 2]
    assert log.endings() == [Done("value")]
    runner.close()


@pytest.mark.parametrize("kind", [InlineRunner, ThreadRunner])
@pytest.mark.parametrize("error", [ValueError("The step is too small."), KeyError("x"), SystemExit(3)])
def test_a_failure_is_an_ending_and_the_channel_lives_on(kind: type[Runner], error: BaseException) -> None:
    runner = kind(Mailbox())
    log = Log(runner)
    runner.submit("a", failing(error))
    log.until(lambda log: bool(log.endings(1)))
    runner.submit("a", counting(1))
    log.until(lambda log: bool(log.endings(2)))
    (ending,) = log.endings(1)
    assert isinstance(ending, Failed)
    assert type(error).__name__ in ending.traceback
    if isinstance(error, ValueError):
        assert ending.sentence == str(error)
    else:
        assert ending.sentence.endswith(".")
        assert type(error).__name__ in ending.sentence
    assert log.endings(2) == [Done("value")]
    runner.close()


def test_a_factory_that_raises_stop_iteration_has_failed_not_finished() -> None:
    runner = InlineRunner(Mailbox())
    runner.submit("a", lambda token: next(iter(())))
    (message,) = runner.drain()
    assert isinstance(message.body, Failed)


def test_an_interrupt_of_an_inline_job_reaches_the_caller() -> None:
    runner = InlineRunner(Mailbox())
    with pytest.raises(KeyboardInterrupt):
        runner.submit("a", failing(KeyboardInterrupt()))
    assert isinstance(list(runner.drain())[-1].body, Failed)


def test_the_latest_request_wins(runner: ThreadRunner) -> None:
    log = Log(runner)
    runner.submit("a", counting())
    log.until(lambda log: len(log.events(1)) > 3)
    runner.submit("a", counting(2))
    log.until(lambda log: bool(log.endings(2)))
    assert log.endings(1) == [Cancelled()]
    assert log.endings(2) == [Done("value")]


def test_channels_do_not_disturb_each_other(runner: ThreadRunner) -> None:
    log = Log(runner)
    runner.submit("a", counting())
    runner.submit("b", counting(5))
    log.until(lambda log: any(m.channel == "b" and isinstance(m.body, Done) for m in log.messages))
    runner.cancel("a")
    log.until(lambda log: any(m.channel == "a" and isinstance(m.body, Cancelled) for m in log.messages))


def test_stale_messages_are_dropped_in_drain() -> None:
    runner = InlineRunner(Mailbox())
    runner.submit("a", counting(3, "old"))
    runner.submit("b", counting(0, "other"))
    runner.submit("a", counting(1, "new"))
    messages = list(runner.drain())
    assert [m.body for m in messages] == [Done("other"), Progress(0), Done("new")]


def test_a_request_made_while_draining_makes_the_rest_stale() -> None:
    runner = InlineRunner(Mailbox())
    runner.submit("a", counting(2, "old"))
    bodies = []
    for message in runner.drain():
        bodies.append(message.body)
        runner.submit("a", counting(0, "new"))
    assert bodies == [Progress(0)]
    assert [m.body for m in runner.drain()] == [Done("new")]


def test_a_request_that_never_started_is_cancelled_once(runner: ThreadRunner) -> None:
    release, started = threading.Event(), threading.Event()
    log = Log(runner)

    def deaf(token: CancelToken) -> Job:
        started.set()
        release.wait(10)
        yield 0

    runner.submit("a", deaf)
    assert started.wait(10)
    for _ in range(3):
        runner.submit("a", counting(1))
    release.set()
    log.until(lambda log: bool(log.endings(4)))
    assert [log.endings(k) for k in (1, 2, 3)] == [[Cancelled()]] * 3
    assert log.events(2) == log.events(3) == []
    assert log.endings(4) == [Done("value")]


def test_every_request_has_exactly_one_ending_under_fire(runner: ThreadRunner) -> None:
    log = Log(runner)
    n = 200
    for k in range(n):
        runner.submit("a", counting(3) if k % 3 else counting())
        if k % 5 == 0:
            runner.pause("a")
        if k % 7 == 0:
            runner.step("a", int)
        if k % 11 == 0:
            runner.cancel("a")
        if k % 4 == 0:
            time.sleep(0.0005)
    runner.submit("a", counting(1))
    log.until(lambda log: bool(log.endings(n + 1)))
    assert all(len(log.endings(k)) == 1 for k in range(1, n + 2))
    for k in range(1, n + 2):  # nothing after the ending
        bodies = [m.body for m in log.messages if m.number == k]
        assert all(isinstance(body, Progress) for body in bodies[:-1])


def test_pause_holds_and_resume_goes_on(runner: ThreadRunner) -> None:
    log = Log(runner)
    runner.submit("a", counting())
    log.until(lambda log: len(log.events()) > 2)
    runner.pause("a")
    log.settle()
    held = len(log.events())
    log.settle()
    assert len(log.events()) == held
    runner.resume("a")
    log.until(lambda log: len(log.events()) > held + 2)
    runner.cancel("a")


def mixed(token: CancelToken) -> Job:
    for i in itertools.count():
        yield from (i, i, Tick())


def test_a_step_runs_to_the_next_event_of_its_type(runner: ThreadRunner) -> None:
    log = Log(runner)
    runner.submit("a", mixed)
    runner.pause("a")
    log.settle()
    for _ in range(3):
        ticks = sum(isinstance(e, Tick) for e in log.events())
        runner.step("a", Tick)
        log.until(lambda log, ticks=ticks: sum(isinstance(e, Tick) for e in log.events()) > ticks)
        log.settle()
        assert sum(isinstance(e, Tick) for e in log.events()) == ticks + 1
        assert isinstance(log.events()[-1], Tick)
    runner.cancel("a")
    log.until(lambda log: bool(log.endings()))


def test_a_step_pauses_a_running_job(runner: ThreadRunner) -> None:
    log = Log(runner)
    runner.submit("a", mixed)
    log.until(lambda log: len(log.events()) > 5)
    runner.step("a", Tick)
    log.settle()
    held = len(log.events())
    log.settle()
    assert len(log.events()) == held
    assert isinstance(log.events()[-1], Tick)


def test_resume_ends_a_step(runner: ThreadRunner) -> None:
    log = Log(runner)
    runner.submit("a", counting())
    runner.step("a", Tick)  # never comes: the job runs freely
    log.until(lambda log: len(log.events()) > 3)
    runner.resume("a")
    runner.pause("a")
    log.settle()
    held = len(log.events())
    log.settle()
    assert len(log.events()) == held


def test_pause_ends_a_step(runner: ThreadRunner) -> None:
    log = Log(runner)
    runner.submit("a", counting())
    runner.step("a", Tick)
    log.until(lambda log: len(log.events()) > 3)
    runner.pause("a")
    log.settle()
    held = len(log.events())
    log.settle()
    assert len(log.events()) == held


def test_a_new_request_starts_unpaused_and_without_an_old_step(runner: ThreadRunner) -> None:
    log = Log(runner)
    runner.submit("a", counting())
    runner.pause("a")
    runner.step("a", Tick)
    runner.submit("a", counting())
    log.until(lambda log: len(log.events(2)) > 3)
    runner.pause("a")
    log.settle()
    held = len(log.events(2))
    log.settle()
    assert len(log.events(2)) == held


@pytest.mark.parametrize("paused", [False, True])
def test_cancel_is_quick_and_closes_the_generator(runner: ThreadRunner, paused: bool) -> None:
    closed = threading.Event()

    def job(token: CancelToken) -> Job:
        try:
            while True:
                yield 0
                time.sleep(0.001)
        finally:
            closed.set()

    log = Log(runner)
    runner.submit("a", job)
    if paused:
        runner.pause("a")
        log.settle()
    log.until(lambda log: bool(log.events()))
    runner.cancel("a")
    log.until(lambda log: bool(log.endings()))
    assert log.endings() == [Cancelled()]
    assert closed.is_set()


def test_a_job_may_watch_its_token(runner: ThreadRunner) -> None:
    started = threading.Event()

    def job(token: CancelToken) -> Job:
        started.set()
        while not token.cancelled:
            time.sleep(0.001)
        return "partial"
        yield

    log = Log(runner)
    runner.submit("a", job)
    assert started.wait(10)
    runner.cancel("a")
    log.until(lambda log: bool(log.endings()))
    assert log.endings() == [Cancelled()]


def test_a_closed_runner_cancels_what_comes_later() -> None:
    runner = ThreadRunner(Mailbox())
    runner.submit("a", counting())
    runner.close()
    number = runner.submit("a", counting(1))
    assert [m.body for m in runner.drain() if m.number == number] == [Cancelled()]
    assert not any(thread.name.startswith("jobs-") for thread in threading.enumerate())


def test_a_sealed_runner_starts_nothing_more_and_lets_the_rest_go_on(runner: ThreadRunner) -> None:
    log = Log(runner)
    runner.submit("a", counting())
    log.until(lambda log: len(log.events(1)) > 3)
    runner.seal()
    seen = len(log.events(1))
    log.until(lambda log: len(log.events(1)) > seen + 3)
    runner.submit("b", counting(1))
    log.until(lambda log: any(m.channel == "b" for m in log.messages))
    assert [m.body for m in log.messages if m.channel == "b"] == [Cancelled()]


def test_close_does_not_wait_for_ever() -> None:
    runner = ThreadRunner(Mailbox(), patience=0.05)
    release, started = threading.Event(), threading.Event()

    def deaf(token: CancelToken) -> Job:
        started.set()
        release.wait(10)
        yield 0

    runner.submit("a", deaf)
    assert started.wait(10)
    (thread,) = (t for t in threading.enumerate() if t.name == "jobs-a")
    runner.close()
    assert thread.daemon
    release.set()
    thread.join(10)
    assert not thread.is_alive()


def test_a_wake_that_submits_again_does_not_deadlock() -> None:
    mailbox = Mailbox()
    runner = ThreadRunner(mailbox)
    started, release = threading.Event(), threading.Event()

    def deaf(token: CancelToken) -> Job:
        started.set()
        release.wait(10)
        yield 0

    runner.submit("a", deaf)
    assert started.wait(10)
    again = iter([lambda: runner.submit("a", counting(1))])
    mailbox.wake = lambda: next(again, lambda: 0)()
    runner.submit("a", counting(1))
    runner.submit("a", counting(1))  # posts the ending of the waiting one, which wakes, which submits
    release.set()
    log = Log(runner)
    log.until(lambda log: all(len(log.endings(k)) == 1 for k in range(1, 5)))
    assert sys.exc_info() == (None, None, None)
    runner.close()
