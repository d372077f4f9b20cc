"""Columns of dates as numbers."""

from __future__ import annotations

import numpy as np

from odeplayground.storage.tables.cells import seconds
from odeplayground.storage.tables.table import Column

_UNITS = (("d", 86400.0), ("h", 3600.0), ("min", 60.0), ("s", 1.0))
"""Names and seconds, from the longest on."""


def as_dates(column: Column) -> Column:
    """The column with its dates as numbers, in the longest unit that the usual step has; else the column itself.

    All entries must be dates as ISO 8601 writes them, such as ``2020-03-01`` or ``2020-03-01 12:30``.
    """
    if not column.texts or column.n_known:
        return column
    moments = {row: seconds(text) for row, text in column.texts.items()}
    known = [moment for moment in moments.values() if moment is not None]
    if len(known) < len(moments):
        return column
    first = min(known)
    steps = np.abs(np.diff(known))
    step = float(np.median(steps[steps > 0])) if (steps > 0).any() else 1.0
    unit, size = next((pair for pair in _UNITS if pair[1] <= step), _UNITS[-1])
    values = np.full(len(column.values), np.nan)
    for row, moment in moments.items():
        assert moment is not None
        values[row] = (moment - first) / size
    since = next(text for row, text in column.texts.items() if moments[row] == first)
    return Column(column.title, unit, values, {}, since)
