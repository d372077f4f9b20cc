"""Runs jobs: latest request per channel wins, each job ends with exactly one terminal message.

Requests are made and messages drained by one thread, the owner's; jobs run wherever the runner puts them.
"""

from __future__ import annotations

import threading
import time
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from functools import partial
from typing import Any

import msgspec

from odeplayground.jobs.cancel import CancelToken
from odeplayground.jobs.mailbox import Mailbox
from odeplayground.jobs.messages import Body, Cancelled, Done, Failed, Message, Progress

Job = Generator[Any, None, Any]
"""Yields progress, returns its result. Each yield is a point where it can be paused or cancelled."""
JobFactory = Callable[[CancelToken], Job]


class Runner(ABC):
    """Gives requests numbers and drops what a newer request has made stale."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self._numbers: dict[str, int] = {}
        self._sealed = False

    def submit(self, channel: str, job: JobFactory) -> int:
        """Start a job; an older one of the same channel is cancelled. Returns the number of the request."""
        number = self._numbers.get(channel, 0) + 1
        self._numbers[channel] = number
        if self._sealed:
            self.mailbox.post(Message(channel, number, Cancelled()))
        else:
            self._start(channel, number, job)
        return number

    def seal(self) -> None:
        """Start nothing more; what is under way goes on. A job submitted later is cancelled at once."""
        self._sealed = True

    def drain(self) -> Iterator[Message]:
        """Take the messages that still matter, oldest first; late results are dropped.

        Each is looked at when its turn comes: dealing with the one before may have made a new request.
        """
        yield from self._valid(self.mailbox.drain())

    def take(self, channel: str, seconds: float) -> Iterator[Message]:
        """The same for one channel. If there are none yet, wait for the first, up to so many seconds."""
        yield from self._valid(self.mailbox.take(channel, seconds))

    def _valid(self, messages: list[Message]) -> Iterator[Message]:
        for message in messages:
            if message.number == self._numbers.get(message.channel):
                yield message

    @abstractmethod
    def _start(self, channel: str, number: int, job: JobFactory) -> None: ...

    @abstractmethod
    def cancel(self, channel: str) -> None:
        """Stop the channel's job at its next yield, or sooner if it watches its token."""

    @abstractmethod
    def pause(self, channel: str) -> None:
        """Hold the channel's job at its next yield. Ends a step that is still under way."""

    @abstractmethod
    def resume(self, channel: str) -> None:
        """Let a paused job go on."""

    @abstractmethod
    def step(self, channel: str, until: type) -> None:
        """Let the job run until it has yielded one event of this type, then hold it. Pauses a running job."""

    @abstractmethod
    def close(self) -> None:
        """Seal, cancel everything and end all threads."""


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
        self.seal()


class ThreadRunner(Runner):
    """One thread per channel, started when the channel is first used.

    ``patience`` is how many seconds :meth:`close` waits in all for jobs that are deep inside one computation;
    the threads are daemons, so that such a job cannot keep the process alive.
    """

    def __init__(self, mailbox: Mailbox, patience: float = 10.0) -> None:
        super().__init__(mailbox)
        self._workers: dict[str, _Worker] = {}
        self._patience = patience

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
        self.seal()
        deadline = time.monotonic() + self._patience
        for worker in self._workers.values():
            worker.close()
        for worker in self._workers.values():
            worker.join(max(0.0, deadline - time.monotonic()))
        self._workers.clear()


class _Request(msgspec.Struct, frozen=True):
    number: int
    job: JobFactory
    token: CancelToken


class _Worker:
    """The thread of one channel: at most one job running and one waiting."""

    def __init__(self, channel: str, mailbox: Mailbox) -> None:
        self._channel = channel
        self._mailbox = mailbox
        self._changed = threading.Condition()
        self._pending: _Request | None = None
        self._token = CancelToken()
        self._paused = False
        self._step_until: type | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._loop, name=f"jobs-{channel}", daemon=True)
        self._thread.start()

    def submit(self, number: int, job: JobFactory) -> None:
        self._replace(_Request(number, job, CancelToken()))

    def cancel(self) -> None:
        self._replace(None)

    def _replace(self, request: _Request | None) -> None:
        """Cancel what runs, drop what waits, and let this request wait instead."""
        with self._changed:
            self._token.cancel()
            dropped, self._pending = self._pending, request
            if request is not None:
                self._token = request.token
                self._paused, self._step_until = False, None
            self._changed.notify_all()
        if dropped is not None:  # a request that never started has its ending too; posted with the lock released
            self._post(dropped, Cancelled())

    def pause(self) -> None:
        with self._changed:
            self._paused, self._step_until = True, None

    def resume(self) -> None:
        with self._changed:
            self._paused, self._step_until = False, None
            self._changed.notify_all()

    def step(self, until: type) -> None:
        with self._changed:
            self._paused, self._step_until = True, until
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closing = True
        self.cancel()

    def join(self, timeout: float) -> None:
        self._thread.join(timeout)

    def _loop(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._pending is not None or self._closing)
                if self._pending is None:
                    return
                request, self._pending = self._pending, None
            _run(request.job, request.token, partial(self._post, request), partial(self._hold, request.token))
            del request  # a finished job may hold large arrays; do not keep them until the next one

    def _post(self, request: _Request, body: Body) -> None:
        self._mailbox.post(Message(self._channel, request.number, body))

    def _hold(self, token: CancelToken, event: Any) -> None:
        """Wait here while paused. Called after each event has been posted.

        A cancelled job does not wait, and does not use up a step that was meant for its successor.
        """
        with self._changed:
            if token.cancelled:
                return
            if self._step_until is not None and isinstance(event, self._step_until):
                self._step_until = None
            self._changed.wait_for(lambda: not self._paused or self._step_until is not None or token.cancelled)


def _run(factory: JobFactory, token: CancelToken, post: Callable[[Body], None], hold: Callable[[Any], None]) -> None:
    """Drive one generator to its end and post exactly one terminal message."""
    try:
        ending = _drive(factory(token), token, post, hold)
    except BaseException as error:  # a job that calls sys.exit must not take its channel's thread along
        ending = Failed(_sentence(error), traceback.format_exc())
        if isinstance(error, KeyboardInterrupt):
            post(ending)
            raise
    post(ending)


def _drive(job: Job, token: CancelToken, post: Callable[[Body], None], hold: Callable[[Any], None]) -> Body:
    with closing(job):
        while not token.cancelled:
            try:
                event = next(job)
            except StopIteration as stop:
                return Cancelled() if token.cancelled else Done(stop.value)
            post(Progress(event))
            hold(event)
    return Cancelled()


def _sentence(error: BaseException) -> str:
    """The library's own errors are ValueErrors written for readers; anything else is a fault of ours."""
    if isinstance(error, ValueError) and str(error):
        return str(error)
    return f"Something unexpected happened ({type(error).__name__}: {error})."
