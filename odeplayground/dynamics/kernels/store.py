"""Kernels that were made before, and better ones in the making.

The first kernel of a system is compiled quickly; when it was wanted a few times, an optimised one is made in the
background and takes its place. Kernels depend on the equations and the method only, so that no slider and no starting
point ever compiles anything. Whoever runs a kernel holds it: one that is replaced or dropped lives until its last run
ends.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial

from odeplayground.dynamics.kernels.alone import Alone
from odeplayground.dynamics.kernels.compile import Level
from odeplayground.dynamics.kernels.equations import Equations
from odeplayground.dynamics.kernels.forks import Lock, in_child
from odeplayground.dynamics.kernels.network.calls import calls_networks
from odeplayground.dynamics.kernels.program import Kernel, make_kernel, make_narrow_kernel
from odeplayground.dynamics.kernels.tableaus.form import Explicit, Rosenbrock, Tableau
from odeplayground.dynamics.kernels.workshop import Workshop

MOST = 48
"""So many kernels are kept, those that were used last."""
WORTH_IT = 4
"""A kernel that was wanted so often is worth the work of optimising it."""
MOST_NODES = 1000
"""Of all tapes together, to be optimised: half a second of work. One kernel is compiled at a time, and an edited
equation must not wait for longer."""
MOST_STATES = {Explicit: 60, Rosenbrock: 12}
"""The same for the steps, which Rosenbrock methods write out with matrices."""


class Wanted:
    """Equations and a method. Keep it: its hash is computed once."""

    def __init__(self, equations: Equations, tableau: Tableau) -> None:
        self.equations, self.tableau = equations, tableau
        self._hash = hash((equations, tableau.name))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Wanted) and (
            self is other or (self.tableau.name == other.tableau.name and self.equations == other.equations)
        )


def quickly_optimised(wanted: Wanted) -> bool:
    """Whether optimising takes half a second at most, so that others can wait for it."""
    equations = wanted.equations
    tapes = [tape for tape in (equations.rhs, equations.linear, equations.events) if tape is not None]
    nodes = sum(len(tape.nodes) for tape in tapes)
    return nodes <= MOST_NODES and equations.n_states <= MOST_STATES[type(wanted.tableau)]


@dataclass(eq=False)
class _Entry:
    lock: Lock = field(default_factory=Lock)
    kernel: Kernel | None = None
    uses: int = 0


class Store:
    """Kernels by equations and method. Any thread may ask."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._entries: OrderedDict[Wanted, _Entry] = OrderedDict()

    def kernel(self, wanted: Wanted) -> Kernel:
        """The best kernel there is; made quickly if there is none."""
        entry = self._entry(wanted)
        with entry.lock:  # a second thread that wants the same waits instead of compiling it twice
            if entry.kernel is None:
                quick = make_kernel(wanted.equations, wanted.tableau, Level.QUICK)
                entry.kernel = replace(quick, alone=_alone(wanted))
            entry.uses += 1
            kernel, improve = entry.kernel, entry.uses == WORTH_IT and quickly_optimised(wanted)
        if improve:
            _workshop().submit(partial(_improve, entry, wanted))
        return kernel

    def _entry(self, wanted: Wanted) -> _Entry:
        with self._lock:
            entry = self._entries.get(wanted)
            if entry is None:
                entry = self._entries[wanted] = _Entry()
                if len(self._entries) > MOST:
                    self._entries.popitem(last=False)
            else:
                self._entries.move_to_end(wanted)
            return entry


def _improve(entry: _Entry, wanted: Wanted) -> None:
    kernel = make_kernel(wanted.equations, wanted.tableau, Level.OPTIMISED)
    with entry.lock:
        before = entry.kernel
        entry.kernel = replace(kernel, alone=None if before is None else before.alone)


def _alone(wanted: Wanted) -> Alone | None:
    if not quickly_optimised(wanted) or calls_networks(wanted.equations.rhs):
        return None
    return Alone(partial(make_narrow_kernel, wanted.equations, wanted.tableau), in_background)


@lru_cache(maxsize=1)
def _workshop() -> Workshop:
    return Workshop()


in_child(_workshop.cache_clear)  # threads stay behind


@lru_cache(maxsize=1)
def store() -> Store:
    """The one of this process."""
    return Store()


def in_background(work: Callable[[], object]) -> None:
    """Have this done by the workshop, after what is in the making there."""
    _workshop().submit(work)


def wait_for_workshop() -> None:
    """Wait until all kernels that are in the making are there. For measurements and tests."""
    _workshop().wait()
