"""The comparison of the learned system with the true one, as tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from odeplayground.cli.output import add, table
from odeplayground.spec import Experiment, MatchedEquilibrium, Report, Score

if TYPE_CHECKING:
    from rich.console import Console


def print_comparison(console: Console, experiment: Experiment, report: Report) -> None:
    """Print the scores, the matched equilibria and the verdict."""
    scores = table("comparison with the true system", "value", numbers=("value",))
    for score in report.scores:
        add(scores, score.name, value(score))
    console.print(scores)
    console.print()
    if report.equilibria:
        place = ", ".join(experiment.system.states)
        matched = table(f"true ({place})", "type", "learned", "type", "distance", numbers=("distance",))
        for pair in report.equilibria:
            add(matched, *_row(pair))
        console.print(matched)
        console.print()
    console.print(report.verdict, markup=False)


def value(score: Score) -> str:
    """A number of the comparison for people."""
    return f"{score.value:.3g} {score.unit}".strip() if math.isfinite(score.value) else "diverges"


def _row(pair: MatchedEquilibrium) -> tuple[str, ...]:
    return (
        _point(pair.true_state),
        str(pair.true_kind or ""),
        _point(pair.learned_state),
        str(pair.learned_kind or ""),
        "" if pair.distance is None else f"{pair.distance:.2g}",
    )


def _point(state: Sequence[float] | None) -> str:
    if state is None:
        return "none"
    # Adding zero turns a rounded -0 into 0.
    return f"({', '.join(f'{round(value, 4) + 0:g}' for value in state)})"
