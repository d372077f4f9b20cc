"""The plot that all others are made from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRect, QRectF, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QFrame, QGraphicsGridLayout, QGraphicsItem, QGraphicsView, QSizePolicy, QWidget

from odeplayground.gui.plots.axis import Axis, Scale
from odeplayground.gui.plots.canvas import Canvas
from odeplayground.gui.plots.names import Piece, Tag
from odeplayground.gui.plots.screen import Layer, Mapping, draw_lines
from odeplayground.gui.theme import theme

Range = tuple[float, float]

Z_RULES, Z_NAMES = -10.0, 50.0
_EDGE = 1.0


class Rules(Layer):
    """Quiet straight lines: through zero, or at the ticks of the left axis."""

    def __init__(self, axes: dict[str, Axis], at_ticks: bool) -> None:
        super().__init__(Z_RULES)
        self._axes = axes
        self._at_ticks = at_ticks

    def draw(self, painter: QPainter, mapping: Mapping, view: QRectF, exposed: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(pg.mkPen(theme().color("zero"), width=1))
        lines = [[view.left(), y, view.right(), y] for y in map(round, self._levels(mapping, view))]
        if not self._at_ticks and view.left() < mapping.tx < view.right():
            x = round(mapping.tx)
            lines.append([x, view.top(), x, view.bottom()])
        draw_lines(painter, np.array(lines, dtype=float).reshape(-1, 4))

    def _levels(self, mapping: Mapping, view: QRectF) -> list[float]:
        if not self._at_ticks:
            return [mapping.ty] if view.top() < mapping.ty < view.bottom() else []
        ends = sorted(mapping.data(QPointF(0, y))[1] for y in (view.top(), view.bottom()))
        values = self._axes["left"].tickValues(ends[0], ends[1], view.height())
        return [mapping.sy * value + mapping.ty for _, level in values for value in level]


class Plot(pg.GraphicsView):
    """A themed plot without menus or mouse modes, with axis names painted inside its corners.

    It is put together from pyqtgraph's view box and axes; its PlotWidget would bring seven menus and a form along.
    What is shown are layers, which a :class:`Canvas` paints, and above them items of the scene that move.
    """

    layout_changed = Signal()
    """The place of the plot inside the widget changed."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        x_scale: Scale = Scale.PLAIN,
        y_scale: Scale = Scale.PLAIN,
        margins: tuple[int, int, int, int] = (8, 0, 16, 4),
        axis_width: int = 30,
        grid: bool = False,
    ) -> None:
        self.axes = {"bottom": Axis("bottom", x_scale), "left": Axis("left", y_scale, axis_width)}
        super().__init__(parent, background=theme().color("surface"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)  # the canvas keeps what can be kept
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.box = pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0)
        self.box.disableAutoRange()
        self._arrange(margins)
        self._canvas = Canvas(self._repaint)
        self.rules = Rules(self.axes, at_ticks=grid)
        self.add(self.rules)
        self.x_name = Tag(self.box, Z_NAMES)
        self.y_name = Tag(self.box, Z_NAMES)
        for name in (self.x_name, self.y_name):  # they stay, and what is below them moves
            name.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.box.sigResized.connect(self._fit_axis)
        self.box.sigResized.connect(self._place_names)
        self.box.sigResized.connect(self._repaint)
        self.box.sigYRangeChanged.connect(self._fit_axis)
        self.box.sigRangeChanged.connect(self._repaint)
        theme().changed.connect(self._dress)

    def add(self, layer: Layer) -> None:
        """Put a layer into the plot."""
        self._canvas.add(layer)

    @property
    def layers(self) -> Sequence[Layer]:
        """From the lowest to the highest, for pictures elsewhere."""
        return self._canvas.layers

    def add_item(self, item: QGraphicsItem) -> None:
        """Put an item above all layers, at a place in data coordinates."""
        self.box.addItem(item, ignoreBounds=True)

    def set_names(self, x: tuple[Piece, ...], y: tuple[Piece, ...]) -> None:
        """What stands on the axes."""
        if (x, y) != (self.x_name.pieces, self.y_name.pieces):
            self.x_name.set_pieces(x)
            self.y_name.set_pieces(y)
            self._place_names()

    def set_ranges(self, x: Range, y: Range) -> None:
        """Show exactly this part of the plane."""
        if (x, y) != self.ranges:
            self.box.setRange(xRange=x, yRange=y, padding=0, disableAutoRange=True)

    @property
    def ranges(self) -> tuple[Range, Range]:
        """The visible part of the plane."""
        (x0, x1), (y0, y1) = self.box.viewRange()
        return (float(x0), float(x1)), (float(y0), float(y1))

    @property
    def area(self) -> QRectF:
        """Where the plot lies inside the widget, in its pixels."""
        return self.box.mapRectToScene(self.box.rect())  # its bounding rectangle has half a pixel more

    @property
    def mapping(self) -> Mapping:
        """From data to pixels of the widget."""
        area = self.area
        (x0, x1), (y0, y1) = self.ranges
        sx = area.width() / (x1 - x0) if x1 > x0 else 0.0
        sy = -area.height() / (y1 - y0) if y1 > y0 else 0.0
        return Mapping(sx, sy, area.left() - sx * x0, area.bottom() - sy * y0)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if event is not None:  # pyqtgraph's constructor calls this with nothing
            # Items are laid out later otherwise; whoever asks for the geometry now should get the new one.
            self.centralWidget.layout().activate()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        ground = theme().color("surface")
        self._canvas.paint(painter, self.viewport().size(), ground, self.mapping, self.area, QRectF(rect))

    def close(self) -> bool:
        """Close the widget like any other: pyqtgraph would take it apart, so that it could never be shown again."""
        return QWidget.close(self)

    def _arrange(self, margins: tuple[int, int, int, int]) -> None:
        frame = pg.GraphicsWidget()
        grid = QGraphicsGridLayout(frame)
        grid.setContentsMargins(*margins)
        grid.setSpacing(0)
        for item, row, column in ((self.axes["left"], 0, 0), (self.box, 0, 1), (self.axes["bottom"], 1, 1)):
            grid.addItem(item, row, column)
        grid.setRowStretchFactor(0, 1)
        grid.setColumnStretchFactor(1, 1)
        for axis in self.axes.values():
            axis.linkToView(self.box)
        self.setCentralItem(frame)

    def _repaint(self) -> None:
        self.viewport().update(self.area.toAlignedRect())

    def _fit_axis(self) -> None:
        self.axes["left"].fit()

    def _place_names(self) -> None:
        area = self.box.rect()
        name = self.x_name.boundingRect()
        self.x_name.setPos(round(area.right() - name.width()), round(area.bottom() - name.height()))
        self.y_name.setPos(round(area.left() + _EDGE), round(area.top()))
        self.layout_changed.emit()

    def _dress(self) -> None:
        self.setBackground(theme().color("surface"))
        for axis in self.axes.values():
            axis.dress()
        for name in (self.x_name, self.y_name):
            name.update()
        self._canvas.forget()
        self.viewport().update()
