"""From numpy to the drivers and back."""

from __future__ import annotations

import _thread
import dataclasses
import gc
import signal
import threading
import time

import numpy as np
import pytest

from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.kernels import calling, run
from odeplayground.dynamics.kernels.arguments_block import address_of
from odeplayground.dynamics.kernels.batch import Batch, Result
from odeplayground.dynamics.kernels.run import solve, solve_with_trails
from tests.unit.dynamics.kernels.driving import batch, kernel
from tests.unit.dynamics.systems import PENDULUM

ROWS = np.random.default_rng(0).uniform(-2, 2, (200, 2))
VALUES = np.array(PENDULUM.values, dtype=float)


def plain(rows=ROWS, **settings):
    return solve(kernel(PENDULUM), batch(PENDULUM, (0, 3), rows, **settings))


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_any_number_of_threads_gives_the_same(threads, monkeypatch):
    times = np.linspace(0, 3, 20)
    monkeypatch.setattr(run, "_threads", lambda: 1)
    alone = plain(times=times)
    monkeypatch.setattr(run, "_threads", lambda: threads)
    for _ in range(3):
        result = plain(times=times)
        np.testing.assert_array_equal(result.rows, alone.rows)
        np.testing.assert_array_equal(result.samples, alone.samples)


def test_crossings_do_not_depend_on_the_threads(monkeypatch):
    found = []
    for threads in (1, 3):
        monkeypatch.setattr(run, "_threads", lambda threads=threads: threads)
        found.append(solve_with_trails(kernel(PENDULUM), batch(PENDULUM, (0, 3), ROWS))[1].records)
    np.testing.assert_array_equal(*found)


@pytest.mark.parametrize(
    "arrange",
    [
        lambda y: y.T,
        lambda y: np.ascontiguousarray(y.T),
        lambda y: np.repeat(y.T, 3, axis=1)[:, ::3],
        lambda y: np.asfortranarray(y.T)[::-1][::-1],
    ],
    ids=["rows", "columns", "every third", "turned twice"],
)
def test_arrays_may_lie_in_memory_as_they_like(arrange):
    y0 = arrange(ROWS.copy())
    y0.flags.writeable = False
    result = solve(kernel(PENDULUM), Batch(y0, 0.0, 3.0, VALUES))
    np.testing.assert_array_equal(result.rows, plain().rows)


def test_parameters_per_trajectory_in_both_orders():
    values = VALUES[:, None] * np.linspace(0.5, 2, 200)
    first = solve(kernel(PENDULUM), Batch(ROWS.T, 0.0, 3.0, values))
    second = solve(kernel(PENDULUM), Batch(ROWS.T, 0.0, 3.0, np.asfortranarray(values)))
    np.testing.assert_array_equal(first.rows, second.rows)
    single = solve(kernel(PENDULUM), Batch(ROWS[150:151].T, 0.0, 3.0, values[:, 150].copy()))
    np.testing.assert_array_equal(single.rows[0], first.rows[150])


def test_numbers_and_arrays_mean_the_same():
    m = len(ROWS)
    arrays = Batch(
        ROWS.T,
        np.zeros(m),
        np.full(m, 3.0),
        VALUES,
        rtol=np.full(m, 1e-6),
        atol=np.full((2, 1), 1e-9),
        limit=np.full(m, 1e12),
    )
    np.testing.assert_array_equal(solve(kernel(PENDULUM), arrays).rows, plain().rows)


def test_whole_numbers_are_numbers():
    result = solve(kernel(PENDULUM), Batch(ROWS.T, 0, 3, VALUES, rtol=1e-6, atol=1e-9))
    np.testing.assert_array_equal(result.rows, plain().rows)


def test_other_types_of_arrays_are_refused():
    with pytest.raises(ValueError, match="float64"):
        solve(kernel(PENDULUM), Batch(np.ones((2, 3), dtype=np.int64), 0.0, 3.0, VALUES))


WHOLE, WRONG = np.ones(200, dtype=np.int64), np.ones(7)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        *(({name: WHOLE}, "float64") for name in ("t0", "t1", "rtol", "step", "limit", "times")),
        ({"atol": np.ones((2, 1), dtype=np.float32)}, "float64"),
        ({"box": (np.zeros((2, 1)), np.ones((2, 1), dtype=np.int64))}, "float64"),
        *(({name: WRONG}, "shape") for name in ("t0", "t1", "rtol", "step", "limit", "atol")),
        ({"times": np.zeros((2, 2))}, "shape"),
        ({"atol": np.ones((1, 1))}, "shape"),
        ({"box": (np.zeros((2, 1)), np.ones((2, 7)))}, "shape"),
        ({"parameters": np.ones((3, 7))}, "shape"),
        ({"cancel": np.zeros(1)}, "int64"),
    ],
)
def test_no_array_reaches_machine_code_that_does_not_fit(settings, sentence):
    task = {"y0": ROWS.T, "t0": 0.0, "t1": 3.0, "parameters": VALUES} | settings
    with pytest.raises(ValueError, match=sentence):
        solve(kernel(PENDULUM), Batch(**task))


@pytest.fixture
def ctrl_c():
    """Python's own answer to Ctrl-C: a process that a shell started in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("count", [1, 200], ids=["alone", "on several threads"])
@pytest.mark.parametrize("recording", [False, True])
def test_an_interrupt_reaches_machine_code(count, recording, ctrl_c):
    """Fixed steps without an end in sight, though few enough to be written down."""
    driver = kernel(PENDULUM, "rk4")
    task = batch(PENDULUM, (0, 1), ROWS[:count], step=1e-30, max_steps=10**12)
    task = dataclasses.replace(task, times=np.array([1.0]))
    timer = threading.Timer(0.1, _thread.interrupt_main)
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 -- it may come at once
        timer.start()
        solve_with_trails(driver, task, steps=recording)
    timer.join()
    task = batch(PENDULUM, (0, 1), ROWS[:count], step=0.1)
    assert (solve(driver, task).endings == Ending.FINISHED).all()


def test_pauses_change_nothing(monkeypatch):
    expected, trails = solve_with_trails(kernel(PENDULUM), batch(PENDULUM, (0, 30), ROWS[:9]))
    monkeypatch.setattr(calling, "ROUNDS", 0)
    result, found = solve_with_trails(kernel(PENDULUM), batch(PENDULUM, (0, 30), ROWS[:9]))
    np.testing.assert_array_equal(result.rows, expected.rows)
    np.testing.assert_array_equal(found.records, trails.records)


def test_no_thread_goes_on_after_an_error(monkeypatch):
    monkeypatch.setattr(run, "_threads", lambda: 3)
    task = batch(PENDULUM, (0, 1), ROWS, step=1e-30, max_steps=10**12)
    cancel = np.zeros(1, dtype=np.int64)
    running = []

    def call(self):
        if threading.current_thread() is threading.main_thread():
            while not running:
                time.sleep(0.001)
            raise MemoryError
        running.append(self)
        original(self)
        running.remove(self)

    original = run._Call.run
    monkeypatch.setattr(run._Call, "run", call)
    with pytest.raises(MemoryError):
        solve(kernel(PENDULUM, "rk4"), dataclasses.replace(task, cancel=cancel))
    assert not running


def test_no_part_of_the_trajectories():
    task = batch(PENDULUM, (0, 3), ROWS)
    result = solve(kernel(PENDULUM), task, Result.of(task), np.flatnonzero(np.zeros(200)))
    assert not result.endings.any()


def test_a_part_of_the_trajectories():
    task = batch(PENDULUM, (0, 3), ROWS)
    lanes = np.array([3, 199, 50])
    result = solve(kernel(PENDULUM), task, Result.of(task), lanes)
    assert np.count_nonzero(result.endings) == 3
    np.testing.assert_array_equal(result.rows[lanes], plain().rows[lanes])
    np.testing.assert_array_equal(np.flatnonzero(result.evaluations), np.sort(lanes))


def test_a_second_call_begins_from_nothing():
    """Working memory is used again; nothing of the last call may show."""
    driver = kernel(PENDULUM)
    solve(driver, batch(PENDULUM, (0, 3), [np.nan, np.nan]))
    first = solve(driver, batch(PENDULUM, (0, 3), ROWS[:5]))
    solve_with_trails(driver, batch(PENDULUM, (0, 1), ROWS[5:90]))
    np.testing.assert_array_equal(first.rows, solve(driver, batch(PENDULUM, (0, 3), ROWS[:5])).rows)


def test_kernels_are_let_go():
    """One of its own, so that no other test holds it."""
    import weakref

    driver = kernel.__wrapped__(PENDULUM, "euler")
    solve(driver, batch(PENDULUM, (0, 1), ROWS, step=0.1))
    watch = weakref.ref(driver)
    del driver
    # A thread of the pool wakes us before it lets go of its last work.
    for _ in range(1000):
        gc.collect()
        if watch() is None:
            break
        time.sleep(0.01)
    assert watch() is None


@pytest.mark.parametrize("array", [np.zeros(3), np.zeros((4, 2))[:, 1], np.zeros((2, 0)), np.zeros(5, dtype=np.int64)])
def test_addresses(array):
    assert address_of(array) == array.ctypes.data
