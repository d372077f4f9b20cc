"""Background work without Qt: generators of events, a runner where the latest request wins, one mailbox."""

from odeplayground.jobs.cancel import CancelToken
from odeplayground.jobs.mailbox import Mailbox
from odeplayground.jobs.messages import Body, Cancelled, Done, Failed, Message, Progress
from odeplayground.jobs.runner import InlineRunner, Job, JobFactory, Runner, ThreadRunner

__all__ = [
    "Body",
    "CancelToken",
    "Cancelled",
    "Done",
    "Failed",
    "InlineRunner",
    "Job",
    "JobFactory",
    "Mailbox",
    "Message",
    "Progress",
    "Runner",
    "ThreadRunner",
]
