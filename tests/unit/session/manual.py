"""A runner that works only when it is told to, so that tests decide what is early and what is late."""

from __future__ import annotations

from dataclasses import dataclass, field

from odeplayground.jobs import Cancelled, CancelToken, Done, Failed, Job, JobFactory, Mailbox, Message, Progress, Runner


@dataclass
class Task:
    number: int
    job: Job
    token: CancelToken = field(default_factory=CancelToken)


class ManualRunner(Runner):
    def __init__(self, mailbox: Mailbox | None = None) -> None:
        super().__init__(mailbox or Mailbox())
        self.tasks: dict[str, Task] = {}
        self.submitted: list[str] = []
        self.calls: list[tuple[str, str]] = []

    def _start(self, channel: str, number: int, job: JobFactory) -> None:
        self._drop(channel)
        self.submitted.append(channel)
        token = CancelToken()
        self.tasks[channel] = Task(number, job(token), token)

    def advance(self, channel: str) -> bool:
        """Let a job go on to its next event or its end; whether it goes on after that."""
        task = self.tasks[channel]
        body: Progress | Done | Failed
        try:
            body = Progress(next(task.job))
        except StopIteration as end:
            body = Done(end.value)
        except Exception as error:
            body = Failed(str(error), "")
        if not isinstance(body, Progress):
            del self.tasks[channel]
        self.mailbox.post(Message(channel, task.number, body))
        return isinstance(body, Progress)

    def finish(self, channel: str) -> None:
        while self.advance(channel):
            pass

    def _drop(self, channel: str) -> None:
        task = self.tasks.pop(channel, None)
        if task is not None:
            task.token.cancel()
            task.job.close()
            self.mailbox.post(Message(channel, task.number, Cancelled()))

    def cancel(self, channel: str) -> None:
        self.calls.append(("cancel", channel))
        self._drop(channel)

    def pause(self, channel: str) -> None:
        self.calls.append(("pause", channel))

    def resume(self, channel: str) -> None:
        self.calls.append(("resume", channel))

    def step(self, channel: str, until: type) -> None:
        self.calls.append(("step", channel))

    def close(self) -> None:
        for channel in list(self.tasks):
            self._drop(channel)
