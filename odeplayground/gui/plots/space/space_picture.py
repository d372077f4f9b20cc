"""What is seen in space: the box with its numbers, curves, cycles, equilibria, samples and starting points."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from odeplayground.gui.plots import native_lines, ticks
from odeplayground.gui.plots.latest import same
from odeplayground.gui.plots.markers import SIGNS, paint_sign
from odeplayground.gui.plots.names import axis_text
from odeplayground.gui.plots.projection import Projection
from odeplayground.gui.plots.sample_points import projected
from odeplayground.gui.plots.screen import Floats, Mapping, draw_lines, draw_polyline
from odeplayground.gui.plots.section_dots import draw_dots
from odeplayground.gui.plots.space import edges
from odeplayground.gui.plots.space.camera import Eye, Range
from odeplayground.gui.plots.space.fading import LEVELS, Seen, Strands, opacity
from odeplayground.gui.plots.stroke import Stroke, variable_token
from odeplayground.gui.theme import fonts, theme
from odeplayground.session import axes, view_edits
from odeplayground.session.scene import EquilibriumMark, Portrait, Scene
from odeplayground.session.section_job import SectionPoints
from odeplayground.spec import Experiment, FieldMode, Samples

_PIXELS = Mapping(1.0, 1.0, 0.0, 0.0)
_NUMBERS_AT, _NAME_AT = 13.0, 34.0
"""Pixels from an edge of the box."""
_UNIT_OF_ANGLES = "rad"


@dataclass(frozen=True)
class Kind:
    """How curves of one kind look; a learned one is violet."""

    bundle: Stroke
    selected: Stroke
    cycle: Stroke


_TRUE = Kind(
    bundle=Stroke("bundle", 0.75, over_surface=True),
    selected=Stroke("ink", width=1.6, over_surface=True),
    cycle=Stroke("cycle", width=3.0, over_surface=True),
)
_LEARNED = Kind(
    bundle=Stroke("learned", 0.5, over_surface=True),
    selected=Stroke("learned", width=1.6, over_surface=True),
    cycle=Stroke("learned", width=3.0, over_surface=True),
)


class _Strand:
    """Curves of one kind with what they are made from, and as they are seen."""

    def __init__(self) -> None:
        self.source: tuple[object, ...] = ()
        self.curves = Strands()
        self.seen: Seen | None = None
        self.stroke = Stroke("ink")
        self.numbers: list[int] = []
        """Which trajectory each curve is; empty for what is none."""


class SpacePicture:
    """The parts of one scene, projected anew when the eye moves and put together anew when they change."""

    def __init__(self) -> None:
        self._scene: Scene | None = None
        self._projection = Projection("", "", (), z="")
        self._samples: Samples | None = None
        self._order: tuple[int, ...] = (0, 1, 2)
        self._kept: dict[str, _Strand] = {}
        self._drawn: list[_Strand] = []
        """From the bottom to the top."""
        self._section: tuple[SectionPoints | None, bool] = (None, False)
        self._eye: Eye | None = None

    @property
    def projection(self) -> Projection:
        """Its axes."""
        return self._projection

    def set_scene(self, scene: Scene, samples: Samples | None) -> None:
        """Take over a scene."""
        self._order = _order(scene.experiment)
        flat = Projection.of(scene.experiment)
        x, y, z = (flat.names[k] for k in self._order)
        projection = replace(flat, x=x, y=y, z=z)
        if projection != self._projection:  # otherwise the same object, so that unchanged curves are known again
            self._projection = projection
        self._scene, self._samples = scene, samples
        self._drawn = [strand for strand in self._strands() if len(strand.curves)]
        self._eye = None

    def set_section(self, points: SectionPoints | None, old: bool) -> None:
        """Take over the points of a Poincaré section."""
        self._section = points, old

    def ranges(self) -> tuple[Range, Range, Range]:
        """What the axes show, in their order."""
        assert self._scene is not None
        found = view_edits.ranges(self._scene.experiment.view)
        one, two, three = (found[k] for k in self._order)
        return one, two, three

    def look(self, eye: Eye) -> None:
        """Project everything for this eye."""
        if eye != self._eye:
            self._eye = eye
            for strand in self._drawn:
                strand.seen = strand.curves.seen(eye)

    def marks(self) -> tuple[tuple[EquilibriumMark, bool], ...]:
        """The equilibria that are drawn, each with whether it is a learned one, learned ones first."""
        if self._scene is None or not self._scene.experiment.view.equilibria:
            return ()
        true, learned = self._fields()
        found = [(mark, True) for mark in (learned.equilibria if learned else ())]
        return (*found, *((mark, False) for mark in (true.equilibria if true else ())))

    def place(self, time: float, state: Sequence[float] | Floats) -> QPointF | None:
        """Where a state is seen; ``None`` where it is not."""
        assert self._eye is not None
        point = np.array([self._projection.point(time, state)])
        if not np.isfinite(point).all() or np.abs(point).max() > 1e100:
            return None
        pixel = self._eye.seen(point)[0][0]
        return QPointF(*pixel.tolist()) if np.isfinite(pixel).all() else None

    def starts(self) -> Floats:
        """Where the starting points are seen, (k, 2), NaN where they are not; none if they are not drawn."""
        assert self._eye is not None
        assert self._scene is not None
        experiment = self._scene.experiment
        if not experiment.view.trajectories or not experiment.starts:
            return np.empty((0, 2))
        begin = experiment.t_span[0]
        points = np.array([self._projection.point(begin, start) for start in experiment.starts])
        return self._eye.seen(points)[0]

    def trajectory_at(self, at: QPointF, tolerance: float) -> int | None:
        """The number of the trajectory at a pixel, the upper ones first."""
        for strand in reversed(self._drawn):
            hit = strand.seen.hit(at.x(), at.y(), tolerance) if strand.numbers and strand.seen else None
            if hit is not None:
                return strand.numbers[hit]
        return None

    def draw(self, painter: QPainter) -> None:
        """Paint all of it, in logical pixels."""
        if self._eye is None or self._scene is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view = QRectF(0, 0, self._eye.width, self._eye.height)
        self._draw_box(painter)
        for level in range(LEVELS):
            for strand in self._drawn:
                _draw_lines(painter, strand, level, view)
        self._draw_section(painter, view)
        self._draw_samples(painter)
        self._draw_marks(painter)
        self._draw_starts(painter)

    # Curves

    def _fields(self) -> tuple[Portrait | None, Portrait | None]:
        """What is shown of the true field and of the learned one."""
        assert self._scene is not None
        mode = self._scene.experiment.view.mode
        true = self._scene.true if mode is not FieldMode.LEARNED or self._scene.learned is None else None
        learned = self._scene.learned if mode in (FieldMode.LEARNED, FieldMode.BOTH) else None
        return true, learned

    def _strands(self) -> Iterator[_Strand]:
        """The curves of the scene by kinds, from the bottom to the top."""
        assert self._scene is not None
        view, chosen = self._scene.experiment.view, self._scene.experiment.selected
        true, learned = self._fields()
        for key, portrait, kind in (("true", true, _TRUE), ("learned", learned, _LEARNED)):
            if portrait is None:
                continue
            if view.cycles:
                yield self._cycles(f"{key} cycles", portrait, kind)
            if view.trajectories:
                others = [i for i in range(len(portrait.trajectories)) if i != chosen]
                yield self._runs(f"{key} bundle", portrait, others, kind.bundle)
                selected = [chosen] if 0 <= chosen < len(portrait.trajectories) else []
                yield self._runs(f"{key} selected", portrait, selected, kind.selected)

    def _runs(self, key: str, portrait: Portrait, numbers: list[int], stroke: Stroke) -> _Strand:
        runs = [portrait.trajectories[i] for i in numbers]
        arrays = [array for run in runs for array in (run.t, run.y)]
        projection = self._projection
        return self._strand(key, stroke, numbers, arrays, lambda: [projection.forward(run) for run in runs])

    def _cycles(self, key: str, portrait: Portrait, kind: Kind) -> _Strand:
        curves = [mark.curve for mark in portrait.cycles if mark.curve.shape[1] == len(self._order)]
        order = list(self._order)
        return self._strand(key, kind.cycle, [], curves, lambda: [curve[:, order] for curve in curves])

    def _strand(
        self, key: str, stroke: Stroke, numbers: list[int], source: Sequence[object], make: Callable[[], list[Floats]]
    ) -> _Strand:
        """Curves that are made only if their source is another one."""
        whole = (self._projection, *source)
        strand = self._kept.setdefault(key, _Strand())
        if not same(whole, strand.source):
            strand.source, strand.curves = whole, Strands(make())
        strand.stroke, strand.numbers = stroke, numbers
        return strand

    # The box

    def _draw_box(self, painter: QPainter) -> None:
        eye = self._eye
        assert eye is not None
        labelled = edges.labelled(eye)
        found = [self._ticks(edge) for edge in labelled]
        shares = [edges.shares(values, eye.ranges[axis]) for axis, (values, _) in enumerate(found)]
        faces = edges.faces_behind(eye)
        grid = [
            edges.across(face, axis, share)
            for face in faces
            for axis in range(3)
            if axis != face[0]
            for share in shares[axis]
        ]
        rims = [edges.corners(face)[[k, (k + 1) % 4]] for face in faces for k in range(4)]
        for token, lines in (("zero", grid), ("sep", rims)):
            painter.setPen(QPen(theme().color(token), 1))
            if lines:
                draw_lines(painter, eye.seen_in_box(np.concatenate(lines).T)[0].reshape(-1, 4))
        for edge in labelled:
            self._draw_labels(painter, edge, shares[edge.axis], found[edge.axis][1])

    def _ticks(self, edge: edges.Edge) -> tuple[list[float], list[str]]:
        """The numbers at an edge, and what they say."""
        eye, axis = self._eye, edge.axis
        assert eye is not None
        assert self._scene is not None
        pixels, _ = eye.seen_in_box(edge.ends.T)
        length = max(float(np.hypot(*(pixels[1] - pixels[0]))), 1.0)
        ends, name = eye.ranges[axis], self._projection.names[axis]
        is_angle = self._scene.experiment.units.get(name) == _UNIT_OF_ANGLES or name in self._projection.wrap
        step = ticks.angle_step(ends[1] - ends[0], length, edges.ROOM) if is_angle else None
        if step is not None:
            values = ticks.positions(ends[0], ends[1], step)
            return values, [ticks.angle(value) for value in values]
        return edges.values(ends, length)

    def _draw_labels(self, painter: QPainter, edge: edges.Edge, shares: list[float], labels: list[str]) -> None:
        eye = self._eye
        assert eye is not None
        out = edges.label_side(eye, edge)
        painter.setFont(fonts.ui(11))
        painter.setPen(theme().color("tick"))
        metrics = painter.fontMetrics()
        widths = [metrics.horizontalAdvance(text) for text in labels]
        places = np.array([edge.at(share) for share in shares]).reshape(-1, 3)
        for pixel, text, wide in zip(eye.seen_in_box(places.T)[0], labels, widths, strict=True):
            _text_at(painter, pixel + out * (_NUMBERS_AT + 0.4 * wide * abs(out[0])), text)
        self._draw_name(painter, edge, out, max(widths, default=0))

    def _draw_name(self, painter: QPainter, edge: edges.Edge, out: Floats, wide: int) -> None:
        assert self._eye is not None
        assert self._scene is not None
        name = self._projection.names[edge.axis]
        unit = self._scene.experiment.units.get(name, "")
        pixel = self._eye.seen_in_box(edge.at(0.5)[:, None])[0][0] + out * (_NAME_AT + 0.8 * wide * abs(out[0]))
        painter.setFont(fonts.math(16))
        painter.setPen(theme().color(variable_token(self._projection.index(name))))
        _text_at(painter, pixel, axis_text(name))
        if unit:
            offset = 0.5 * painter.fontMetrics().horizontalAdvance(axis_text(name)) + 6
            painter.setFont(fonts.ui(11))
            painter.setPen(theme().color("text2"))
            width = painter.fontMetrics().horizontalAdvance(unit)
            _text_at(painter, pixel + np.array([offset + 0.5 * width, 1.0]), unit)

    # Signs

    def _draw_section(self, painter: QPainter, view: QRectF) -> None:
        points, old = self._section
        if self._eye is not None and points is not None and len(points.y) == len(self._projection.states):
            pixels, _ = self._eye.seen(self._projection.scattered(points.t, points.y))
            draw_dots(painter, pixels[np.isfinite(pixels).all(axis=1)], view, old)

    def _draw_samples(self, painter: QPainter) -> None:
        assert self._scene is not None
        assert self._eye is not None
        if self._samples is None or not self._scene.experiment.view.samples:
            return
        pixels, _ = self._eye.seen(projected(self._samples, self._projection))
        painter.setPen(QPen(theme().color("text2", 0.9), 1))
        painter.setBrush(theme().color("surface"))
        for x, y in pixels[np.isfinite(pixels).all(axis=1)].tolist():
            painter.drawEllipse(QPointF(x, y), 2.75, 2.75)

    def _draw_marks(self, painter: QPainter) -> None:
        for mark, learned in self.marks():
            place = self.place(math.nan, mark.state)
            if place is not None:
                paint_sign(painter, place, SIGNS[mark.kind], learned)

    def _draw_starts(self, painter: QPainter) -> None:
        assert self._scene is not None
        experiment = self._scene.experiment
        painter.setBrush(theme().color("surface"))
        pens = {chosen: QPen(theme().color("ink" if chosen else "bundle"), 1.8) for chosen in (False, True)}
        for i, (x, y) in enumerate(self.starts().tolist()):
            if math.isfinite(x) and math.isfinite(y):
                painter.setPen(pens[i == experiment.selected])
                painter.drawEllipse(QPointF(x, y), 4.2, 4.2)


def _order(experiment: Experiment) -> tuple[int, ...]:
    """How the axes stand: the time first, states in their order, so that the last one points up."""
    names, states = axes.names(experiment.view), experiment.system.states

    def rank(k: int) -> int:
        name = names[k]
        return -1 if name == axes.TIME else states.index(name) if name in states else len(states)

    return tuple(sorted(range(3), key=rank))


def _draw_lines(painter: QPainter, strand: _Strand, level: int, view: QRectF) -> None:
    if strand.seen is None or not strand.seen.bundles[level].starts.size:
        return
    bundle, stroke = strand.seen.bundles[level], strand.stroke
    faded = replace(stroke, alpha=stroke.alpha * opacity(level))
    if native_lines.are_drawn_here(painter):
        native_lines.draw(painter, bundle, _PIXELS, view, faded)
        return
    painter.setPen(faded.pen())
    for start, stop in zip(bundle.starts.tolist(), bundle.stops.tolist(), strict=True):
        draw_polyline(painter, np.clip(bundle.points[start:stop], -1e6, 1e6))


def _text_at(painter: QPainter, middle: Floats, text: str) -> None:
    box = QRectF(middle[0] - 100, middle[1] - 12, 200, 24)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
