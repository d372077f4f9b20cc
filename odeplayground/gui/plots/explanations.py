"""What lies under the mouse, in words with the numbers in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from odeplayground.gui.plots.names import axis_text
from odeplayground.gui.theme import symbols
from odeplayground.session.scene import BasinEnd, BasinMap, CycleMark, EquilibriumMark
from odeplayground.spec import Point

_REAL = 1e-9


@dataclass(frozen=True)
class Explanation:
    """A thing, what is known of it, and a sentence about its kind."""

    title: str
    lines: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join((self.title, *self.lines))


def eigenvalue_texts(eigenvalues: tuple[complex, ...]) -> list[str]:
    """Eigenvalues for reading: conjugate pairs are put together, two real ones stand on one line."""
    texts: list[str] = []
    values = sorted(eigenvalues, key=lambda value: (-value.real, abs(value.imag)))
    for value in values:
        if abs(value.imag) <= _REAL * max(1.0, abs(value)):
            texts.append(symbols.number(value.real))
        elif value.imag > 0:
            texts.append(f"{symbols.number(value.real)} ± {symbols.number(value.imag)} i")
    return [", ".join(texts)] if len(values) == 2 and len(texts) == 2 else texts


def equilibrium(mark: EquilibriumMark, states: Sequence[str], learned: bool = False) -> Explanation:
    """An equilibrium with its eigenvalues."""
    values = _listed(part for text in eigenvalue_texts(mark.eigenvalues) for part in text.split(", "))
    several = "eigenvalue" if len(mark.eigenvalues) == 1 else "eigenvalues"
    about = mark.kind.help if mark.degeneracy is None else mark.degeneracy.help
    title = mark.label.capitalize() + (" of the learned field" if learned else "")
    lines = (f"{title}, {several} {values}", f"at {point(states, mark.state)}", about)
    return Explanation(lines[0], lines[1:])


def cycle(mark: CycleMark, learned: bool = False) -> Explanation:
    """A limit cycle with its period."""
    title = mark.kind.label.capitalize() + (" of the learned field" if learned else "")
    others = _listed(multiplier(value) for value in mark.multipliers[1:])
    lines = [mark.kind.help]
    if others:
        several = "multiplier" if len(mark.multipliers) == 2 else "multipliers"
        lines.insert(0, f"Floquet {several} {others}")
    return Explanation(f"{title}, period {symbols.significant(mark.period)}", tuple(lines))


def trajectory(number: int, states: Sequence[str], start: Point, learned: bool = False) -> Explanation:
    """A solution, by its starting point."""
    whose = "Learned trajectory" if learned else "Trajectory"
    return Explanation(f"{whose} {number + 1}", (f"starts at {point(states, start)}",))


def separatrix() -> Explanation:
    """A stable curve of a saddle."""
    return Explanation("Separatrix", ("It leads into a saddle. What starts on either side ends in different places.",))


def nullcline(state: str) -> Explanation:
    """A curve along which a state does not change."""
    name = symbols.symbol(state)
    return Explanation(f"Nullcline, {name}′ = 0", (f"On this curve {name} does not change.",))


def place(names: Sequence[str], values: Sequence[float], basins: BasinMap | None) -> Explanation:
    """A place with nothing on it, and where trajectories from there end if that is known."""
    label = basins.at(*values) if basins is not None else None
    lines = () if label is None or basins is None else (destination(label, basins),)
    return Explanation(point(names, values), lines)


def destination(label: int, basins: BasinMap) -> str:
    """Where trajectories of a basin end."""
    if 0 <= label < len(basins.ends):
        return f"From here it goes to the {end(basins.ends[label])}."
    return "From here it goes away for good." if label == -2 else "Where it goes from here was not found out."


def end(attractor: BasinEnd) -> str:
    """An attractor in a few words, with the place of an equilibrium or the period of a cycle."""
    if attractor.period is not None:
        return f"{attractor.label} of period {symbols.significant(attractor.period)}"
    return f"{attractor.label} {place_of(attractor)}"


def place_of(attractor: BasinEnd) -> str:
    """The coordinates of an equilibrium, or the period of a cycle: enough to tell attractors apart."""
    if attractor.period is not None:
        return f"cycle, period {symbols.significant(attractor.period)}"
    return f"({', '.join(symbols.significant(float(value)) for value in attractor.state)})"


def point(names: Iterable[str], values: Iterable[float]) -> str:
    """Coordinates with their names."""
    pairs = zip(names, values, strict=False)
    return ", ".join(f"{axis_text(name)} = {symbols.significant(float(value))}" for name, value in pairs)


def multiplier(value: complex) -> str:
    """A Floquet multiplier for reading."""
    if abs(value.imag) <= _REAL * max(1.0, abs(value)):
        return symbols.significant(value.real, 2)
    sign = "+" if value.imag > 0 else symbols.MINUS
    return f"{symbols.significant(value.real, 2)} {sign} {symbols.significant(abs(value.imag), 2)} i"


def _listed(parts: Iterable[str]) -> str:
    """One and two, or one, two and three."""
    texts = list(parts)
    return " and ".join(filter(None, (", ".join(texts[:-1]), *texts[-1:])))
