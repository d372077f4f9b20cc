"""The arithmetic of a slider: between values and positions, on a linear or a logarithmic scale."""

from __future__ import annotations

import math

import msgspec

from odeplayground.gui.theme import symbols

LOG_FROM_RATIO = 1000.0
_NICE = (1.0, 2.0, 5.0, 10.0)
_LOG_NUDGE = 0.01  # decades per fine step: 2.3 %


class Scale(msgspec.Struct, frozen=True):
    """A range of values. Logarithmic where it spans three decades and has no fixed ``step``.

    ``wanted`` asks for the one scale or the other; a range with zero in it has no logarithms.

    Raises:
        ValueError: ``high`` is not above ``low``, or one of them is not finite.
    """

    low: float
    high: float
    step: float | None = None
    wanted: bool | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError(f"A range needs two finite numbers, the smaller first; got {self.low} and {self.high}.")

    @property
    def logarithmic(self) -> bool:
        if self.step is not None or self.low <= 0:
            return False
        return self.high >= LOG_FROM_RATIO * self.low if self.wanted is None else self.wanted

    @property
    def digits(self) -> int:
        """Decimals that tell a hundred to a thousand positions apart."""
        decades = math.log10(self.high - self.low)
        return max(0, 3 - math.ceil(decades) if decades > 0 else 2 - math.floor(decades))

    @property
    def fine(self) -> float:
        """The distance of neighbouring values on a linear scale."""
        return self.step if self.step is not None else 10.0**-self.digits

    @property
    def _log_span(self) -> float:
        return math.log(self.high) - math.log(self.low)  # the quotient may overflow

    def fraction(self, value: float) -> float:
        """Where the value lies, from 0 to 1; values outside come to the nearer end."""
        if not value > self.low:
            return 0.0
        if value >= self.high:
            return 1.0
        if self.logarithmic:
            return (math.log(value) - math.log(self.low)) / self._log_span
        return (value - self.low) / (self.high - self.low)

    def value(self, fraction: float, fine: bool = False) -> float:
        """The value at a position from 0 to 1, rounded to what the text can show; ``fine``: to a digit more."""
        fraction = min(1.0, max(0.0, fraction))
        if self.logarithmic:
            return self.snapped(math.exp(math.log(self.low) + fraction * self._log_span), fine)
        return self.snapped(self.low + fraction * (self.high - self.low), fine)

    def snapped(self, value: float, fine: bool = False) -> float:
        """The nearest value with as many digits as the text shows (``fine``: one more), inside the range."""
        if self.logarithmic:
            rounded = float(f"{value:.{2 + fine}e}") if value > 0 else self.low
        elif self.step is not None:
            rounded = self.low + round((value - self.low) / self.step) * self.step
        else:
            rounded = round(value, self.digits + fine)
        return min(self.high, max(self.low, rounded + 0.0))

    def nudged(self, value: float, steps: int) -> float:
        """The value this many fine steps away."""
        if self.logarithmic:
            return self.snapped(max(value, self.low) * 10.0 ** (_LOG_NUDGE * steps))
        return self.snapped(value + steps * self.fine)

    def paged(self, value: float, pages: int) -> float:
        """The value this many tenths of the track away."""
        return self.value(self.fraction(value) + 0.1 * pages)

    def text(self, value: float) -> str:
        """The value as a row shows it; values typed with more digits are shown in full."""
        text = symbols.shortest(value, 3) if self.logarithmic else symbols.number(value, self.digits)
        shown = symbols.parse_number(text)
        if shown is None or math.isclose(shown, value, rel_tol=1e-9, abs_tol=1e-12 * (self.high - self.low)):
            return text
        return symbols.shortest(value)


def widened(low: float, high: float, value: float) -> tuple[float, float]:
    """The range with the smallest round end that takes the value in: 0 to 2 and 3.1 give 0 to 5."""
    if value > high:
        return low, _nice_above(value)
    if value < low:
        return (0.0 if value >= 0 else -_nice_above(-value)), high
    return low, high


def _nice_above(value: float) -> float:
    if value <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(factor * power for factor in _NICE if factor * power >= value * (1 - 1e-12))
