"""States over time with their values at the moment that is shown, their spectrum, and themselves against their past."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from odeplayground.gui.panel import Panel
from odeplayground.gui.plots.series_view import SeriesView
from odeplayground.gui.theme import symbols
from odeplayground.gui.widgets.key import ColorKey, KeyEntry
from odeplayground.gui.widgets.labels import label
from odeplayground.gui.widgets.running_line import RunningLine
from odeplayground.session import Session, UserError, series, series_edits
from odeplayground.session.scene import Scene, Trajectory
from odeplayground.spec import Experiment, FieldMode, SeriesAxes, SeriesPicture

if TYPE_CHECKING:
    from odeplayground.gui.series_pages import DelayPage, SpectrumPage
    from odeplayground.gui.series_popup import SeriesPopup

_PICTURES = tuple(SeriesPicture)
_TITLES = ("Time series", "Spectrum", "Delay")


class TimeSeriesPanel(Panel):
    """The selected trajectory over time; click or drag in it to go to a time."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Time series")
        self.header.set_words(_TITLES)
        self._key = ColorKey()
        self.header.add_widget(self._key)
        self._options = self.header.add_button("sliders-horizontal", "What is shown, and on which axes")
        self._options.setObjectName("series-options")
        self._options.clicked.connect(self._open_options)
        self._pages = QStackedWidget()
        self.view = SeriesView()
        self.view.setObjectName("series-view")
        self._pages.addWidget(self.view)
        self.rows.addWidget(self._pages, 1)
        self._values = RunningLine()
        self._values.setObjectName("value-line")
        self._add_line(self._values, 2)
        self._note = label("", 12, 400, "warn")
        self._note.setObjectName("solver-note")
        self._note.setWordWrap(True)
        self._note.hide()
        self._add_line(self._note, 0)
        self._connect()
        self._show_picture(session.document.experiment)
        if session.simulation.scene is not None:
            self._show_scene(session.simulation.scene)
        self._show_samples()

    def _add_line(self, widget: QWidget, above: int) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(16, above, 16, 8)
        line.addWidget(widget)
        self.rows.addLayout(line)

    def _connect(self) -> None:
        session = self.session
        session.simulation.scene_changed.connect(self._show_scene)
        session.playback.time_changed.connect(self._show_time)
        session.training.state_changed.connect(self._show_samples)
        session.analysis.changed.connect(self._show_analysis)
        session.document.changed.connect(self._document_changed)
        self.header.tab_changed.connect(self._choose_picture)
        self.view.seek_requested.connect(self._seek)
        self.view.range_requested.connect(self._zoom)
        self.view.whole_requested.connect(self._show_whole)

    @cached_property
    def spectrum(self) -> SpectrumPage:
        from odeplayground.gui.series_pages import SpectrumPage  # not needed for the first picture

        page = SpectrumPage()
        self._pages.addWidget(page)
        return page

    @cached_property
    def delay(self) -> DelayPage:
        from odeplayground.gui.series_pages import DelayPage  # not needed for the first picture

        page = DelayPage()
        self._pages.addWidget(page)
        page.delay_requested.connect(self._set_delay)
        page.suggestion_requested.connect(self._suggest_delay)
        page.row_requested.connect(self._set_delayed)
        page.released.connect(self.session.document.seal)
        return page

    @cached_property
    def popup(self) -> SeriesPopup:
        from odeplayground.gui.series_popup import SeriesPopup  # not needed for the first picture

        popup = SeriesPopup(self)
        popup.show_requested.connect(self._set_shown)
        popup.log_requested.connect(self._set_log)
        popup.add_requested.connect(self._add_expression)
        popup.remove_requested.connect(self._remove_expression)
        popup.axes_requested.connect(self._set_axes)
        popup.whole_requested.connect(self._show_whole)
        return popup

    # What a person does

    def _open_options(self, _checked: bool = False) -> None:
        self.popup.show_experiment(self.session.document.experiment)
        self.popup.open_below(self._options)

    def _choose_picture(self, index: int) -> None:
        picture = _PICTURES[index]
        self.edit(partial(series_edits.set_picture, picture=picture), f"Show {_TITLES[index].lower()}")

    def _set_shown(self, name: str, shown: bool) -> None:
        self.edit(partial(series_edits.show, name=name, shown=shown), f"{'Show' if shown else 'Hide'} {name}")
        self.popup.show_experiment(self.session.document.experiment)  # also where it could not be hidden

    def _set_log(self, name: str, log: bool) -> None:
        kind = "Logarithmic" if log else "Plain"
        self.edit(partial(series_edits.set_log, name=name, log=log), f"{kind} axis for {name}")

    def _set_axes(self, kind: str) -> None:
        self.edit(partial(series_edits.set_axes, kind=SeriesAxes(kind)), "Axes of the time series")

    def _add_expression(self, text: str) -> None:
        document = self.session.document
        try:
            document.apply(series_edits.add_expression(document.experiment, text), f"Add {text.strip()}")
        except UserError as error:
            self.popup.tell(str(error))
        else:
            self.popup.tell("")
            self.popup.expression.clear()

    def _remove_expression(self, text: str) -> None:
        self.edit(partial(series_edits.remove_expression, text=text), f"Remove {text}")

    def _set_delay(self, delay: float) -> None:
        self.edit(partial(series_edits.set_delay, delay=delay), "Delay", "series-delay")

    def _suggest_delay(self) -> None:
        self.edit(partial(series_edits.set_delay, delay=None), "Suggested delay")

    def _set_delayed(self, name: str) -> None:
        self.edit(partial(series_edits.set_delayed, name=name), f"Delay of {name}")

    def _seek(self, time: float) -> None:
        self.session.playback.pause()
        self.session.playback.seek(time)

    def _zoom(self, low: float, high: float) -> None:
        self.edit(partial(series_edits.set_t_range, low=low, high=high), "Zoom in time", "series-zoom")

    def _show_whole(self) -> None:
        self.edit(series_edits.show_whole_span, "Whole time span")

    # What it shows

    def _document_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        if old.view.samples != new.view.samples:
            self._show_samples()
        if old.series.picture is not new.series.picture:
            self._show_picture(new)
        if (old.series, old.system, old.units) != (new.series, new.system, new.units):
            if "popup" in self.__dict__ and self.popup.isVisible():
                self.popup.show_experiment(new)
            if "delay" in self.__dict__:
                self._show_analysis()

    def _show_picture(self, experiment: Experiment) -> None:
        picture = experiment.series.picture
        self.header.set_current(_PICTURES.index(picture))
        pages: dict[SeriesPicture, Callable[[], QWidget]] = {
            SeriesPicture.SERIES: lambda: self.view,
            SeriesPicture.SPECTRUM: lambda: self.spectrum,
            SeriesPicture.DELAY: lambda: self.delay,
        }
        self._pages.setCurrentWidget(pages[picture]())
        self._show_analysis()
        if self.session.simulation.scene is not None:
            self._show_scene(self.session.simulation.scene)

    def _show_scene(self, scene: Scene) -> None:
        if self._picture is SeriesPicture.SERIES:
            self.view.set_scene(scene)
        learned = scene.learned is not None and scene.experiment.view.mode is not FieldMode.TRUE
        shown = learned and self._picture is SeriesPicture.SERIES
        self._key.set_entries([KeyEntry("learned", dashed=True)] if shown else [])
        self._show_note()
        self._show_time(self.session.playback.time)

    @property
    def _picture(self) -> SeriesPicture:
        return self.session.document.experiment.series.picture

    def _show_analysis(self) -> None:
        analysis, experiment = self.session.analysis, self.session.document.experiment
        if self._picture is SeriesPicture.SPECTRUM:
            self.spectrum.show_analysis(analysis, experiment.units.get("t", ""))
        elif self._picture is SeriesPicture.DELAY:
            self.delay.show_analysis(analysis, experiment)
        self._show_note()
        self._show_time(self.session.playback.time)

    def _show_note(self) -> None:
        scene = self.session.simulation.scene
        notes = [scene.message if scene is not None else ""]
        if self._picture is SeriesPicture.SERIES:
            notes.append(self.view.note)
        elif self.session.analysis.picture is not None:
            notes.append(self.session.analysis.picture.note)
        text = " ".join(dict.fromkeys(filter(None, notes)))
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def _show_samples(self) -> None:
        shown = self.session.document.experiment.view.samples
        self.view.set_samples(self.session.training.shown_samples if shown else None)

    def _show_time(self, time: float) -> None:
        if self._picture is SeriesPicture.SERIES:
            self.view.set_time(time)
        elif self._picture is SeriesPicture.DELAY:
            self.delay.view.set_time(time)
        elif self._picture is SeriesPicture.SPECTRUM:
            self._values.set_text(self.spectrum.summary)
            return
        scene = self.session.simulation.scene
        if scene is None or not scene.true.trajectories:
            return
        trajectory = scene.true.trajectories[scene.experiment.selected]
        self._values.set_text(_sentence(scene, trajectory, time))


def _sentence(scene: Scene, trajectory: Trajectory, time: float) -> str:
    """The values at a time, for example: at t = 5.50 s: θ = −0.73 rad, ω = 3.05 rad/s."""
    units = scene.experiment.units
    moment = f"{symbols.symbol('t')} = {symbols.number(time)} {units.get('t', '')}".rstrip()
    if trajectory.has_ended(time):
        return f"{moment}: the solution ends before"
    parts = []
    rows = series.rows(scene.experiment)
    for row, value in zip(rows, series.values_at(scene.experiment, rows, trajectory, time), strict=True):
        parts.append(f"{symbols.symbol(row.name)} = {symbols.significant(value)} {row.unit}".rstrip())
    return f"{moment}:  " + ",  ".join(parts)
