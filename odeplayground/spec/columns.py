"""What the columns of a table of measurements are."""

from __future__ import annotations

import msgspec

from odeplayground.spec.choices import Choice


class ColumnRole(Choice):
    """What a column of a table of measurements is used for."""

    TIME = ("time", "Time", "When each row was measured. Without such a column the rows are one unit of time apart.")
    STATE = ("state", "State", "A quantity that changes in time and that is to be learned.")
    TRAJECTORY = ("trajectory", "Trajectory", "Tells several trajectories apart: rows with the same entry are one.")
    IGNORED = ("ignored", "Leave out", "This column is not used.")


class ColumnUse(msgspec.Struct, frozen=True):
    """What a column is used for. ``name`` is that of the state, ``unit`` is for display."""

    role: ColumnRole
    name: str = ""
    unit: str = ""
