"""The colours of the window: two frozen sets with one meaning for each name."""

from __future__ import annotations

import msgspec

N_VARIABLE_COLORS = 5

_REPEATS: tuple[tuple[float, ...], ...] = ((7.0, 2.0, 1.0, 2.0), (7.0, 2.0, 1.0, 2.0, 1.0, 2.0))


class Tokens(msgspec.Struct, frozen=True):
    """Colours by role, as ``#RRGGBB``.

    Hue says which variable; violet says "learned" and "do this"; everything else is neutral.
    """

    name: str
    # Planes
    chrome: str
    surface: str
    sunken: str
    hover: str
    raised: str
    """The current segment of a segmented control."""
    handle: str
    """Inside of a slider's handle."""
    sep: str
    border: str
    # Text: at least 4.5:1 on ``surface`` and ``chrome``
    text: str
    text2: str
    text3: str
    # The one accent
    accent: str
    accent_hover: str
    accent_text: str
    accent_soft: str
    on_accent: str
    # Messages, never by colour alone
    error: str
    error_soft: str
    ok: str
    warn: str
    # Axes, sliders, code
    tick: str
    zero: str
    track: str
    num: str
    # Plots
    v1: str
    v2: str
    v3: str
    v4: str
    v5: str
    learned: str
    ink: str
    bundle: str
    field: str
    cycle: str
    # Basins of attraction, behind all that is drawn: the one in the middle, those to its right and left, and so on
    basin1: str
    basin2: str
    basin3: str
    basin4: str
    basin5: str
    basin6: str
    error_map: tuple[str, ...]
    """From no error, which is the surface itself, to a large one; for a logarithmic scale."""
    shadow: float
    """Opacity of the shadow under things that float."""

    @property
    def dark(self) -> bool:
        """Whether light text stands on a dark plane."""
        return self.name == "dark"

    def variable(self, index: int) -> str:
        """Colour of the variable with this position; they repeat after five (see :func:`variable_dash`)."""
        return (self.v1, self.v2, self.v3, self.v4, self.v5)[index % N_VARIABLE_COLORS]


def variable_dash(index: int) -> tuple[float, ...] | None:
    """Dash pattern, in pen widths, that tells repeated colours apart; ``None``: solid.

    Plain dashes mean "learned", so the patterns here have dots in them.
    """
    turn = index // N_VARIABLE_COLORS
    return None if turn == 0 else _REPEATS[(turn - 1) % len(_REPEATS)]


LIGHT = Tokens(
    name="light",
    chrome="#F7F7F9",
    surface="#FFFFFF",
    sunken="#F3F4F6",
    hover="#ECEDF1",
    raised="#FFFFFF",
    handle="#FFFFFF",
    sep="#E6E7EB",
    border="#D3D6DC",
    text="#1B1E24",
    text2="#59606B",
    text3="#69707C",
    accent="#6550D1",
    accent_hover="#5742C2",
    accent_text="#5B45C9",
    accent_soft="#F0EDFD",
    on_accent="#FFFFFF",
    error="#C42B37",
    error_soft="#FDECEC",
    ok="#14784A",
    warn="#A65A00",
    tick="#6B727E",
    zero="#ECEDF1",
    track="#DDE0E6",
    num="#2B68B0",
    v1="#0B8468",
    v2="#C25100",
    v3="#7393D0",
    v4="#6E2A0C",
    v5="#C2408F",
    learned="#6550D1",
    ink="#1F2937",
    bundle="#8C97A8",
    field="#BCC3CE",
    cycle="#2B68B0",
    basin1="#E2EDF9",
    basin2="#FAEBD0",
    basin3="#EBDDEA",
    basin4="#C9DCF2",
    basin5="#EFD7AC",
    basin6="#F1F1F5",
    error_map=("#FFFFFF", "#EAF1FA", "#C9DDF3", "#93BAE5", "#4E88CB", "#1D4F91", "#0E2E5C"),
    shadow=0.13,
)

DARK = Tokens(
    name="dark",
    chrome="#15171C",
    surface="#1A1D23",
    sunken="#23272F",
    hover="#2B303A",
    raised="#39404C",
    handle="#E7E9ED",
    sep="#2A2E37",
    border="#3C424E",
    text="#E7E9ED",
    text2="#A4ABB8",
    text3="#7F8796",
    accent="#7060DE",
    accent_hover="#7F70EA",
    accent_text="#AFA2FF",
    accent_soft="#282546",
    on_accent="#FFFFFF",
    error="#FF7B82",
    error_soft="#3A2127",
    ok="#55CC94",
    warn="#F0B35B",
    tick="#8E96A4",
    zero="#262A32",
    track="#363C47",
    num="#7FB4F0",
    v1="#45C9A5",
    v2="#F49A55",
    v3="#3F86A8",
    v4="#D9485F",
    v5="#F2DE8A",
    learned="#A797FF",
    ink="#F1F3F7",
    bundle="#76829A",
    field="#565E6D",
    cycle="#7FB4F0",
    basin1="#1D2D42",
    basin2="#3A2E1B",
    basin3="#40293D",
    basin4="#2A4263",
    basin5="#57431F",
    basin6="#2B2F38",
    error_map=("#1A1D23", "#1D2A3E", "#21426B", "#2B66A8", "#4F93DB", "#98C5F3", "#E3F0FD"),
    shadow=0.47,
)

THEMES = {"light": LIGHT, "dark": DARK}

_SAFE = {
    "light": ("#965A78", "#B43C1E", "#2D96D2", "#879669", "#4B1E0F"),
    "dark": ("#69F087", "#E15A2D", "#4B6996", "#C37878", "#F0D23C"),
}
"""Found by a random search for colours that stay far apart, also for eyes without red, green or blue cones (Machado,
Oliveira and Fernandes 2009). The first two have the contrast of text."""

PALETTES = ("standard", "safe")
"""Names of the choices for the hues of variables."""


def with_palette(tokens: Tokens, palette: str) -> Tokens:
    """The theme with other hues for the variables.

    Raises:
        ValueError: there is no such palette.
    """
    if palette not in PALETTES:
        raise ValueError(f"There is no palette {palette!r}; choose one of {', '.join(PALETTES)}.")
    if palette == "standard":
        return THEMES[tokens.name]
    hues = dict(zip(("v1", "v2", "v3", "v4", "v5"), _SAFE[tokens.name], strict=True))
    return msgspec.structs.replace(THEMES[tokens.name], **hues)
