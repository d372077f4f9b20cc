"""How many floating-point operations a step takes, and how many the processors can do."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import numpy as np

from odeplayground import expr
from odeplayground.dynamics.kernels.compile import Level
from odeplayground.dynamics.kernels.features import host_features
from odeplayground.dynamics.kernels.program import draft_of, equations_of
from odeplayground.dynamics.kernels.steps.explicit import ExplicitStep
from odeplayground.dynamics.kernels.tableaus.tsit5 import TSIT5
from odeplayground.spec import System
from tests.benchmarks.clock import best

SIZE = 1500
_FUNCTION = re.compile(r'^define .*?@"?([\w.]+)"?\(')
_CALL = re.compile(r'call .*?@"?([\w.]+)"?\(')
_PLAIN = re.compile(r"= f(?:add|sub|mul|div) ")


def peak() -> float:
    """Billions of additions and multiplications per second of a product of matrices."""
    a = np.random.default_rng(0).random((SIZE, SIZE))
    return 2e-9 * SIZE**3 / best([lambda: a @ a], 5)[0]


def operations(system: System) -> int:
    """Additions and multiplications of one trajectory in one attempted step of Tsit5, for up to four states.

    Counted in the generated code, whose loops over so few states are written out.
    """
    step = ExplicitStep(TSIT5)
    draft = draft_of(equations_of(expr.model(system)), step, Level.OPTIMISED, host_features())
    own: Counter[str] = Counter()
    calls: defaultdict[str, Counter[str]] = defaultdict(Counter)
    name = ""
    for line in str(draft.module).splitlines():
        if found := _FUNCTION.match(line):
            name = found[1]
        own[name] += bool(_PLAIN.search(line))
        if found := _CALL.search(line):
            calls[name][found[1]] += 1

    def total(function: str) -> int:
        if function.startswith("llvm.fma"):
            return 2
        if function.startswith("far."):  # large angles, which do not occur here
            return 0
        return own[function] + sum(count * total(called) for called, count in calls[function].items())

    return total("attempt")
