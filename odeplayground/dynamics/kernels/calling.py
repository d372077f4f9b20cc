"""What every call of a driver wants: working memory, and to be asked now and then whether to go on."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from odeplayground.dynamics.kernels.work import Memory

if TYPE_CHECKING:
    from odeplayground.dynamics.kernels.program import Kernel

ROUNDS = 4000
"""On the main thread Python is asked after so many rounds of steps (fewer with more states) whether to go on: machine
code hears of no signal. They take milliseconds, and asking takes a microsecond."""


def take_memory(kernel: Kernel) -> Memory:
    """One that another call has left, or a new one."""
    try:
        return kernel.memories.pop()
    except IndexError:
        return Memory(kernel.doubles, kernel.width)


def pause_of(kernel: Kernel) -> int:
    """After how many rounds of steps this thread has to look for signals; 0: never."""
    pausing = threading.current_thread() is threading.main_thread()
    return 2 + ROUNDS // kernel.equations.n_states if pausing else 0
