"""Amplitudes over frequencies, on a logarithmic scale, with the strongest marked by its period."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from odeplayground.gui.plots.axis import Scale
from odeplayground.gui.plots.markers import Dot
from odeplayground.gui.plots.names import Piece, Tag
from odeplayground.gui.plots.plot import Plot
from odeplayground.gui.plots.polylines import Polylines
from odeplayground.gui.plots.stroke import Stroke, variable_token
from odeplayground.gui.plots.value_marks import spread
from odeplayground.gui.theme import symbols, variable_dash
from odeplayground.session.analysis import SpectrumPicture

_DECADES = 6.0
"""Below the strongest; what is weaker is mostly rounding and the window's own feet."""
_ROOM_ABOVE = 0.7
_MOST_LABELS = 4
_AWAY = 9.0
_LONGEST_NAME = 16


class SpectrumView(Plot):
    """One curve per row, a dot and the period at each peak."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, y_scale=Scale.LOG, axis_width=36, grid=True)
        self.setAccessibleName("Spectrum")
        self.setToolTip(
            "How strong each frequency is in the part of the time that the series show. A peak is a rhythm; many "
            "peaks at even distances are one rhythm that is no sine; a broad hill is chaos."
        )
        self._picture: SpectrumPicture | None = None
        self._lines: list[Polylines] = []
        self._dots: list[Dot] = []
        self._labels: list[Tag] = []
        self.layout_changed.connect(self._place_marks)
        self.set_ranges((0.0, 1.0), (-3.0, 0.5))

    def set_picture(self, picture: SpectrumPicture | None, unit: str) -> None:
        """Show a spectrum, or none. The unit is that of the time."""
        self._picture = picture
        rows = () if picture is None else picture.rows
        self._grow(len(rows))
        floor = self._floor()
        for i, line in enumerate(self._lines):
            if picture is None or i >= len(rows):
                line.set_curves([])
                continue
            line.set_stroke(Stroke(variable_token(rows[i].index), 1.0, 1.6, variable_dash(rows[i].index)))
            heights = np.log10(np.maximum(picture.amplitude[i], 10.0 ** (floor - 1)))
            seen = picture.frequency <= picture.highest * 1.02
            line.set_curves([np.stack([picture.frequency[seen], heights[seen]], axis=-1)])
        if picture is not None:
            top = floor + _DECADES
            self.set_ranges((0.0, picture.highest), (floor, math.ceil(2 * (top + _ROOM_ABOVE)) / 2))
        per = f"per {unit}" if unit else ""
        self.set_names((Piece("frequency", "text2", gap=5.0), Piece(per, "text2")) if rows else (), ())
        self._place_marks()
        self.setAccessibleDescription("; ".join(self.sentences(unit)))

    def sentences(self, unit: str) -> list[str]:
        """The strongest rhythm of each row in words."""
        picture = self._picture
        if picture is None:
            return []
        found = []
        for row, peak in zip(picture.rows, picture.peaks, strict=True):
            name = symbols.symbol(row.name)
            if peak is None:
                found.append(f"{name}: no rhythm")
            else:
                period = f"{symbols.significant(peak.period)} {unit}".rstrip()
                amplitude = f"{symbols.significant(peak.amplitude)} {row.unit}".rstrip()
                found.append(f"{name}: period {period}, amplitude {amplitude}")
        return found

    @property
    def peak_texts(self) -> list[str]:
        """What stands at the peaks."""
        return [label.text for label in self._labels if label.isVisible()]

    def wheelEvent(self, event: object) -> None:
        """Nothing to zoom: the part of the time that the series show decides."""

    def _floor(self) -> float:
        if self._picture is None or not self._picture.rows:
            return -3.0
        strongest = float(self._picture.amplitude[:, 1:].max())
        return (math.floor(2 * math.log10(strongest)) / 2 if strongest > 0 else 0.0) - _DECADES

    def _grow(self, count: int) -> None:
        for i in range(len(self._lines), count):
            self._lines.append(Polylines(Stroke("ink"), 5.0 - 0.01 * i))
            self.add(self._lines[-1])
            dot = Dot(12.0 + 0.01 * i, variable_token(i), 4.5, rim_width=1.8)
            dot.setParentItem(self.box)
            self._dots.append(dot)
            label = Tag(self.box, 11.0, tight=True)
            label.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
            self._labels.append(label)

    def _place_marks(self) -> None:
        mapping, area, picture = self.mapping, self.area, self._picture
        for dot, label in zip(self._dots, self._labels, strict=True):
            dot.setVisible(False)
            label.setVisible(False)
        if picture is None or not mapping.valid:
            return
        labelled: list[tuple[int, float, float, float]] = []
        for i, (row, peak) in enumerate(zip(picture.rows, picture.peaks, strict=True)):
            if peak is None or not 0 < peak.frequency <= picture.highest:
                continue
            at = mapping.point(peak.frequency, math.log10(max(peak.amplitude, 1e-300))) - area.topLeft()
            if not 0 <= at.y() <= area.height():
                continue
            self._dots[i].set_fill(variable_token(row.index))
            self._dots[i].place(at.x(), at.y())
            if len(labelled) < _MOST_LABELS:
                labelled.append((i, at.x(), at.y(), peak.period))
        tops = spread([y - 7.5 for _, _, y, _ in labelled], area.height())
        for (i, x, _, period), top in zip(labelled, tops, strict=True):
            label = self._labels[i]
            row = picture.rows[i]
            name = Piece(
                symbols.symbol(row.name)[:_LONGEST_NAME], variable_token(row.index), symbol=True, size=13, gap=5
            )
            label.set_pieces((name, Piece(f"period {symbols.significant(period)}", "text")))
            width = label.boundingRect().width()
            label.setPos(round(x + _AWAY if x + _AWAY + width <= area.width() else x - _AWAY - width), round(top))
            label.setVisible(True)
