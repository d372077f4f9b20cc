"""The pages behind the time series: spectrum and delay, with what belongs below the plots."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from odeplayground.gui.plots.delay_view import DelayView
from odeplayground.gui.plots.spectrum_view import SpectrumView
from odeplayground.gui.theme import fonts, symbols
from odeplayground.gui.widgets.labels import label
from odeplayground.gui.widgets.number_field import NumberField
from odeplayground.gui.widgets.slider import Slider
from odeplayground.session import series
from odeplayground.session.analysis import Analysis, DelayPicture, SpectrumPicture, delayed_row
from odeplayground.spec import Experiment


class SpectrumPage(QWidget):
    """The spectrum, and how fine it can be."""

    def __init__(self) -> None:
        super().__init__()
        self.view = SpectrumView()
        self.summary = ""
        """The strongest rhythms in words."""
        self._resolution = label("", 12, 400, "text2")
        self._resolution.setWordWrap(True)
        column = _column(self)
        column.addWidget(self.view, 1)
        line = QHBoxLayout()
        line.setContentsMargins(16, 4, 16, 2)
        line.addWidget(self._resolution)
        column.addLayout(line)

    def show_analysis(self, analysis: Analysis, unit: str) -> None:
        """Take over what there is."""
        picture = analysis.picture if isinstance(analysis.picture, SpectrumPicture) else None
        self.view.set_picture(picture, unit)
        self.summary = ";  ".join(self.view.sentences(unit))
        if picture is None:
            self._resolution.setText(analysis.message or ("Computing…" if analysis.busy else ""))
            return
        length = f"{symbols.significant(picture.span[1] - picture.span[0])} {unit}".rstrip()
        self._resolution.setText(
            f"Of {length}: frequencies closer than {symbols.significant(2 * picture.resolution, 2)} are one peak. "
            "A longer time span tells more apart."
        )


class DelayPage(QWidget):
    """The delay picture, which row it is of, and the delay on a slider."""

    delay_requested = Signal(float)
    suggestion_requested = Signal()
    row_requested = Signal(str)
    released = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.view = DelayView()
        self._menu = QMenu(self)
        self._row = QToolButton()
        self._row.setFont(fonts.math(15))
        self._row.setAccessibleName("Which row is delayed")
        self._row.setToolTip("Which state or expression is drawn against its past")
        self._row.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._row.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._row.setMenu(self._menu)
        self._names: tuple[str, ...] = ()
        tau = QLabel(symbols.symbol("tau"))
        tau.setFont(fonts.math(15))
        self.slider = Slider(0.0, 1.0, 0.0)
        self.slider.setObjectName("delay-slider")
        self.slider.setAccessibleName("Delay")
        self.slider.setToolTip("The delay. A double click takes the one that the autocorrelation suggests.")
        self.field = NumberField()
        self.field.setAccessibleName("Delay")
        self.field.setToolTip("Type a delay; the tick on the slider is the suggested one.")
        self._problem = label("", 12, 400, "text2")
        self._problem.setWordWrap(True)
        self._problem.hide()
        self._lay_out(tau)
        self.slider.value_changed.connect(self.delay_requested)
        self.slider.released.connect(self.released)
        self.slider.reset_requested.connect(self.suggestion_requested)
        self.field.number_entered.connect(self.delay_requested)
        self._menu.triggered.connect(self._chosen)

    def show_analysis(self, analysis: Analysis, experiment: Experiment) -> None:
        """Take over what there is."""
        self._show_rows(experiment)
        picture = analysis.picture if isinstance(analysis.picture, DelayPicture) else None
        self.view.set_picture(picture)
        sentence = "" if picture is not None else analysis.message or ("Computing…" if analysis.busy else "")
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        if picture is None:
            return
        self.slider.set_range(0.0, picture.longest)
        self.slider.set_default(picture.suggested)
        if not self.slider.dragging:
            self.slider.set_value(picture.delay)
        self.field.set_number(picture.delay, symbols.significant(picture.delay))

    def _show_rows(self, experiment: Experiment) -> None:
        names = tuple(row.name for row in series.rows(experiment))
        if names != self._names:
            self._names = names
            self._menu.clear()
            for name in names:
                self._menu.addAction(name).setData(name)
        self._row.setText(f"{symbols.symbol(delayed_row(experiment).name)[:12]} ▾")

    def _chosen(self, action: QAction) -> None:
        self.row_requested.emit(action.data())

    def _lay_out(self, tau: QLabel) -> None:
        column = _column(self)
        column.addWidget(self.view, 1)
        column.addWidget(self._problem)
        line = QHBoxLayout()
        line.setContentsMargins(10, 4, 16, 2)
        line.setSpacing(8)
        for widget in (self._row, tau):
            line.addWidget(widget)
        line.addWidget(self.slider, 1)
        line.addWidget(self.field)
        column.addLayout(line)


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column
