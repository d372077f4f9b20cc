"""A progress bar for training: on a terminal only, silent in a pipe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from odeplayground.cli.learning import OnEvent
from odeplayground.spec import Epoch, Stage, TrainEvent, TrainNote


@contextmanager
def training_progress(epochs: int, *, quiet: bool = False) -> Iterator[OnEvent]:
    """Yields the function that hears the events. The bar goes to stderr, so that stdout stays clean."""
    console = Console(stderr=True, highlight=False)
    if quiet or not console.is_terminal:
        yield lambda _event: None
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[losses]}", markup=False),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("training", total=epochs, losses="")

        def hear(event: TrainEvent) -> None:
            match event:
                case Epoch():
                    losses = f"loss {event.loss:.2e}, held out {event.held_out:.2e}"
                    progress.update(task, completed=event.epoch, losses=losses)
                case Stage():
                    progress.update(task, description=event.name)
                case TrainNote():
                    console.print(event.message, markup=False)

        yield hear
