"""Whatever is solved ends with a status and a sentence."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odeplayground import dynamics, expr
from odeplayground.dynamics.kernels import store
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import Method, Status
from tests.unit.dynamics.systems import typed
from tests.unit.expr.strategies import system_texts

NATIVE = [method for method in Method if method not in (Method.LSODA, Method.RADAU, Method.BDF)]
NASTY = [0.0, -0.0, 1.0, -1.0, 1e-308, -1e300, 1e30, 2.0**0.5]

spans = st.tuples(st.sampled_from(NASTY), st.sampled_from([1.0, -1.0, 1e-12, -100.0, 1e6]))


def check(solved: dynamics.Ensemble, end: float) -> None:
    """What every ensemble has to be like."""
    assert all(isinstance(status, Status) for status in solved.status)
    assert all(message.endswith(".") for message in solved.messages)
    assert np.isfinite(solved.y_stop[solved.status == Status.FINISHED]).all()
    finished = np.array([status is Status.FINISHED for status in solved.status], dtype=bool)
    assert (solved.t_stop[finished] == end).all()


# Explaining failures would trace every line, which takes ten times as long.
@settings(max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(system_texts(), st.sampled_from(NATIVE), spans, st.data())
def test_any_system_from_anywhere_with_any_method(text, method, span, data):
    system = expr.parse(text).system
    if system is None:
        return
    n = len(system.states)
    starts = np.array(data.draw(st.lists(st.lists(st.sampled_from(NASTY), min_size=n, max_size=n), max_size=20)))
    begin, length = span
    end = begin + length
    if end == begin:
        return
    times = [begin, begin + length / 2, end]
    given_all = {"t_span": (begin, end), "method": method, "max_steps": 300, "t_eval": times}
    solved = dynamics.simulate_many(system, starts.reshape(-1, n), **given_all)
    check(solved, end)
    for lane in range(min(2, len(starts))):
        alone = dynamics.simulate(system, (begin, end), starts[lane], method=method, max_steps=300, t_eval=times)
        assert alone.status is solved.status[lane]
        assert alone.message == solved.messages[lane]
        reached = alone.y.shape[1]
        np.testing.assert_array_equal(alone.y, solved.y[lane, :, :reached])


@pytest.mark.parametrize("method", ["euler", "auto", "rodas4"])
def test_a_hundred_equations(method):
    # Heat in a rod, whose slowest mode is known.
    n = 100
    names = ["0", *(f"u{i}" for i in range(n)), "0"]
    lines = [f"{names[i]}' = {names[i - 1]} - 2*{names[i]} + {names[i + 1]}" for i in range(1, n + 1)]
    mode = np.sin(np.pi * np.arange(1, n + 1) / (n + 1))
    solution = dynamics.simulate(typed("\n".join(lines)), (0.0, 5.0), mode, method=method, t_eval=[5.0], step=0.05)
    rate = 4 * np.sin(np.pi / (2 * (n + 1))) ** 2
    assert solution.status is Status.FINISHED
    np.testing.assert_allclose(solution.y[:, 0], mode * np.exp(-5.0 * rate), rtol=1e-3)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("x' = 0*y\ny' = 0*x", (1.0, 2.0), (1.0, 2.0)),  # a Jacobian of zeros
        ("x' = y - x\ny' = x - y", (1.0, 3.0), (2.0, 2.0)),  # a singular one
        ("x' = 1e8*(y - x)\ny' = 1e8*(x - y)", (1.0, 3.0), (2.0, 2.0)),
    ],
)
def test_singular_jacobians(text, start, end):
    for method in ("rodas4", "auto"):
        solution = dynamics.simulate(typed(text), (0.0, 100.0), start, method=method)
        assert solution.status is Status.FINISHED
        np.testing.assert_allclose(solution.y[:, -1], end, atol=1e-5)


def test_kernels_are_replaced_while_others_run(monkeypatch):
    monkeypatch.setattr(store, "MOST", 2)
    starts = np.random.default_rng(1).normal(size=(64, 2))
    systems = [typed(f"x' = y\ny' = -{k}*x - 0.1*y") for k in range(1, 6)]
    wanted = [dynamics.simulate_many(system, starts, t_span=(0.0, 20.0)).y for system in systems]
    failures: list[object] = []

    def keep_solving(first: int) -> None:
        for turn in range(12):  # often enough to be optimised in between, and thrown out by the others
            k = (first + turn) % len(systems)
            found = dynamics.simulate_many(systems[k], starts, t_span=(0.0, 20.0)).y
            if not np.array_equal(found, wanted[k]):
                failures.append(k)

    threads = [threading.Thread(target=keep_solving, args=(first,)) for first in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.wait_for_workshop()
    assert not failures


def test_cancelling_at_any_moment():
    system = typed("x' = v\nv' = mu*(1 - x^2)*v - x\nmu = 200")
    starts = np.random.default_rng(2).uniform(-2.0, 2.0, (100, 2))
    times = np.linspace(0.0, 1000.0, 50)
    whole = dynamics.simulate_many(system, starts, None, (0.0, 1000.0), times)
    check(whole, 1000.0)
    for seconds in np.linspace(0.0, 0.02, 12):
        token = CancelToken()
        timer = threading.Timer(seconds, token.cancel)
        timer.start()
        stopped = dynamics.simulate_many(system, starts, None, (0.0, 1000.0), times, cancel=token)
        timer.join()
        check(stopped, 1000.0)
        there = np.isfinite(stopped.y)
        np.testing.assert_array_equal(stopped.y[there], whole.y[there])
        assert set(stopped.status) <= {Status.CANCELLED, Status.FINISHED}
