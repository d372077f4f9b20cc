"""All that the gradient lab shows of one subject, in the order in which one wants to see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import torch

from odeplayground.neural.audit import Audit, audit_parts
from odeplayground.neural.lab.both_ways import BothWays, both_ways, exact
from odeplayground.neural.lab.costs import Cost, costs
from odeplayground.neural.lab.residual import ResidualStudy, residual_study
from odeplayground.neural.lab.subject import Subject

TOLERANCES = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9)

Ways = tuple[BothWays, BothWays]
"""With nothing restored on the way back, and with the states at the times of the loss restored."""
Finding = (
    tuple[Literal["ways"], Ways]
    | tuple[Literal["exact"], BothWays]
    | tuple[Literal["residual"], ResidualStudy]
    | tuple[Literal["costs"], tuple[Cost, ...]]
    | tuple[Literal["audit"], Audit]
)
"""What it is, and what was found."""


def study(subject: Subject, first: float = 1e-5) -> Iterator[Finding]:
    """Findings bit by bit: what is quick comes first, and before all others the tolerance ``first``.

    Sets torch to one thread. A part of the audit holds one way at one tolerance.

    Raises:
        SolveError: the subject cannot be solved forwards.
    """
    torch.set_num_threads(1)
    yield "ways", _ways(subject, first)
    yield "exact", exact(subject)
    yield "residual", residual_study(subject)
    others = [tolerance for tolerance in TOLERANCES if tolerance != first]
    for tolerance in others:
        yield "ways", _ways(subject, tolerance)
    for tolerance in (first, *others):
        found = costs(subject, tolerance)
        if found:
            yield "costs", found
    for part in audit_parts(subject.field, subject.data, (first, *others)):
        yield "audit", part


def _ways(subject: Subject, tolerance: float) -> Ways:
    return both_ways(subject, tolerance), both_ways(subject, tolerance, restored=True)
