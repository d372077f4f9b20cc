"""Runs jobs: latest request per channel wins, each job ends with exactly one terminal message."""

from __future__ import annotations

import threading
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator
from typing import Any

from odeplayground.jobs.cancel import CancelToken
from odeplayground.jobs.mailbox import Mailbox
from odeplayground.jobs.messages import Cancelled, Done, Failed, Message, Progress

Job = Generator[Any, None, Any]
"""Yields progress, returns its result. Each yield is a point where it can be paused or cancelled."""
JobFactory = Callable[[CancelToken], Job]


class Runner(ABC):
    """Gives requests numbers and drops what a newer request has made stale."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self._numbers: dict[str, int] = {}

    def submit(self, channel: str, job: JobFactory) -> int:
        """Start a job; an older one of the same channel is cancelled. Returns the number of the request."""
        number = self._numbers.get(channel, 0) + 1
        self._numbers[channel] = number
        self._start(channel, number, job)
        return number

    def drain(self) -> list[Message]:
        """Take the messages that still matter, oldest first. The one place where late results are dropped."""
        return [message for message in self.mailbox.drain() if message.number == self._numbers.get(message.channel)]

    @abstractmethod
    def _start(self, channel: str, number: int, job: JobFactory) -> None: ...

    @abstractmethod
    def cancel(self, channel: str) -> None:
        """Stop the channel's job at its next yield, or sooner if it watches its token."""

    @abstractmethod
    def pause(self, channel: str) -> None:
        """Hold the channel's job at its next yield."""

    @abstractmethod
    def resume(self, channel: str) -> None:
        """Let a paused job go on."""

    @abstractmethod
    def step(self, channel: str, until: type) -> None:
        """Let a paused job run until it has yielded one event of this type."""

    @abstractmethod
    def close(self) -> None:
        """Cancel everything and end all threads."""


class InlineRunner(Runner):
    """Runs each job to its end inside ``submit``. For tests, scripts and reports."""

    def _start(self, channel: str, number: int, job: JobFactory) -> None:
        _run(job, CancelToken(), lambda body: self.mailbox.post(Message(channel, number, body)), lambda _event: None)

    def cancel(self, channel: str) -> None:
        """Nothing runs between calls."""

    def pause(self, channel: str) -> None:
        """Nothing runs between calls."""

    def resume(self, channel: str) -> None:
        """Nothing runs between calls."""

    def step(self, channel: str, until: type) -> None:
        """Nothing runs between calls."""

    def close(self) -> None:
        """Nothing to end."""


class ThreadRunner(Runner):
    """One thread per channel, started when the channel is first used."""

    def __init__(self, mailbox: Mailbox) -> None:
        super().__init__(mailbox)
        self._workers: dict[str, _Worker] = {}

    def _start(self, channel: str, number: int, job: JobFactory) -> None:
        if channel not in self._workers:
            self._workers[channel] = _Worker(channel, self.mailbox)
        self._workers[channel].submit(number, job)

    def cancel(self, channel: str) -> None:
        if channel in self._workers:
            self._workers[channel].cancel()

    def pause(self, channel: str) -> None:
        if channel in self._workers:
            self._workers[channel].pause()

    def resume(self, channel: str) -> None:
        if channel in self._workers:
            self._workers[channel].resume()

    def step(self, channel: str, until: type) -> None:
        if channel in self._workers:
            self._workers[channel].step(until)

    def close(self) -> None:
        for worker in self._workers.values():
            worker.close()
        for worker in self._workers.values():
            worker.join()
        self._workers.clear()


class _Worker:
    """The thread of one channel: at most one job running and one waiting."""

    def __init__(self, channel: str, mailbox: Mailbox) -> None:
        self._channel = channel
        self._mailbox = mailbox
        self._changed = threading.Condition()
        self._pending: tuple[int, JobFactory, CancelToken] | None = None
        self._token = CancelToken()
        self._paused = False
        self._step_until: type | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._loop, name=f"jobs-{channel}", daemon=True)
        self._thread.start()

    def submit(self, number: int, job: JobFactory) -> None:
        with self._changed:
            self._token.cancel()
            self._drop_pending()
            self._token = CancelToken()
            self._pending = (number, job, self._token)
            self._paused = False
            self._changed.notify_all()

    def cancel(self) -> None:
        with self._changed:
            self._token.cancel()
            self._drop_pending()
            self._changed.notify_all()

    def _drop_pending(self) -> None:
        """A request that never started has its ending too."""
        if self._pending is not None:
            self._mailbox.post(Message(self._channel, self._pending[0], Cancelled()))
            self._pending = None

    def pause(self) -> None:
        with self._changed:
            self._paused = True

    def resume(self) -> None:
        with self._changed:
            self._paused, self._step_until = False, None
            self._changed.notify_all()

    def step(self, until: type) -> None:
        with self._changed:
            self._step_until = until
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closing = True
        self.cancel()

    def join(self) -> None:
        self._thread.join()

    def _loop(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._pending is not None or self._closing)
                if self._pending is None:
                    return
                number, job, token = self._pending
                self._pending = None
            self._run_one(number, job, token)

    def _run_one(self, number: int, job: JobFactory, token: CancelToken) -> None:
        post = lambda body: self._mailbox.post(Message(self._channel, number, body))  # noqa: E731
        _run(job, token, post, lambda event: self._hold(event, token))

    def _hold(self, event: Any, token: CancelToken) -> None:
        """Wait here while paused. Called after each event has been posted."""
        with self._changed:
            if self._step_until is not None and isinstance(event, self._step_until):
                self._step_until = None
            self._changed.wait_for(lambda: not self._paused or self._step_until is not None or token.cancelled)


def _run(factory: JobFactory, token: CancelToken, post: Callable[[Any], None], hold: Callable[[Any], None]) -> None:
    """Drive one generator to its end and post exactly one terminal message."""
    try:
        job = factory(token)
        try:
            while not token.cancelled:
                event = next(job)
                post(Progress(event))
                hold(event)
        finally:
            job.close()
    except StopIteration as stop:
        post(Cancelled() if token.cancelled else Done(stop.value))
    except Exception as error:
        post(Failed(str(error) or type(error).__name__, traceback.format_exc()))
    else:
        post(Cancelled())
