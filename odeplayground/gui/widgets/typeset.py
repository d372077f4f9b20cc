"""Equations to pictures: MathML to SVG by ziamath, which is imported off the window's thread when first needed.

Colours stay placeholders until a picture is shown, so a change of theme needs no typesetting.
"""

from __future__ import annotations

import importlib
import re
import sys
import threading
from functools import lru_cache
from xml.etree.ElementTree import fromstring, tostring

from odeplayground.gui.theme import Tokens

_PLACEHOLDER = re.compile(r"@([a-z]+)(\d*)(?:_\d+)?")
_SUMMAND = re.compile(r'<(path|rect) ([^>]*)fill="@[a-z]+\d*_(\d+)"')
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_TOKENS = {"param": "text", "def": "text", "text": "text", "time": "text", "number": "text", "op": "text"}
_UNMARKED = "@text"


class WarmUp:
    """Imports ziamath in a thread, once; ``ready`` tells when it is there."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None

    @property
    def ready(self) -> bool:
        thread = self._thread
        return "ziamath" in sys.modules and (thread is None or not thread.is_alive())

    @property
    def failed(self) -> bool:
        """The import has ended without a module: the installation is broken, and Python has told why."""
        return self._thread is not None and not self._thread.is_alive() and "ziamath" not in sys.modules

    def start(self) -> None:
        """Begin, unless it has begun before."""
        if self._thread is None and not self.ready:
            self._thread = threading.Thread(target=importlib.import_module, args=("ziamath",), daemon=True)
            self._thread.start()


@lru_cache(maxsize=512)
def typeset(mathml: str, size: float) -> str:
    """The SVG text of presentation MathML (without ``<math>``), with colour placeholders left in.

    Takes 5 to 75 ms, 14 on most. Raises what ziamath raises for markup that it cannot read.
    """
    from ziamath.config import config
    from ziamath.zmath import Math

    importlib.import_module("odeplayground.gui.widgets.typeset_rows")

    config.svg2 = False  # QtSvg shows nothing for SVG 2
    body = f'<math><mstyle mathcolor="{_UNMARKED}">{mathml}</mstyle></math>'
    svg: str = Math(body, size=size).svg()
    return svg


def numbered(mathml: str) -> str:
    """The equation with the number of its summand, from 0, behind every colour right of the equals sign."""
    whole = fromstring(f"<math>{mathml}</math>")
    number, depth = -1, 0
    for part in whole:
        if part.tag == "mo" and part.get("stretchy") == "false":  # a bracket without a row of its own
            depth += {"prefix": 1, "postfix": -1}.get(part.get("form", ""), 0)
        if part.tag == "mo" and part.text == "=" and number < 0:
            number = 0
            continue
        if part.tag == "mo" and part.text in ("+", "−") and part.get("form") != "prefix" and depth == 0 <= number:
            number += 1
        if number >= 0:
            for piece in part.iter():
                if color := piece.get("mathcolor"):
                    piece.set("mathcolor", f"{color}_{number}")
    return "".join(tostring(part, encoding="unicode") for part in whole)


@lru_cache(maxsize=256)
def summands(svg: str) -> tuple[tuple[float, float], ...]:
    """Where each numbered summand begins and ends, in pixels from the left of the picture."""
    box = re.search(r'viewBox="(\S+)', svg)
    origin = float(box[1]) if box else 0.0
    ends: dict[int, tuple[float, float]] = {}
    for kind, attributes, number in _SUMMAND.findall(svg):
        numbers = [float(text) for text in _NUMBER.findall(attributes)]
        xs = [numbers[0], numbers[0] + numbers[2]] if kind == "rect" else numbers[0::2]
        if xs:
            left, right = ends.get(int(number), (xs[0], xs[0]))
            ends[int(number)] = min(left, *xs), max(right, *xs)
    return tuple((left - origin, right - origin) for _, (left, right) in sorted(ends.items()))


@lru_cache(maxsize=256)
def from_latex(latex: str) -> str:
    """Presentation MathML (without ``<math>``) of a formula in LaTeX, all in the colour of text."""
    from latex2mathml.converter import convert

    whole: str = convert(latex, display="block")
    return whole[whole.index(">") + 1 : whole.rindex("</math>")]


def colored(svg: str, tokens: Tokens) -> str:
    """The SVG with the theme's colours in place of ``@state0``, ``@param`` and the like."""

    def color(match: re.Match[str]) -> str:
        if match[1] == "state":
            return tokens.variable(int(match[2] or 0))
        return str(getattr(tokens, _TOKENS.get(match[1], "text")))

    return _PLACEHOLDER.sub(color, svg)
