"""Processes that fork while kernels are made."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SCRIPT = """
import os, threading, warnings
import numpy as np
from odeplayground import dynamics, expr
from odeplayground.dynamics.kernels.store import WORTH_IT, wait_for_workshop
from odeplayground.expr import parse

def solve(k):
    system = parse(f"x' = -{k}*x + sin(x)\\nx(0) = 1").system
    return dynamics.simulate_many(system, np.ones((40, 1)), t_eval=[0.0, 1.0]).y

def keep_on():
    k = 3
    while not ended.is_set():
        for _ in range(WORTH_IT):
            solve(k)
        k += 1

warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons warn of forks beside threads
ended = threading.Event()
threads = [threading.Thread(target=keep_on) for _ in range(2)]
for thread in threads:
    thread.start()
expected = solve(2)
failed = False
for number in range(4):
    child = os.fork()
    if not child:
        same = all((solve(2) == expected).all() for _ in range(WORTH_IT))
        solve(1000 + number)
        wait_for_workshop()
        os._exit(not same)
    failed |= os.waitpid(child, 0)[1] != 0
ended.set()
for thread in threads:
    thread.join()
assert not failed
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Processes cannot fork here.")
def test_a_child_compiles_and_solves_whatever_the_threads_of_its_parent_were_doing() -> None:
    subprocess.run([sys.executable, "-c", SCRIPT], check=True, timeout=120)
