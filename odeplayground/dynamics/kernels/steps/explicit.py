"""A step of an explicit Runge-Kutta method (Hairer, Norsett, Wanner, Solving ODEs I, 2nd ed., II.1 to II.6)."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Index
from odeplayground.dynamics.kernels.draft import Frame
from odeplayground.dynamics.kernels.equations import evaluate
from odeplayground.dynamics.kernels.memory import Layout
from odeplayground.dynamics.kernels.tableaus.form import Explicit


class ExplicitStep:
    """Stage 0 is the block ``slope``; the block ``stages`` holds the others, a row of states per stage."""

    def __init__(self, tableau: Explicit) -> None:
        self.tableau = tableau

    @property
    def last(self) -> int:
        """Number of the stage that is the slope at the end."""
        return len(self.tableau.b)

    def reserve(self, layout: Layout, n_states: int) -> None:
        layout.add("stages", (self.last + len(self.tableau.extra_a)) * n_states)
        layout.add("ahead", n_states)

    def write_attempt(self, frame: Frame) -> None:
        tableau, work = self.tableau, frame.work
        for i, (weights, node) in enumerate(zip(tableau.a, tableau.c[1:], strict=True), start=1):
            self._move(frame, weights, "ahead")
            self._evaluate(frame, i, self._time(frame, node), "ahead")
        self._move(frame, tableau.b, "y_new")
        self._evaluate(frame, self.last, work.load("t_new"), "y_new")

    def write_error(self, frame: Frame, j: Index) -> list[ir.Value]:
        used = frame.work.load("used")
        stages = self._stages(frame, j, self.last + 1)
        return [frame.lanes.mul(used, frame.weighted(row, stages)) for row in self.tableau.error]

    def write_pieces(self, frame: Frame) -> None:
        tableau = self.tableau
        for i, (weights, node) in enumerate(zip(tableau.extra_a, tableau.extra_c, strict=True), start=self.last + 1):
            self._move(frame, weights, "ahead")
            self._evaluate(frame, i, self._time(frame, node), "ahead")
        n_stages = self.last + 1 + len(tableau.extra_a)
        frame.flow.each(frame.draft.n_states, lambda j: self._write_pieces_of(frame, j, n_stages))

    def _write_pieces_of(self, frame: Frame, j: Index, n_stages: int) -> None:
        """Hermite's cubic polynomial in nested form, and what the method adds to it."""
        lanes, work, n = frame.lanes, frame.work, frame.draft.n_states
        h = work.load("used")
        stages = self._stages(frame, j, n_stages)
        y = work.load("y", j)
        rise = lanes.sub(work.load("y_new", j), y)
        bend = lanes.sub(lanes.mul(h, stages[0]), rise)
        turn = lanes.sub(lanes.sub(rise, lanes.mul(h, stages[self.last])), bend)
        further = [lanes.mul(h, frame.weighted(row, stages)) for row in self.tableau.dense]
        for row, piece in enumerate([y, rise, bend, turn, *further]):
            work.store("pieces", piece, j, row * n)

    def write_slope(self, frame: Frame, j: Index) -> ir.Value | None:
        return self._stage(frame, self.last, j)

    def write_end_difference(self, frame: Frame, j: Index) -> tuple[ir.Value, ir.Value]:
        """How far the last stage lies from the new state, and their slopes: both lie at the end of the step."""
        lanes, work = frame.lanes, frame.work
        apart = lanes.sub(work.load("y_new", j), work.load("ahead", j))
        rise = lanes.sub(self._stage(frame, self.last, j), self._stage(frame, self.last - 1, j))
        return apart, rise

    def _stage(self, frame: Frame, i: int, j: Index) -> ir.Value:
        if i == 0:
            return frame.work.load("slope", j)
        return frame.work.load("stages", j, (i - 1) * frame.draft.n_states)

    def _stages(self, frame: Frame, j: Index, count: int) -> list[ir.Value]:
        return [self._stage(frame, i, j) for i in range(count)]

    def _move(self, frame: Frame, weights: Sequence[float], target: str) -> None:
        """Go from y by h times the weighted sum of the first stages.

        The last of them comes last, since nothing else has to wait for it.
        """
        lanes, work = frame.lanes, frame.work
        used = work.load("used")
        *kept, last = [i for i, weight in enumerate(weights) if weight]
        last_weight = lanes.mul(lanes.number(weights[last]), used)

        def of_state(j: Index) -> None:
            place = work.load("y", j)
            if kept:
                total = frame.weighted([weights[i] for i in kept], [self._stage(frame, i, j) for i in kept])
                place = lanes.fma(used, total, place)
            work.store(target, lanes.fma(last_weight, self._stage(frame, last, j), place), j)

        frame.flow.each(frame.draft.n_states, of_state)

    def _time(self, frame: Frame, node: float) -> ir.Value:
        work = frame.work
        return frame.lanes.fma(frame.lanes.number(node), work.load("used"), work.load("t"))

    def _evaluate(self, frame: Frame, i: int, t: ir.Value, states: str) -> None:
        work = frame.work
        target = work.address("stages", 0, (i - 1) * frame.draft.n_states)
        evaluate(frame, "rhs", t, work.address(states), target)
