"""The only crossing between threads: workers post, the owner drains."""

from __future__ import annotations

import threading
from collections.abc import Callable

from odeplayground.jobs.messages import Message, Progress


class Mailbox:
    """A queue of messages that wakes its owner once, not once per message.

    Progress events of the types in ``latest_only`` replace an older one of the same type and request that
    has not been drained yet, so that a slow reader sees the newest picture instead of a backlog.
    """

    def __init__(self, latest_only: tuple[type, ...] = (), wake: Callable[[], None] | None = None) -> None:
        self._lock = threading.Lock()
        self._posted = threading.Condition(self._lock)
        self._messages: list[Message] = []
        self._latest_only = latest_only
        self._asleep = True
        self.wake = wake
        """Called from the posting thread when the first message arrives after a drain."""

    def post(self, message: Message) -> None:
        """Add a message. Safe from any thread."""
        with self._lock:
            kind = type(message.body.event) if isinstance(message.body, Progress) else None
            if kind in self._latest_only:
                self._messages = [old for old in self._messages if not _same_picture(old, message, kind)]
            self._messages.append(message)
            wake = self.wake if self._asleep else None
            self._asleep = False
            self._posted.notify_all()
        if wake is not None:
            wake()

    def drain(self) -> list[Message]:
        """Take all messages, oldest first."""
        with self._lock:
            messages, self._messages = self._messages, []
            self._asleep = True
        return messages

    def take(self, channel: str, seconds: float) -> list[Message]:
        """Take the messages of one channel, oldest first. If there are none, wait for the first, up to so many seconds.

        The others stay, and so does the call to the owner.
        """
        with self._lock:
            self._posted.wait_for(lambda: any(one.channel == channel for one in self._messages), seconds)
            taken = [one for one in self._messages if one.channel == channel]
            self._messages = [one for one in self._messages if one.channel != channel]
        return taken


def _same_picture(old: Message, new: Message, kind: type | None) -> bool:
    same_request = (old.channel, old.number) == (new.channel, new.number)
    return same_request and isinstance(old.body, Progress) and type(old.body.event) is kind
