"""The learned terms ``[?]`` of equations as curves, beside the true terms where the preset tells them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from odeplayground import dynamics, expr
from odeplayground.dynamics.dense import DenseNetwork
from odeplayground.dynamics.distil.terms import arguments_at
from odeplayground.session.training_data import preset_of
from odeplayground.spec import Activation, Array, Experiment, LearnedTerm, Samples, System, TermCurve, TrainedRun

Floats = NDArray[np.float64]
POINTS = 121
BEYOND = 0.15
"""How far the curves reach beyond the samples, relative to their range."""
HELD = (0.1, 0.5, 0.9)
"""Quantiles of the samples at which the second argument is held."""
AFFINE = 1e-6


def term_curves(experiment: Experiment, run: TrainedRun) -> tuple[TermCurve, ...]:
    """One curve per term of one argument, a few per term of two. Of more arguments there are none."""
    field = run.field
    if not isinstance(field, System) or not any(field.terms):
        return ()
    states = _states(run.samples)
    truth = _Truth(experiment, field, states)
    arguments = _arguments(field, np.array([experiment.parameters[name] for name in field.parameters]), states)
    return tuple(
        curve
        for number, (texts, term) in enumerate(zip(expr.unknown_terms(field), field.terms, strict=False))
        if term is not None and len(texts) <= 2 and number in arguments
        for curve in _curves(number, texts, term, arguments[number], truth)
    )


def _curves(number: int, texts: tuple[str, ...], term: LearnedTerm, seen: Floats, truth: _Truth) -> list[TermCurve]:
    low, high = float(seen[0].min()), float(seen[0].max())
    margin = BEYOND * (high - low or 1.0)
    x = np.linspace(low - margin, high + margin, POINTS)
    network, name, found = DenseNetwork(term), f"[?]({', '.join(texts)})", []
    held = [()] if len(texts) == 1 else [(float(np.quantile(seen[1], share)),) for share in HELD]
    for others in held:
        columns = [x, *(np.full(POINTS, value) for value in others)]
        learned = network.value(term.part, *columns)
        curve = np.stack([x, learned, truth.at(number, texts, columns)])
        where = f"{texts[1]} = {others[0]:.3g}" if others else ""
        found.append(TermCurve(name, texts[0], where, Array.of(curve), (low, high)))
    return found


def _states(samples: Samples) -> Floats:
    """All samples without gaps, (n_states, m)."""
    y = np.concatenate([np.array(values, dtype=float) for values in samples.values], axis=1)
    return y[:, np.isfinite(y).all(axis=0)]


def _arguments(field: System, parameters: Floats, states: Floats) -> dict[int, Floats]:
    """The arguments (k, m) of each term that matters at the samples, by its number."""
    found = {}
    for number, values in arguments_at(field, states, 0.0, parameters).items():
        finite = values[:, np.isfinite(values).all(axis=0)]
        if finite.size:
            found[number] = finite
    return found


class _Truth:
    """The true terms, as far as the preset's equations and those with ``[?]`` tell them.

    Where an equation is a + b [?] and no other term is in it, the true term is (f - a) / b.
    """

    def __init__(self, experiment: Experiment, field: System, states: Floats) -> None:
        whole = preset_of(experiment)
        self._whole = whole.system if whole is not None else None
        self._parameters = whole.parameters if whole is not None else {}
        self._field, self._middle = field, np.median(states, axis=1)
        self._known = {name: value for name, value in experiment.parameters.items() if name in field.parameters}

    def at(self, number: int, texts: Sequence[str], columns: Sequence[Floats]) -> Floats:
        """A term where its arguments have these values (n,); NaN where it is not known."""
        n, names = len(columns[0]), self._field.states
        nothing = np.full(n, np.nan)
        if self._whole is None or any(text not in names for text in texts):
            return nothing
        states = np.tile(self._middle, (n, 1))
        for text, column in zip(texts, columns, strict=True):
            states[:, names.index(text)] = column
        a, a_b, a_2b = (self._with(number, value, states) for value in (0.0, 1.0, 2.0))
        others = self._with(number, 0.0, states, 1.0)
        true = dynamics.evaluate(self._whole, states, np.zeros(n), self._parameters)
        b = a_b - a
        alone = (np.abs(others - a).max(axis=0) <= AFFINE) & (np.abs(a_2b - a - 2 * b).max(axis=0) <= AFFINE)
        size = np.where(alone, np.abs(b).max(axis=0), 0.0)
        row = int(np.argmax(size))
        if not size[row] > 0:
            return nothing
        with np.errstate(all="ignore"):
            value: Floats = (true[:, row] - a[:, row]) / b[:, row]
        return np.where(np.isfinite(value), value, np.nan)

    def _with(self, number: int, value: float, states: Floats, others: float = 0.0) -> Floats:
        """The right-hand sides with this constant for a term, and another one for the rest."""
        counts = [len(texts) for texts in expr.unknown_terms(self._field)]
        terms = tuple(_constant(count, value if i == number else others) for i, count in enumerate(counts))
        system = msgspec.structs.replace(self._field, terms=terms)
        found: Floats = dynamics.evaluate(system, states, np.zeros(len(states)), self._known)
        return found


def _constant(count: int, value: float) -> LearnedTerm:
    weights = Array.of(np.array([0.0] * count + [value]))
    return LearnedTerm((count, 1), Activation.TANH, weights, (0.0,) * count, (1.0,) * count, 1.0)
