"""Solving linear equations, one matrix per lane: Gaussian elimination with partial pivoting.

Rows are swapped where any lane wants it, with their multipliers, as in LAPACK's dgetrf. Of two equations the inverse is
formed instead.
"""

from __future__ import annotations

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Index, integer
from odeplayground.dynamics.kernels.draft import Frame
from odeplayground.dynamics.kernels.memory import Layout
from odeplayground.dynamics.kernels.steps.pair import write_inverse, write_product


def reserve_matrix(layout: Layout, n: int) -> None:
    """Working memory: the matrix row by row, reciprocals of the pivots, and which rows they came from."""
    layout.add("matrix", n * n)
    layout.add("reciprocals", n)
    layout.add("pivots", n)
    layout.add("swaps")


def write_elimination(frame: Frame) -> None:
    """Factorise the block ``matrix`` in place. A singular matrix leads to numbers that are not finite."""
    n = frame.draft.n_states
    if n == 2:
        write_inverse(frame)
        return
    frame.work.store_mask("swaps", frame.lanes.truth(False))
    frame.flow.each(n, lambda k: _eliminate(frame, k))


def write_solution(frame: Frame, block: str, row: int) -> None:
    """Replace the right-hand side, n vectors from ``row`` of the block on, by the solution."""
    n, lanes, work, flow = frame.draft.n_states, frame.lanes, frame.work, frame.flow
    if n == 2:
        write_product(frame, block, row)
        return
    with flow.when(lanes.any(work.load_mask("swaps"))):
        flow.each(n, lambda k: _swap_values(frame, k, block, row))

    def forwards(i: Index) -> None:
        total = flow.variable(work.load(block, i, row))

        def one(j: Index) -> None:
            total.value = lanes.fma(lanes.neg(_entry(frame, i, j)), work.load(block, j, row), total.value)

        flow.each(i, one)
        work.store(block, total.value, i, row)

    def backwards(below: Index) -> None:
        i = _minus(frame, n - 1, below)
        total = flow.variable(work.load(block, i, row))

        def one(j: Index) -> None:
            total.value = lanes.fma(lanes.neg(_entry(frame, i, j)), work.load(block, j, row), total.value)

        flow.each(n, one, start=_plus_one(frame, i))
        work.store(block, lanes.mul(total.value, work.load("reciprocals", i)), i, row)

    flow.each(n, forwards)
    flow.each(n, backwards)


def _eliminate(frame: Frame, k: Index) -> None:
    n, lanes, work, flow = frame.draft.n_states, frame.lanes, frame.work, frame.flow
    pivot = _find_pivot(frame, k)
    work.store("pivots", pivot, k)
    moved = lanes.compare("!=", pivot, _as_real(frame, k))
    with flow.when(lanes.any(moved)):
        work.store_mask("swaps", lanes.truth(True))
        flow.each(n, lambda i: _swap_rows(frame, k, i), start=_plus_one(frame, k))
    reciprocal = lanes.div(lanes.number(1.0), _entry(frame, k, k))
    work.store("reciprocals", reciprocal, k)

    def below(i: Index) -> None:
        factor = lanes.mul(_entry(frame, i, k), reciprocal)
        _set_entry(frame, i, k, factor)
        minus = lanes.neg(factor)

        def right(j: Index) -> None:
            _set_entry(frame, i, j, lanes.fma(minus, _entry(frame, k, j), _entry(frame, i, j)))

        flow.each(n, right, start=_plus_one(frame, k))

    flow.each(n, below, start=_plus_one(frame, k))


def _find_pivot(frame: Frame, k: Index) -> ir.Value:
    """Number of the row with the largest entry in column k, from row k on, as a double."""
    lanes, flow = frame.lanes, frame.flow
    largest = flow.variable(lanes.abs(_entry(frame, k, k)))
    pivot = flow.variable(_as_real(frame, k))

    def look(i: Index) -> None:
        size = lanes.abs(_entry(frame, i, k))
        larger = lanes.compare(">", size, largest.value)
        largest.value = lanes.select(larger, size, largest.value)
        pivot.value = lanes.select(larger, _as_real(frame, i), pivot.value)

    flow.each(frame.draft.n_states, look, start=_plus_one(frame, k))
    return pivot.value


def _swap_rows(frame: Frame, k: Index, i: Index) -> None:
    lanes = frame.lanes
    here = lanes.compare("==", frame.work.load("pivots", k), _as_real(frame, i))

    def swap(j: Index) -> None:
        above, below = _entry(frame, k, j), _entry(frame, i, j)
        _set_entry(frame, k, j, lanes.select(here, below, above))
        _set_entry(frame, i, j, lanes.select(here, above, below))

    # The multipliers left of column k move along, so that the solution can apply all swaps first.
    frame.flow.each(frame.draft.n_states, swap)


def _swap_values(frame: Frame, k: Index, block: str, row: int) -> None:
    lanes, work = frame.lanes, frame.work

    def swap(i: Index) -> None:
        here = lanes.compare("==", work.load("pivots", k), _as_real(frame, i))
        above, below = work.load(block, k, row), work.load(block, i, row)
        work.store(block, lanes.select(here, below, above), k, row)
        work.store(block, lanes.select(here, above, below), i, row)

    frame.flow.each(frame.draft.n_states, swap, start=_plus_one(frame, k))


def _place(frame: Frame, i: Index, j: Index) -> Index:
    n = frame.draft.n_states
    if isinstance(i, int) and isinstance(j, int):
        return i * n + j
    builder = frame.builder
    return builder.add(builder.mul(integer(i), integer(n)), integer(j))


def _entry(frame: Frame, i: Index, j: Index) -> ir.Value:
    return frame.work.load("matrix", _place(frame, i, j))


def _set_entry(frame: Frame, i: Index, j: Index, value: ir.Value) -> None:
    frame.work.store("matrix", value, _place(frame, i, j))


def _as_real(frame: Frame, i: Index) -> ir.Value:
    if isinstance(i, int):
        return frame.lanes.number(float(i))
    return frame.lanes.splat(frame.builder.sitofp(i, ir.DoubleType()))


def _plus_one(frame: Frame, i: Index) -> Index:
    return i + 1 if isinstance(i, int) else frame.builder.add(i, integer(1))


def _minus(frame: Frame, a: int, b: Index) -> Index:
    return a - b if isinstance(b, int) else frame.builder.sub(integer(a), b)
