"""A step of a Rosenbrock method, with the exact Jacobian and derivative by time (Hairer, Wanner, ODEs II, IV.7)."""

from __future__ import annotations

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Index
from odeplayground.dynamics.kernels.draft import Frame
from odeplayground.dynamics.kernels.equations import evaluate
from odeplayground.dynamics.kernels.memory import Layout
from odeplayground.dynamics.kernels.steps.matrix import reserve_matrix, write_elimination, write_solution
from odeplayground.dynamics.kernels.tableaus.form import Rosenbrock


class RosenbrockStep:
    """The block ``stages`` holds a row of states per stage; ``linear`` the slopes, the Jacobian, and d/dt."""

    def __init__(self, tableau: Rosenbrock) -> None:
        self.tableau = tableau

    def reserve(self, layout: Layout, n_states: int) -> None:
        layout.add("stages", len(self.tableau.c) * n_states)
        layout.add("ahead", n_states)
        layout.add("linear", n_states * (n_states + 2))
        reserve_matrix(layout, n_states)

    def write_attempt(self, frame: Frame) -> None:
        work, n = frame.work, frame.draft.n_states
        evaluate(frame, "linear", work.load("t"), work.address("y"), work.address("linear"))
        frame.flow.each(n, lambda j: work.store("slope", work.load("linear", j), j))
        rate = frame.lanes.div(frame.lanes.number(1.0), work.load("used"))
        self._write_matrix(frame, rate)
        write_elimination(frame)
        for i in range(len(self.tableau.c)):
            self._write_stage(frame, i, rate)
        last = (len(self.tableau.c) - 1) * n
        frame.flow.each(
            n,
            lambda j: work.store("y_new", frame.lanes.add(work.load("ahead", j), work.load("stages", j, last)), j),
        )

    def write_error(self, frame: Frame, j: Index) -> list[ir.Value]:
        return [frame.work.load("stages", j, (len(self.tableau.c) - 1) * frame.draft.n_states)]

    def write_pieces(self, frame: Frame) -> None:
        n = frame.draft.n_states

        def of_state(j: Index) -> None:
            work = frame.work
            y = work.load("y", j)
            stages = [work.load("stages", j, i * n) for i in range(len(self.tableau.c))]
            further = [frame.weighted(row, stages) for row in self.tableau.dense]
            for row, piece in enumerate([y, frame.lanes.sub(work.load("y_new", j), y), *further]):
                work.store("pieces", piece, j, row * n)

        frame.flow.each(n, of_state)

    def write_slope(self, frame: Frame, j: Index) -> ir.Value | None:
        return None

    def _write_matrix(self, frame: Frame, rate: ir.Value) -> None:
        """I/(gamma h) - J."""
        lanes, work, n = frame.lanes, frame.work, frame.draft.n_states
        frame.flow.each(n * n, lambda place: work.store("matrix", lanes.neg(work.load("linear", place, n)), place))
        diagonal = lanes.mul(lanes.number(1 / self.tableau.gamma), rate)

        def add(i: Index) -> None:
            place = i * (n + 1) if isinstance(i, int) else frame.builder.mul(i, i.type(n + 1))
            work.store("matrix", lanes.add(work.load("matrix", place), diagonal), place)

        frame.flow.each(n, add)

    def _write_stage(self, frame: Frame, i: int, rate: ir.Value) -> None:
        tableau, lanes, work, n = self.tableau, frame.lanes, frame.work, frame.draft.n_states
        weights = tableau.a[i - 1] if i else ()
        feedback = tableau.g[i - 1] if i else ()

        def move(j: Index) -> None:
            earlier = [work.load("stages", j, k * n) for k in range(i)]
            work.store("ahead", lanes.add(frame.weighted(weights, earlier), work.load("y", j)), j)

        target = work.address("stages", 0, i * n)
        if i == 0:
            frame.flow.each(n, lambda j: work.store("stages", work.load("linear", j), j))
        else:
            frame.flow.each(n, move)
            t = lanes.fma(lanes.number(tableau.c[i]), work.load("used"), work.load("t"))
            evaluate(frame, "rhs", t, work.address("ahead"), target)

        def add(j: Index) -> None:
            earlier = [work.load("stages", j, k * n) for k in range(i)]
            value = lanes.fma(rate, frame.weighted(feedback, earlier), work.load("stages", j, i * n))
            if tableau.d[i]:
                step = lanes.mul(lanes.number(tableau.d[i]), work.load("used"))
                value = lanes.fma(step, work.load("linear", j, n * (n + 1)), value)
            work.store("stages", value, j, i * n)

        frame.flow.each(n, add)
        write_solution(frame, "stages", i * n)
