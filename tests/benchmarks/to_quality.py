"""The damped pendulum from clean samples: seconds until the field is 1 % and the trajectory 0.01 off, for 8 seeds.

Processor time of the training alone, after a warm-up; looking at the fields is not counted. By default a training
starts from a least-squares fit of the field to the slopes of the smoothed samples, whatever its optimiser.
"""

from __future__ import annotations

import math
import time

import msgspec
import numpy as np

from odeplayground import dynamics, expr, neural
from odeplayground.jobs import CancelToken
from odeplayground.session import files
from odeplayground.session.training_job import training_job
from odeplayground.spec import AnySystem, Epoch, FieldUpdate, System, TrainSpec
from tests.benchmarks.row import Row

SEEDS = range(8)
GOAL = 0.01
REPEATS = 5
EQUATIONS = "x' = v; v' = -0.25*v - 5*sin(x); x(0) = 3.0415926; t in [0, 20]"
CONDITION = "pendulum, 100 clean samples, 2-32-2, to 1 % field and 0.01"


def run() -> list[Row]:
    neural.warm_up()
    return [
        _row("Levenberg-Marquardt", TrainSpec(optimiser="marquardt", epochs=80), 0.1),
        _row("Adam, native discrete adjoint", TrainSpec(gradient="discrete"), 1.0),
        _row("Adam, algorithm 2", TrainSpec(gradient="adjoint"), 30.0),
        _row("Levenberg-Marquardt, no collocation", TrainSpec(optimiser="marquardt", epochs=80, collocation=False)),
        _row("Adam, native discrete adjoint, no collocation", TrainSpec(collocation=False, epochs=2000)),
        first_loss(),
    ]


def _row(name: str, spec: TrainSpec, budget: float | None = None) -> Row:
    system = _system()
    data = neural.sample(system, 1, 100, (0.0, 10.0))
    times = []
    for seed in SEEDS:
        own = msgspec.structs.replace(spec, hidden=(32,), held_out=0.0, seed=seed)
        times.append(_until_good(system, data, own))
    good = [seconds for seconds in times if math.isfinite(seconds)]
    note = f"{len(good)} of {len(SEEDS)} seeds"
    if good:
        note += f", {min(good):.2g} to {max(good):.2g} s"
    reached = float(np.median(times)) if len(good) == len(SEEDS) or budget is None else math.inf
    return Row(f"to quality: {name}", reached, "s", CONDITION, budget=budget, note=note)


def _system() -> System:
    system = expr.parse(EQUATIONS).system
    assert system is not None
    return system


def _until_good(system: System, data: neural.Dataset, spec: TrainSpec) -> float:
    """Seconds, infinite if it never was good."""
    spent, begin = 0.0, time.process_time()
    for event in neural.train(data, spec):
        spent += time.process_time() - begin
        if isinstance(event, FieldUpdate) and _is_good(system, event.field, data):
            return spent
        begin = time.process_time()
    return math.inf


def _is_good(system: System, learned: AnySystem, data: neural.Dataset) -> bool:
    one = data.trajectories[0]
    true = dynamics.evaluate(system, one.y.T)
    off = np.linalg.norm(dynamics.evaluate(learned, one.y.T) - true) / np.linalg.norm(true)
    if off >= GOAL:
        return False
    ends = (float(one.t[0]), float(one.t[-1]))
    solved = dynamics.simulate_many(learned, one.y[:, 0][None], None, ends, one.t, rtol=1e-8, atol=1e-10).y[0]
    return float(np.sqrt(np.mean((solved - one.y) ** 2))) < GOAL


def first_loss() -> Row:
    """From the job that the button starts, with its sampling, to the first point of the curve of losses."""
    experiment = files.read_preset("pendulum")
    times = []
    for _ in range(REPEATS + 1):  # the first one compiles the equations
        begin = time.process_time()
        job = training_job(experiment)(CancelToken())
        while not isinstance(next(job), Epoch):
            pass
        times.append(time.process_time() - begin)
        job.close()
    return Row("Train to first loss point", float(np.median(times[1:])), "s", "pendulum, warm process", budget=0.15)
