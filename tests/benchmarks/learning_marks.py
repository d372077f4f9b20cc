"""How good learning gets on tasks that others published or that the project set itself."""

from __future__ import annotations

import time

import numpy as np

from odeplayground import dynamics, expr, neural
from odeplayground.neural.data import Floats
from odeplayground.spec import AnySystem, Model, System, TrainSpec
from odeplayground.storage import presets
from tests.benchmarks import to_quality
from tests.benchmarks.row import Row

FAST = TrainSpec(hidden=(16, 16), optimiser="marquardt", epochs=120)


def run() -> list[Row]:
    second_order = TrainSpec(hidden=(16, 16), optimiser="marquardt", epochs=50, model=Model.SECOND_ORDER)
    return [
        *to_quality.run(),
        published("pendulum, any field", PENDULUM, (2.0, 0.0), 360, 0.005, 20.0, FAST),
        published("pendulum, second order", PENDULUM, (2.0, 0.0), 360, 0.005, 20.0, second_order),
        published("Lotka-Volterra", LOTKA_VOLTERRA, (10.0, 5.0), 300, 0.03, 22.0, FAST),
        van_der_pol(),
        parameters("cooling", 30),
        parameters("reaction-chain", 100),
    ]


def system_of(text: str) -> System:
    system = expr.parse(text).system
    assert system is not None
    return system


PENDULUM = system_of("x' = v; v' = -0.15*v - 2.25*sin(x); x(0) = 2; t in [0, 12]")
LOTKA_VOLTERRA = system_of("x' = 1.1*x - 0.4*x*y; y' = -0.4*y + 0.1*x*y; x(0) = 10; y(0) = 5; t in [0, 12]")


def published(
    name: str, system: System, start: tuple[float, ...], n: int, sigma: float, end: float, spec: TrainSpec
) -> Row:
    """One noisy trajectory to t = 12: mean square error against the clean one, and the relative error beyond."""
    t = np.linspace(0.0, 12.0, n)
    clean = solution(system, np.array(start), t)
    noisy = clean + sigma * np.random.default_rng(0).standard_normal(clean.shape)
    data = neural.Dataset(system.states, (neural.Trajectory(t, noisy),), starts=np.array([start]))
    begin = time.process_time()
    fit = neural.fit(data, spec)
    spent = time.process_time() - begin
    within = float(np.mean((solution(fit.field, np.array(start), t) - clean) ** 2))
    later = np.linspace(0.0, end, 400)
    true = solution(system, np.array(start), later)[:, later > 12.0]
    off = solution(fit.field, np.array(start), later)[:, later > 12.0] - true
    beyond = float(np.sqrt(np.mean(off**2) / np.mean(true**2)))
    note = f"mean square error {within:.2g}; {beyond:.1%} off until t = {end:g}"
    return Row(f"published task: {name}", spent, "s", f"{n} samples, noise {sigma:g}", note=note)


def van_der_pol() -> Row:
    system = system_of("x' = v; v' = (1 - x*x)*v - x; x(0) = 2; t in [0, 10]")
    starts = np.random.default_rng(0).uniform(-2.5, 2.5, (8, 2))
    clean = neural.sample(system, n_points=100, t_span=(0.0, 10.0), initial=starts)
    numbers = np.random.default_rng(1)
    trajectories = tuple(
        neural.Trajectory(one.t, one.y + 0.02 * numbers.standard_normal(one.y.shape), one.y)
        for one in clean.trajectories
    )
    data = neural.Dataset(system.states, trajectories, starts=starts, system=system)
    begin = time.process_time()
    fit = neural.fit(data, FAST)
    spent = time.process_time() - begin
    assert fit.report is not None
    t = np.linspace(0.0, 60.0, 6001)
    period = abs(_period(t, solution(fit.field, np.array([2.0, 0.0]), t)) / 6.6632869 - 1)
    note = f"field {fit.report.field_error:.1%} off in the tube, period {period:.2%}"
    return Row("Van der Pol", spent, "s", "8 x 100 samples, noise 0.02", note=note)


def parameters(preset: str, n: int) -> Row:
    """The typed equations with 1 % noise: all parameters at once."""
    system = presets.preset(preset)
    data = neural.sample(system, 1, n, system.t_span, noise=0.01)
    begin = time.process_time()
    fit = neural.fit(data, TrainSpec(model=Model.EQUATIONS, optimiser="marquardt", epochs=60))
    spent = time.process_time() - begin
    clean = data.trajectories[0].clean
    assert clean is not None
    off = solution(fit.field, clean[:, 0], data.trajectories[0].t) - clean
    error = float(np.sqrt(np.mean(off**2) / np.mean(clean**2)))
    pairs = zip(system.parameters, fit.field.values, system.values, strict=True)
    found = ", ".join(f"{name} {value:.4g} (truly {true:g})" for name, value, true in pairs)
    return Row(f"equations: {preset}", spent, "s", f"{n} samples, 1 % noise", note=f"{error:.2%} off; {found}")


def solution(system: AnySystem, start: Floats, t: Floats) -> Floats:
    """States (n_states, len(t)); NaN after a stop."""
    ends = (float(t[0]), float(t[-1]))
    return dynamics.simulate_many(system, start[None], None, ends, t, rtol=1e-8, atol=1e-10).y[0]


def _period(t: Floats, y: Floats) -> float:
    x = y[0]
    places = np.flatnonzero((x[:-1] < 0) & (x[1:] >= 0))
    times = t[places] - x[places] * (t[places + 1] - t[places]) / (x[places + 1] - x[places])
    return float(np.diff(times[times > 20]).mean())
