"""How a learned system compares with the true one, in numbers and in a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from odeplayground import dynamics, expr
from odeplayground.neural.data import Dataset, Floats, positive
from odeplayground.neural.matching import match
from odeplayground.neural.paths import (
    Parameters,
    Paths,
    one_by_one,
    relative_error,
    solve_paths,
    spans_of,
    starts_of,
)
from odeplayground.neural.quantities import energy_scores
from odeplayground.neural.samples_verdict import compare_with_samples
from odeplayground.neural.sampling import unseen_start
from odeplayground.neural.scores import physical_scores
from odeplayground.neural.tube import RADIUS, field_errors, sample_outside, sample_tube
from odeplayground.neural.words import percent
from odeplayground.spec import AnySystem, EquilibriumKind, MatchedEquilibrium, Report, Score, System

GOOD = 0.1
"""Field error of a good field."""
MARGIN = 0.25
"""How far the box for equilibria reaches beyond the data, relative to their range."""
Bounds = Mapping[str, tuple[float, float]]


def compare(
    system: System,
    field: AnySystem,
    data: Dataset,
    parameters: Parameters = None,
    bounds: Bounds | None = None,
    quantities: Mapping[str, str] | None = None,
) -> Report:
    """Compare in the tube around the sampled trajectories, along them, beyond them, and at equilibria.

    Of a system with terms ``[?]`` the true field is not known: then the solutions are compared with the samples.

    Args:
        system: the true system.
        field: the learned one.
        data: what it learned from; its clean initial states are used where they are known.
        parameters: values that override the system's own; ``None``: those of the sampling, where known.
        bounds: where to look for equilibria, low and high per state; ``None``: the data's box and a quarter more.
        quantities: expressions by name of what the true system keeps or what is of interest otherwise, such as its
            energy; without any, that of x' = v, v' = f(x, v) is known by itself.
    """
    if field.states != system.states:
        raise ValueError(f"The learned field has the states {field.states}, the system {system.states}.")
    if expr.unknown_terms(system):
        return compare_with_samples(field, data)
    parameters = data.parameters if parameters is None else parameters
    starts, spans = starts_of(data), spans_of(data)
    truth = solve_paths(system, starts, spans, parameters, 1e-9)
    learned = solve_paths(field, starts, spans)
    deviation = _deviation(truth)
    tube = sample_tube(truth, deviation)
    errors = field_errors(system, field, tube, deviation, parameters)
    away = sample_outside(tube, deviation)
    outside = field_errors(system, field, away, deviation, parameters).relative if len(away.times) else math.nan
    within, beyond = slice(0, truth.half + 1), slice(truth.half + 1, None)
    along = {
        "within": relative_error(learned, truth, deviation, within),
        "typical": float(np.median([relative_error(*one, deviation, within) for one in one_by_one(learned, truth)])),
        "beyond": relative_error(learned, truth, deviation, beyond),
        "unseen": _unseen_error(system, field, data, parameters, deviation),
        "solver": relative_error(learned, solve_paths(field, starts, spans, rtol=1e-8), deviation, within),
    }
    box = dict(bounds) if bounds else _box(data)
    matched = match(dynamics.equilibria(system, box, parameters), dynamics.equilibria(field, box), deviation)
    good = errors.relative <= GOOD and not _lost(matched, tube.states, deviation)
    return Report(
        field_error=errors.relative,
        trajectory_error=relative_error(learned, truth, deviation, slice(None)),
        equilibria=matched,
        scores=(
            *_scores(errors.relative, errors.angle, outside, along),
            *physical_scores(field, truth, learned, deviation),
            *energy_scores(system, truth, learned, parameters, quantities or {}),
        ),
        verdict=_verdict(
            errors.relative, along, matched, not dynamics.is_autonomous(system) and dynamics.is_autonomous(field)
        ),
        good=good,
    )


def _deviation(truth: Paths) -> Floats:
    """Standard deviation of each state over the true trajectories within the sampled time."""
    y = truth.y[..., : truth.half + 1]
    return positive(np.nanstd(y.transpose(1, 0, 2).reshape(y.shape[1], -1), axis=1))


def _box(data: Dataset) -> dict[str, tuple[float, float]]:
    y = np.concatenate([one.y for one in data.trajectories], axis=1)
    low, high = y.min(axis=1), y.max(axis=1)
    margin = MARGIN * positive(high - low)
    return {name: (float(a), float(b)) for name, a, b in zip(data.states, low - margin, high + margin, strict=True)}


def _unseen_error(system: System, field: AnySystem, data: Dataset, parameters: Parameters, deviation: Floats) -> float:
    start, span = unseen_start(system, data, parameters), spans_of(data)[:1]
    truth = solve_paths(system, start, span, parameters, 1e-9)
    return relative_error(solve_paths(field, start, span), truth, deviation, slice(0, truth.half + 1))


def _lost(matched: tuple[MatchedEquilibrium, ...], tube: Floats, deviation: Floats) -> bool:
    """Whether an isolated equilibrium that the data come close to is missing or of another kind."""
    for pair in matched:
        if pair.true_state is None or pair.true_kind in (pair.learned_kind, EquilibriumKind.DEGENERATE):
            continue
        if np.linalg.norm((tube - np.array(pair.true_state)) / deviation, axis=1).min() <= 2 * RADIUS:
            return True
    return False


def _scores(relative: float, angle: float, outside: float, along: Mapping[str, float]) -> tuple[Score, ...]:
    rows = (
        ("Field error", 100 * relative, "%", "Near the data, relative to the true field. Root mean square."),
        ("Outside", 100 * outside, "%", "The same away from the data, in the box around them. Nothing was seen there."),
        ("Direction", angle, "°", "Near the data: median angle between the learned and the true field."),
        (
            "Typical trajectory",
            100 * along["typical"],
            "%",
            "Within the sampled time: median over the starts.",
        ),
        (
            "Within the samples",
            100 * along["within"],
            "%",
            "All together; one start near a saddle can rule it.",
        ),
        ("One horizon beyond", 100 * along["beyond"], "%", "The same for as much time again, which had no samples."),
        ("From a new start", 100 * along["unseen"], "%", "Deviation of a trajectory that was not sampled."),
        ("Solver's share", 100 * along["solver"], "%", "What solving 100 times as accurately would change."),
    )
    return tuple(Score(*row) for row in rows if not math.isnan(row[1]))


def _verdict(relative: float, along: Mapping[str, float], matched: tuple[MatchedEquilibrium, ...], driven: bool) -> str:
    parts = [f"Near the data the learned field is {percent(relative)} off", _along(along), _points(matched)]
    if driven:
        parts.append("it knows nothing of the time that drives the true system")
    return "; ".join(part for part in parts if part) + "."


def _along(along: Mapping[str, float]) -> str:
    if math.isinf(along["within"]):
        return "its trajectories diverge"
    typical, all_of_them = percent(along["typical"]), percent(along["within"])
    sentence = f"its trajectories are typically {typical} off, all together {all_of_them}"
    return sentence + (" and diverge beyond the samples" if math.isinf(along["beyond"]) else "")


def _points(matched: tuple[MatchedEquilibrium, ...]) -> str:
    if sum(pair.true_kind is EquilibriumKind.DEGENERATE for pair in matched) > 1:
        return "the true one rests along a line or surface, which a network can only come close to"
    true = sum(pair.true_state is not None for pair in matched)
    found = sum(pair.distance is not None for pair in matched)
    same = sum(pair.distance is not None and pair.true_kind == pair.learned_kind for pair in matched)
    spurious = sum(pair.true_state is None for pair in matched)
    if not true:
        return f"it has {_count(spurious)} where the true one has none" if spurious else ""
    sentence = f"it has {found} of {_count(true)}"
    if same < found:
        sentence += f", {found - same} of another kind"
    return sentence + (f", and {spurious} too many" if spurious else "")


def _count(n: int) -> str:
    return f"{n} {'equilibrium' if n == 1 else 'equilibria'}"
