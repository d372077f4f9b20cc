"""Lyapunov exponents: at which rates neighbouring trajectories separate."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from odeplayground.dynamics import arguments
from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.fields import BoundField, field_of
from odeplayground.dynamics.simulate import simulate, simulate_many
from odeplayground.dynamics.solution import Solution
from odeplayground.dynamics.variational import gauss_times, propagators
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import AnySystem, Status

TRAJECTORIES = 16
NEARBY = 1e-6
"""How far from each other the trajectories start, relative to how far the transient reached."""
PIECES = 4
"""Between two orthogonalisations the variational equation is solved in so many pieces."""
TURN = 1.2
"""Time between two orthogonalisations, in units of the reciprocal norm of the Jacobian."""
UNSETTLED = 0.2
"""This share of the time the directions are given to settle."""
BLOCKS = 40
"""Progress is told so many times."""
AT_ONCE = 2048
"""So many intervals, of all trajectories together, lie between two looks at the cancel token."""
HISTORY = 400
"""The most points of the running estimates."""
MOST = 3_000_000
"""More orthogonalisations than this are refused: the system is too stiff for an explicit method."""


class Lyapunov(msgspec.Struct, frozen=True, eq=False):
    """The spectrum of exponents and how it settled."""

    exponents: Floats
    """(n_states,), descending, per unit of time; NaN if nothing was computed."""
    error: Floats
    """(n_states,): the standard error by the scatter between the trajectories or, if that is more, by how much the
    estimate still changed in the last half of the time. The latter alone where there is one trajectory."""
    t: Floats
    """Time per trajectory after which the running estimates hold, (k,)."""
    history: Floats
    """Running estimates, (n_states, k)."""
    status: Status
    message: str

    @property
    def dimension(self) -> float:
        """The dimension of the attractor after Kaplan and Yorke (1979); NaN where it is not defined."""
        total = np.cumsum(self.exponents)
        if not np.isfinite(total).all() or not total.size:
            return float("nan")
        # An exponent that is zero up to its error is zero.
        upto = int((total >= -3 * np.cumsum(self.error) - 1e-9).sum())
        if upto == 0:
            return 0.0
        if upto == total.size:
            return float(upto)
        return float(upto + max(total[upto - 1], 0.0) / abs(self.exponents[upto]))

    def __repr__(self) -> str:
        values = ", ".join(
            f"{value:.4g} +- {error:.2g}" for value, error in zip(self.exponents, self.error, strict=True)
        )
        return f"<Lyapunov {values}. {self.message}>"


def lyapunov(
    system: AnySystem,
    initial: Mapping[str, float] | ArrayLike | None = None,
    parameters: Mapping[str, float] | None = None,
    *,
    time: float | None = None,
    transient: float | None = None,
    trajectories: int = TRAJECTORIES,
    rtol: float = 1e-8,
    on_progress: Callable[[float], object] | None = None,
    cancel: CancelToken | None = None,
) -> Lyapunov:
    """The spectrum of Lyapunov exponents along a trajectory.

    G. Benettin, L. Galgani, A. Giorgilli and J.-M. Strelcyn, Lyapunov characteristic exponents for smooth dynamical
    systems, Meccanica 15 (1980) 9-30: deviations follow the variational equation with the exact Jacobian and are made
    orthogonal again and again; the exponents are the mean rates at which they grew. Here the growth is that of the
    diagonal of QR decompositions (Eckmann and Ruelle, Rev. Mod. Phys. 57 (1985) 617, section V.C).

    The time is divided among several trajectories that start close to points of the last half of the transient, and
    go on for as long as it before they count: on a strange attractor they go different ways by then. The mean over
    each has weights that vanish at both ends (S. Das et al., Quantitative quasiperiodicity, Nonlinearity 30 (2017)
    4111), so that what happens there does not matter; the running estimates are plain means.

    Where deviations grow like a power of the time, as in conservative systems that are not chaotic, an estimate falls
    to zero like log(T) / T in the time T of each trajectory. All trajectories share that; it shows when the estimate
    after T is compared with that after T / 2, and the error holds it.

    Args:
        system: typed equations or a trained network.
        initial: the state at the begin, as for :func:`simulate`.
        parameters: values that replace the system's own, by name.
        time: over which to average, all trajectories together; by default 30 times the system's own time span.
        transient: time before, to come to the attractor; by default the system's own time span.
        trajectories: 1 for one long trajectory, which takes longer.
        rtol: relative tolerance along the trajectories.
        on_progress: called now and then with the share that is done.
        cancel: looked at now and then; the estimate by then is given.

    Raises:
        ValueError: if an argument is wrong, or if the system is too stiff.
    """
    span = abs(system.t_span[1] - system.t_span[0])
    total = _positive("time", 30 * span if time is None else time)
    before = _positive("transient", span if transient is None else transient)
    if not (isinstance(trajectories, int | np.integer) and trajectories > 0):
        raise ValueError("trajectories has to be a positive whole number.")
    t0 = system.t_span[0]
    first = simulate(system, (t0, t0 + before), initial, parameters, rtol=rtol, cancel=cancel)
    if first.status is not Status.FINISHED:
        return _nothing(len(system.states), first.status, first.message)
    starts = _scattered(first, int(trajectories), t0 + before / 2)
    mixed = simulate_many(system, starts, parameters, (t0 + before, t0 + 2 * before), rtol=rtol, cancel=cancel)
    for status, message in zip(mixed.status, mixed.messages, strict=True):
        if status is not Status.FINISHED:
            return _nothing(len(system.states), status, message)
    walk = _Walk(system, parameters, first.y, mixed.y, t0 + 2 * before, total / trajectories, rtol)
    with np.errstate(all="ignore"):
        for share in walk.blocks(cancel):
            if on_progress is not None:
                on_progress(share)
        return walk.result()


class _Walk:
    """Some trajectories, followed block by block, with an orthogonal frame each."""

    def __init__(
        self,
        system: AnySystem,
        parameters: Mapping[str, float] | None,
        path: Floats,
        starts: Floats,
        t: float,
        time: float,
        rtol: float,
    ) -> None:
        self._system, self._parameters, self._rtol = system, parameters, rtol
        self._y, self._t = starts, t
        self._m, self._n = m, n = starts.shape
        self._field: BoundField = field_of(system).bind(arguments.parameter_values(system, parameters))
        self._interval = min(TURN / _norm(self._field, t, path), time / (4 * BLOCKS))
        self._count = max(1, round(time / self._interval / BLOCKS))
        if self._count * BLOCKS * m > MOST:
            raise ValueError("The system is too stiff for so long a time: its fastest rates ask for too many steps.")
        self._frames = np.repeat(np.eye(n)[None], m, axis=0)
        self._growth = [np.empty((0, m, n))]
        self._status, self._message = Status.FINISHED, ""

    def blocks(self, cancel: CancelToken | None) -> Iterator[float]:
        """Go on block by block; gives the share that is done."""
        for number in range(BLOCKS):
            if not self._block(cancel):
                return
            yield (number + 1) / BLOCKS

    def _block(self, cancel: CancelToken | None) -> bool:
        """Follow the trajectories over one block, and the frames over its intervals; whether that went well."""
        piece = self._interval / PIECES
        ends = np.linspace(self._t, self._t + self._count * self._interval, self._count * PIECES + 1)
        nodes = gauss_times(ends)
        ensemble = simulate_many(
            self._system,
            self._y,
            self._parameters,
            (ends[0], ends[-1]),
            np.append(nodes, ends[-1]),
            rtol=self._rtol,
            atol=self._rtol * 1e-3,
            cancel=cancel,
        )
        for status, message in zip(ensemble.status, ensemble.messages, strict=True):
            if status is not Status.FINISHED:
                self._status, self._message = status, message
                return False
        self._t, self._y = float(ends[-1]), ensemble.y[:, :, -1]
        per_interval = nodes.size // self._count
        length = per_interval * max(1, AT_ONCE // self._m)
        for begin in range(0, nodes.size, length):
            if cancel is not None and cancel.cancelled:
                self._status, self._message = Status.CANCELLED, "Stopped on request."
                return False
            part = slice(begin, min(begin + length, nodes.size))
            if not self._grow(nodes[part], ensemble.y[:, :, part], piece):
                self._status, self._message = Status.DIVERGED, "The variational equation has no finite solution."
                return False
        return True

    def _grow(self, nodes: Floats, states: Floats, piece: float) -> bool:
        """Let the frames grow over some intervals, with states (m, n, nodes); whether all is finite."""
        along = states.transpose(1, 0, 2).reshape(self._n, -1)
        factors = propagators(self._field, np.tile(nodes, self._m), along, piece)
        if not np.isfinite(factors).all():
            return False
        pieces = factors.reshape(self._m, -1, PIECES, self._n, self._n)
        whole = pieces[:, :, 0]
        for number in range(1, PIECES):
            whole = pieces[:, :, number] @ whole
        growth = np.empty((whole.shape[1], self._m, self._n))
        for k in range(whole.shape[1]):
            self._frames, triangle = np.linalg.qr(whole[:, k] @ self._frames)
            growth[k] = np.log(np.abs(np.diagonal(triangle, axis1=1, axis2=2)))
        self._growth.append(growth)
        return True

    def result(self) -> Lyapunov:
        """The mean rates of what was followed, without the time in which the frames settled."""
        everything = np.concatenate(self._growth)
        growth = _settled(everything)
        if not growth.shape[0]:
            return _nothing(self._n, self._status, self._message)
        t = self._interval * np.arange(1, growth.shape[0] + 1)
        running = growth.mean(axis=1).cumsum(axis=0).T / t
        each = self._rates(growth)
        mean = each.mean(axis=0)
        scatter = each.std(axis=0, ddof=1) / np.sqrt(self._m) if self._m > 1 else np.full(self._n, np.nan)
        error = np.fmax(scatter, np.abs(mean - self._rates(_settled(everything[: len(everything) // 2])).mean(axis=0)))
        order = np.argsort(-mean)
        shown = np.unique(np.linspace(0, t.size - 1, HISTORY).astype(np.int64))
        count = f"{self._m} trajectories" if self._m > 1 else "1 trajectory"
        message = self._message or f"Averaged over t = {t[-1] * self._m:.4g} in {count}."
        return Lyapunov(
            exponents=mean[order],
            error=error[order],
            t=t[shown],
            history=running[order][:, shown],
            status=self._status,
            message=message,
        )

    def _rates(self, growth: Floats) -> Floats:
        """The weighted mean rates (m, n_states) of growth (intervals, m, n_states); NaN where there is none."""
        size = growth.shape[0]
        weights = np.sin(np.pi * (np.arange(size) + 0.5) / size) ** 2
        rates: Floats = np.einsum("k,kmn->mn", weights, growth) / (weights.sum() * self._interval)
        return rates


def _settled(growth: Floats) -> Floats:
    """What there is after the first share of the time."""
    return growth[int(UNSETTLED * growth.shape[0]) :]


def _scattered(path: Solution, m: int, since: float) -> Floats:
    """States (m, n_states) close to a path after some time; the first is its end."""
    reach = np.maximum(np.ptp(path.y, axis=1), 1e-3 * np.abs(path.y).max(axis=1))
    random = np.random.default_rng(0).standard_normal((m, reach.size)) * (np.arange(m) > 0)[:, None]
    result: Floats = path(np.linspace(path.span[1], since, m, endpoint=False)).T + NEARBY * reach * random
    return result


def _norm(field: BoundField, t: float, path: Floats) -> float:
    """The usual size of the Jacobian along a path (n_states, k)."""
    matrices = field.jacobian(t, path).transpose(2, 0, 1)
    sizes = np.linalg.norm(matrices[np.isfinite(matrices).all(axis=(1, 2))], axis=(1, 2))
    return max(float(np.quantile(sizes, 0.8)), 1e-300) if sizes.size else 1e-300


def _nothing(n: int, status: Status, message: str) -> Lyapunov:
    return Lyapunov(np.full(n, np.nan), np.full(n, np.nan), np.empty(0), np.empty((n, 0)), status, message)


def _positive(name: str, value: float) -> float:
    number = arguments.number(f"The {name}", value)
    if number <= 0:
        raise ValueError(f"The {name} has to be a positive number.")
    return number
