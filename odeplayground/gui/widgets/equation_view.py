"""The equations, typeset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from odeplayground.gui.theme import theme
from odeplayground.gui.widgets.painted import Painted
from odeplayground.gui.widgets.typeset import WarmUp, colored, from_latex, numbered, summands, typeset
from odeplayground.spec import Equation

if TYPE_CHECKING:
    from PySide6.QtSvg import QSvgRenderer

_SIZE = 20.0
_GAP = 12.0
_LEFT = 32
_RIGHT = 16
_TOP = 8
_SMALLEST = 0.6
_AFTER_TYPING_MS = 120
_NEXT_MS = 1
_WARM_UP_MS = 30

_warm_up = WarmUp()


class EquationView(Painted):
    """Lines of typeset mathematics in the hues of their variables.

    After a change it waits until typing pauses and then sets one line per turn of the event loop; what is on show
    stays until its successor is ready. Wide lines shrink, down to 60 %.
    """

    def __init__(self, left: int = _LEFT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._equations: tuple[Equation, ...] = ()
        self._lines: list[tuple[str, str, QSvgRenderer]] = []  # name, SVG with placeholders, picture
        self._pending: list[tuple[str, str]] = []
        self._waiting: list[Equation] = []
        self._current = ""
        self._summand: tuple[int, int] | None = None
        self._left = left
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Typeset equations")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._set_one)
        theme().changed.connect(self._recolor)

    @property
    def ready(self) -> bool:
        """Whether everything asked for is on show."""
        return not self._timer.isActive()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the lines on show."""
        return tuple(name for name, _, _ in self._lines)

    def set_equations(self, equations: Sequence[Equation]) -> None:
        """Ask for these lines."""
        equations = tuple(equations)
        if equations == self._equations:
            return
        self._equations = equations
        self._waiting = list(equations)
        self._pending = []
        self.setAccessibleDescription(", ".join(equation.latex for equation in equations))
        self._timer.start(_AFTER_TYPING_MS if self._lines else 0)

    def set_current(self, name: str, summand: tuple[int, int] | None = None) -> None:
        """Tint the equation of this name, such as that of the editor's current line, or a summand of it.

        ``summand`` is its number from 0 and how many there are; where the equation has another number of them, all of
        it is tinted.
        """
        if (name, summand) != (self._current, self._summand):
            self._current, self._summand = name, summand
            self.update()

    def tinted(self, svg: str) -> tuple[float, float] | None:
        """Where in the picture of the current equation the tint begins and ends; ``None``: everywhere."""
        if self._summand is None:
            return None
        number, count = self._summand
        places = summands(svg)
        return places[number] if len(places) == count else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        scale = self._scale(width)
        height = sum(self._natural(picture).height() for _, _, picture in self._lines) * scale
        return round(height + _GAP * scale * max(0, len(self._lines) - 1)) + (2 * _TOP if self._lines else 0)

    def sizeHint(self) -> QSize:
        width = max((self._natural(picture).width() for _, _, picture in self._lines), default=120)
        return QSize(round(width) + self._left + _RIGHT, self.heightForWidth(max(self.width(), 200)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        scale = self._scale(self.width())
        top = float(_TOP)
        for name, svg, picture in self._lines:
            natural = self._natural(picture)
            fitting = min(scale, self._room(self.width()) / max(1.0, natural.width()))
            rect = QRectF(self._left, top, natural.width() * fitting, natural.height() * fitting)
            if name == self._current:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme().color("accent_soft"))
                ends = self.tinted(svg)
                lit = rect.adjusted(-6, -4, 6, 4)
                if ends is not None:
                    lit.setLeft(rect.left() + ends[0] * fitting - 4)
                    lit.setRight(rect.left() + ends[1] * fitting + 4)
                painter.drawRoundedRect(lit, 5, 5)
            picture.render(painter, rect)
            top += natural.height() * scale + _GAP * scale

    def _set_one(self) -> None:
        if _warm_up.failed:
            return
        if not _warm_up.ready:
            _warm_up.start()
            self._timer.start(_WARM_UP_MS)
            return
        if self._waiting:
            equation = self._waiting.pop(0)
            try:
                self._pending.append((equation.name, typeset(_marked(equation), _SIZE)))
            except (ParseError, ValueError, KeyError):
                self._pending.append((equation.name, ""))
        if self._waiting:
            self._timer.start(_NEXT_MS)
        else:
            self._show(self._pending)

    def _show(self, lines: Sequence[tuple[str, str]]) -> None:
        from PySide6.QtSvg import QSvgRenderer  # not needed for the first picture

        tokens = theme().tokens
        self._lines = [
            (name, svg, QSvgRenderer(QByteArray(colored(svg, tokens).encode()))) for name, svg in lines if svg
        ]
        self.updateGeometry()
        self.update()

    def _recolor(self) -> None:
        self._show([(name, svg) for name, svg, _ in self._lines])

    def _scale(self, width: int) -> float:
        widest = max((self._natural(picture).width() for _, _, picture in self._lines), default=1.0)
        return min(1.0, max(_SMALLEST, self._room(width) / max(1.0, widest)))

    def _room(self, width: int) -> float:
        return max(40.0, width - self._left - _RIGHT)

    @staticmethod
    def _natural(picture: QSvgRenderer) -> QRectF:
        return picture.viewBoxF()


def _marked(equation: Equation) -> str:
    """What to set: the MathML with its summands numbered, or a formula that came as LaTeX."""
    return numbered(equation.mathml) if equation.mathml else from_latex(equation.latex)
