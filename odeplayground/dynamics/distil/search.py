"""Equations for what was learned: sparse regression on a library of terms."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from odeplayground import expr
from odeplayground.dynamics import arguments
from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.distil.choice import divided, knee, worthwhile
from odeplayground.dynamics.distil.library import checked, monomials, values
from odeplayground.dynamics.distil.places import near_samples
from odeplayground.dynamics.distil.regression import FOLDS, Regression, Support
from odeplayground.dynamics.distil.rounding import rounded
from odeplayground.dynamics.distil.stlsq import supports
from odeplayground.dynamics.distil.targets import Target, Task, task
from odeplayground.dynamics.distil.writing import Naming, with_numbers
from odeplayground.spec import AnySystem, Candidate, Candidates, LearnedSystem, Samples

DEGREE = 3
MOST = 10
"""Terms per equation."""
LEAST_PLACES = 10 * FOLDS


def distil(
    field: AnySystem,
    places: Samples | ArrayLike,
    times: ArrayLike = 0.0,
    *,
    degree: int = DEGREE,
    angles: Sequence[str] | None = None,
    extra: Sequence[str] = (),
    parameters: Mapping[str, float] | None = None,
    most: int = MOST,
) -> Candidates:
    """Find equations for a learned system, or expressions for the learned terms ``[?]`` of equations.

    Each right-hand side, or each term, is expressed as a sum of few out of many candidate terms: the products of powers
    of the states, or of the term's arguments, up to a degree, and what is given as ``extra``. The terms are chosen by
    sequentially thresholded least squares (Brunton, Proctor and Kutz, PNAS 113 (2016) 3932) for many thresholds, and by
    taking away and exchanging terms from there. Coefficients are those of least squares, rounded where a short number
    is within their error. The answer has the best system found of each size that is worthwhile; ``best`` is the one
    after which more terms help little (the knee of the error over the size, Satopää et al. 2011).

    Args:
        field: what was learned; typed equations without ``[?]`` are taken as a field, too.
        places: where to look at it: samples that it was learned from, to look near them, or states (m, n_states), with
            neighbours next to each other.
        times: of the states, one number or (m,).
        degree: of the products.
        angles: states in radians that come in as sine and cosine; ``None``: what the learned system knows.
        extra: further candidate terms as in equations, such as ``"x/(1 + x)"``, of states, ``t``, and parameters where
            terms are expressed.
        parameters: values that override those of the equations.
        most: terms per equation, or per expression.

    Raises:
        ValueError: wrong names, shapes or candidate terms, too many of these, too few places where all is defined, or
            a term ``[?]`` that was not learned. The sentence says which.
    """
    steps = distillation(
        field, places, times, degree=degree, angles=angles, extra=extra, parameters=parameters, most=most
    )
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: Candidates = end.value
            return result


def distillation(
    field: AnySystem,
    places: Samples | ArrayLike,
    times: ArrayLike = 0.0,
    *,
    degree: int = DEGREE,
    angles: Sequence[str] | None = None,
    extra: Sequence[str] = (),
    parameters: Mapping[str, float] | None = None,
    most: int = MOST,
) -> Generator[float, None, Candidates]:
    """As :func:`distil`, in steps: yields the share that is done, and returns the candidates."""
    if most < 1:
        raise ValueError("At least one term per equation has to be allowed.")
    if isinstance(places, Samples):
        places, times = near_samples(places)
    states = arguments.state_rows(field, "places", places)
    moments = np.broadcast_to(arguments.numbers("times", times), (len(states),))
    own = arguments.parameter_values(field, parameters)
    goal = task(field, states, moments, own)
    turning = (field.angles if isinstance(field, LearnedSystem) else ()) if angles is None else tuple(angles)
    for name in turning:
        if name not in field.states:
            raise arguments.unknown_name("state", name, field.states)
    more = checked(extra)
    paths = []
    for number, target in enumerate(goal.targets):
        yield number / (len(goal.targets) + 1)
        paths.append(
            _path(goal, target, [*monomials(target.variables, turning, degree), *more], states, moments, own, most)
        )
    yield len(paths) / (len(paths) + 1)
    return _candidates(goal, paths, most)


@dataclass(frozen=True, eq=False)
class _Path:
    """What was found for one target: its supports by size, and its squared errors and size in its deviation."""

    texts: list[str]
    regression: Regression
    supports: dict[int, Support]
    weight: float

    @property
    def costs(self) -> dict[int, float]:
        return {size: self.weight * self.regression.validated(one) ** 2 for size, one in self.supports.items()}

    def summands(self, size: int) -> list[tuple[float, str]]:
        support = self.supports[size]
        pairs = zip(rounded(self.regression, support).tolist(), support, strict=True)
        return [(value, self.texts[column]) for value, column in pairs]


def _path(
    goal: Task, target: Target, texts: list[str], states: Floats, times: Floats, parameters: Floats, most: int
) -> _Path:
    columns = values(goal.context, texts, states, times, parameters)
    good = np.isfinite(columns).all(axis=1) & np.isfinite(target.values)
    if good.sum() < max(LEAST_PLACES, 2 * len(texts)):
        raise ValueError(f"There are only {good.sum()} places where {target.name} and all candidate terms are defined.")
    regression = Regression(columns[good], target.values[good])
    deviation = float(target.values[good].std())
    size = 0.0 if regression.is_zero else regression.size
    scale = deviation if deviation > 1e-9 * size else size
    return _Path(texts, regression, supports(regression, most), (size / scale) ** 2 if scale > 0 else 0.0)


def _candidates(goal: Task, paths: Sequence[_Path], most: int) -> Candidates:
    costs = [path.costs for path in paths]
    whole = sum(path.weight for path in paths) or 1.0
    divisions = list(divided(costs).values())
    errors = [
        float(np.sqrt(sum(cost[size] for cost, size in zip(costs, sizes, strict=True)) / whole)) for sizes in divisions
    ]
    kept = worthwhile(errors)
    found = tuple(_candidate(goal, paths, divisions[number], errors[number]) for number in kept)
    largest = sum(min(most, len(path.texts)) for path in paths)
    chosen = knee([one.size for one in found], [one.error for one in found], largest)
    return Candidates(found, chosen, tuple(len(path.texts) for path in paths))


def _candidate(goal: Task, paths: Sequence[_Path], sizes: Sequence[int], error: float) -> Candidate:
    summands = [path.summands(size) for path, size in zip(paths, sizes, strict=True)]
    expressions = [with_numbers(one) for one in summands]
    context = goal.context
    naming = Naming([*context.states, *context.parameters, *(definition.name for definition in context.definitions)])
    named = [naming.expression(one) for one in summands]
    return Candidate(
        size=sum(sizes),
        error=error,
        system=goal.system(expressions),
        text=expr.format_system(goal.system(named, naming.parameters)),
        parts=tuple((target.name, text) for target, text in zip(goal.targets, expressions, strict=True)),
    )
