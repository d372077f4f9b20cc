"""One line of the table of measurements."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A measurement of ours beside one of a named peer, both taken in the same run."""

    what: str
    ours: float
    unit: str
    condition: str
    peer: float | None = None
    peer_name: str = ""
    budget: float | None = None
    """What ours must not exceed, if that has been promised."""
    note: str = ""
    goal: float | None = None
    """What the ratio must reach, if that has been promised."""

    @property
    def missed(self) -> bool:
        """Whether a promise was broken."""
        too_slow = self.budget is not None and not self.ours <= self.budget
        behind = self.goal is not None and not (self.ratio or 0.0) >= self.goal
        return too_slow or behind

    @property
    def ratio(self) -> float | None:
        """How many times the peer's number is ours: above one, ours is the smaller number."""
        return None if self.peer is None else self.peer / self.ours
