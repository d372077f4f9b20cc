"""What the panel of the time series shows: settings that are kept with the document."""

from __future__ import annotations

import msgspec

from odeplayground.spec.choices import Choice

Range = tuple[float, float]
MOST_EXPRESSIONS = 8


class SeriesPicture(Choice):
    """Three ways to look at the selected trajectory over time."""

    SERIES = ("series", "Series", "States over time.")
    SPECTRUM = ("spectrum", "Spectrum", "How strong which frequency is.")
    DELAY = ("delay", "Delay", "A state against its own past: the attractor from a single signal.")


class SeriesAxes(Choice):
    """Which states share an axis."""

    AUTO = ("auto", "By size", "States of similar size share an axis; one that would be flat gets its own.")
    ONE = ("one", "One", "All states on one axis.")
    UNITS = ("units", "By unit", "States with the same unit share an axis.")
    EACH = ("each", "Each", "Every state has a lane of its own.")


class SeriesSettings(msgspec.Struct, frozen=True):
    """Names are those of states or typed expressions; names that are gone mean nothing."""

    picture: SeriesPicture = SeriesPicture.SERIES
    axes: SeriesAxes = SeriesAxes.AUTO
    hidden: tuple[str, ...] = ()
    log: tuple[str, ...] = ()
    """Drawn on a logarithmic axis."""
    expressions: tuple[str, ...] = ()
    """Drawn after the states."""
    t_range: Range | None = None
    """``None``: the whole time span."""
    delayed: str = ""
    """Which one is drawn against its past; empty, or one that is gone: the first."""
    delay: float | None = None
    """``None``: the delay that its autocorrelation suggests."""
