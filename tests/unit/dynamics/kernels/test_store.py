"""Kernels are made once, quickly first, and better ones take their place."""

from __future__ import annotations

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

from odeplayground import expr
from odeplayground.dynamics.kernels import store as stores
from odeplayground.dynamics.kernels.compile import CompileError, Level
from odeplayground.dynamics.kernels.equations import Equations
from odeplayground.dynamics.kernels.program import Kernel, equations_of, make_kernel
from odeplayground.dynamics.kernels.store import WORTH_IT, Store, Wanted, wait_for_workshop
from odeplayground.dynamics.kernels.tableaus.euler import EULER
from odeplayground.dynamics.kernels.tableaus.form import Rosenbrock, Tableau
from odeplayground.dynamics.kernels.tableaus.midpoint import MIDPOINT
from odeplayground.dynamics.kernels.tableaus.rodas4 import RODAS4
from tests.unit.dynamics.systems import typed


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Level]]:
    """Which kernels are compiled, as it happens."""
    seen: list[tuple[str, Level]] = []

    def spy(equations: Equations, tableau: Tableau, level: Level) -> Kernel:
        seen.append((tableau.name, level))
        return make_kernel(equations, tableau, level)

    monkeypatch.setattr(stores, "make_kernel", spy)
    return seen


def wanted(text: str = "x' = -a*x\na = 1\nx(0) = 1", tableau=EULER) -> Wanted:
    return Wanted(equations_of(expr.model(typed(text))), tableau)


def test_quick_first_optimised_when_wanted_often(made: list[tuple[str, Level]]) -> None:
    store, this = Store(), wanted()
    first = store.kernel(this)
    assert made == [("euler", Level.QUICK)]
    for _ in range(WORTH_IT - 1):
        assert store.kernel(this) is first
    wait_for_workshop()
    assert made == [("euler", Level.QUICK), ("euler", Level.OPTIMISED)]
    better = store.kernel(this)
    assert better is not first
    assert store.kernel(this) is better
    wait_for_workshop()
    assert len(made) == 2


def test_numbers_compile_nothing(made: list[tuple[str, Level]]) -> None:
    store = Store()
    one = store.kernel(wanted("x' = -a*x\na = 1 in [0, 2]\nx(0) = 1"))
    assert store.kernel(wanted("x' = -a*x\na = 5 in [0, 9]\nx(0) = 3")) is one
    store.kernel(wanted("x' = -a*x^2\na = 1\nx(0) = 1"))
    store.kernel(wanted(tableau=MIDPOINT))
    assert [level for _, level in made].count(Level.QUICK) == 3


def test_threads_that_want_the_same_wait_for_one_compilation(made: list[tuple[str, Level]]) -> None:
    store, this = Store(), wanted()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: store.kernel(this), range(2 * WORTH_IT)))
    wait_for_workshop()
    assert sorted(level for _, level in made) == [Level.OPTIMISED, Level.QUICK]


def coupled(n: int) -> str:
    rows = [f"x{i}' = x{(i + 1) % n} - a*x{i}\nx{i}(0) = 1" for i in range(n)]
    return "\n".join(["a = 1", *rows])


@pytest.mark.parametrize(("n", "tableau", "optimised"), [(30, EULER, True), (80, EULER, False), (30, RODAS4, False)])
def test_large_systems_are_not_optimised_since_an_edited_one_would_have_to_wait(
    made: list[tuple[str, Level]], n: int, tableau: Tableau, optimised: bool
) -> None:
    store = Store()
    model = expr.model(typed(coupled(n)))
    this = Wanted(equations_of(model, derivatives=isinstance(tableau, Rosenbrock)), tableau)
    for _ in range(2 * WORTH_IT):
        store.kernel(this)
    wait_for_workshop()
    assert [level for _, level in made] == [Level.QUICK, *[Level.OPTIMISED] * optimised]


def test_long_equations_are_not_optimised(made: list[tuple[str, Level]]) -> None:
    store = Store()
    terms = " + ".join(f"sin({k}*x)" for k in range(2, 600))
    this = wanted(f"x' = {terms}\nx(0) = 1")
    for _ in range(2 * WORTH_IT):
        store.kernel(this)
    wait_for_workshop()
    assert made == [("euler", Level.QUICK)]


def test_an_optimisation_that_fails_is_logged_and_the_quick_kernel_stays(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(equations: Equations, tableau: Tableau, level: Level) -> Kernel:
        if level is Level.OPTIMISED:
            raise CompileError("no")
        return make_kernel(equations, tableau, level)

    monkeypatch.setattr(stores, "make_kernel", failing)
    store, this = Store(), wanted()
    first = store.kernel(this)
    for _ in range(WORTH_IT):
        store.kernel(this)
    wait_for_workshop()
    assert "CompileError: no" in caplog.text
    assert store.kernel(this) is first


def test_what_was_not_used_for_long_is_dropped_but_not_from_who_holds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "MOST", 2)
    store, first = Store(), wanted()
    kernel = store.kernel(first)
    alive = weakref.ref(kernel)
    for tableau in (MIDPOINT, EULER):
        store.kernel(wanted("x' = x + 1\nx(0) = 1", tableau))
    gc.collect()
    assert alive() is kernel
    assert store.kernel(first) is not kernel
    del kernel
    gc.collect()
    assert alive() is None
