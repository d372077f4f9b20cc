"""File > Export: pictures, tables, films and programs, with a look at what will come."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from odeplayground.gui.exporting import film, pictures
from odeplayground.gui.exporting.page import Contents, View
from odeplayground.gui.exporting.sources import SERIES, sources
from odeplayground.gui.gallery.sheet import EDGE, FOOTER, Sheet
from odeplayground.gui.theme import fonts
from odeplayground.gui.widgets.buttons import PlainButton, PrimaryButton
from odeplayground.gui.widgets.check_box import CheckBox
from odeplayground.gui.widgets.labels import hairline, label
from odeplayground.gui.widgets.number_field import NumberField
from odeplayground.gui.widgets.segmented import Segment, Segmented
from odeplayground.jobs import JobFactory
from odeplayground.session import UserError, exports, model_files, script
from odeplayground.session.learned_document import why_not_open

if TYPE_CHECKING:
    from odeplayground.gui.main_window import MainWindow

FORM = 452
PREVIEW_DELAY = 120
"""Milliseconds after the last change."""
SMALLEST, LARGEST = 200, 6000
"""Logical pixels of a side."""
PNG_SCALE = 2.0
_ROOM = 24
_LINES = 60

PICTURES = ("png", "svg", "pdf", "gif")
FORMATS = {
    "png": ("PNG", "Pixels, two for each on the screen: for slides and the web."),
    "svg": ("SVG", "Lines that stay sharp at every size, to be edited further."),
    "pdf": ("PDF", "A page of its own size, for papers."),
    "gif": ("GIF", "The playback as a small film."),
    "csv": ("CSV", "A table that every program reads."),
    "npz": ("NPZ", "Arrays for numpy, bit for bit."),
    "py": ("Python", "A program that makes the picture again."),
    "zip": ("Model", "What was learned, for use elsewhere: all files in one."),
}
LOOKS = {"light": "Light", "dark": "Dark", "print": "Print"}


class ExportSheet(Sheet):
    """One sheet for everything that leaves the program; it keeps what was chosen until the window is closed."""

    wanted = Signal(str)
    """Somebody wants a file with this suffix; whoever knows its name calls :meth:`write`."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__("export", "Export", window, window.session)
        self._main = window
        self.formats = Segmented([Segment(key, name, tooltip=what) for key, (name, what) in FORMATS.items()])
        self.formats.setObjectName("export-format")
        self.formats.setAccessibleName("Format")
        self.looks = Segmented([Segment(key, name) for key, name in LOOKS.items()])
        self.looks.setAccessibleName("Colors")
        self.extent = Segmented([Segment("one", "The selected one"), Segment("all", "All of them")])
        self.extent.setAccessibleName("Trajectories")
        self.views: dict[str, CheckBox] = {}
        self.parts = {key: CheckBox(text) for key, text in _PARTS.items()}
        self.described = CheckBox("Equations, values and solver with it")
        self.width_field, self.height_field = _number(900, "Width in pixels"), _number(900, "Height in pixels")
        self.seconds, self.rate = _number(8, "Seconds of the film"), _number(20, "Pictures per second")
        self._rows: dict[str, list[QWidget]] = {}
        self._pages = QStackedWidget()
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._picture.setAccessibleName("Preview")
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setFont(fonts.mono(11))
        self._text.setAccessibleName("Preview")
        self._help = label("", 12, 400, "text3")
        self._progress = label("", 12, 400, "text2")
        self._running = False
        self._later = QTimer(self, interval=PREVIEW_DELAY, singleShot=True)
        self._later.timeout.connect(self._preview)
        self._lay_out()
        self._connect()

    def open_on(self, suffix: str) -> None:
        """Open with this format chosen."""
        found = sources(self._main)
        for name, box in self.views.items():
            there = bool(found[name])
            box.setEnabled(there)
            box.setToolTip("" if there else _WHY_NOT[name])
        self.views[SERIES].setChecked(self.views[SERIES].isChecked() and bool(found[SERIES]))
        self.formats.set_current(suffix)
        self._choose()
        self.open_sheet()
        self.formats.setFocus()

    def sheet_size(self, width: int, height: int) -> tuple[int, int]:
        return min(1040, width - 2 * EDGE), min(680, height - 2 * EDGE)

    def write(self, path: Path) -> None:
        """Write the file in the background; the sheet stays until it is done.

        Raises:
            UserError: there is nothing to write.
        """
        job = self._job(path)
        self._running = True
        self._export.setEnabled(False)
        self._session.export(job)

    def close_sheet(self) -> None:
        """Close; a file that is being written is given up."""
        if self._running:
            self._session.cancel_export()
            self._ended()
        super().close_sheet()

    def contents(self) -> Contents:
        """What is on the page.

        Raises:
            UserError: nothing is chosen.
        """
        found = sources(self._main)
        views = tuple(
            View(tuple(found[name]), share)
            for (name, box), share in zip(self.views.items(), _SHARES, strict=True)
            if box.isChecked() and found[name]
        )
        if not views:
            raise UserError("Choose at least one view for the picture.")
        parts = {key: box.isChecked() for key, box in self.parts.items()}
        return Contents(self._session.document.experiment, views, **parts)

    @property
    def size_wanted(self) -> tuple[int, int]:
        """Width and height in logical pixels."""
        fields = (self.width_field, self.height_field)
        width, height = (round(min(max(field.value, SMALLEST), LARGEST)) for field in fields)
        return width, height

    def _job(self, path: Path) -> JobFactory:
        experiment, key = self._session.document.experiment, self.formats.current
        look, size = self.looks.current, self.size_wanted
        if key in ("csv", "npz"):
            every = self.extent.current == "all"
            return exports.table_job(experiment, path, every=every, described=self.described.isChecked())
        if key == "py":
            data = script.program(experiment, f"{path.stem}.svg", look=look, size=size).encode()
            return exports.bytes_job(lambda _: iter([data]), path)
        if key == "zip":
            model_files.needed_run(experiment)
            return exports.bytes_job(model_files.zipped(experiment), path)
        contents = self.contents()
        if key == "gif":
            scene = self._session.simulation.scene
            if scene is None:
                raise UserError("There is no picture yet.")
            seconds, rate = max(0.5, self.seconds.value), round(min(max(self.rate.value, 2), 50))
            return exports.bytes_job(film.gif(film.prepared(contents, scene, look, size), seconds, rate), path)
        if key == "png":
            picture = pictures.image(contents, look, size, PNG_SCALE)
            return exports.bytes_job(lambda _: iter([pictures.png(picture)]), path)
        data = (pictures.svg if key == "svg" else pictures.pdf)(contents, look, size)
        return exports.bytes_job(lambda _: iter([data]), path)

    # What is shown

    def _choose(self, _key: str = "") -> None:
        key = self.formats.current
        self._help.setText(FORMATS[key][1])
        shown = {"views": key in PICTURES, "parts": key in PICTURES, "look": key in (*PICTURES, "py")}
        shown |= {"size": key in (*PICTURES, "py"), "film": key == "gif", "table": key in ("csv", "npz")}
        for name, widgets in self._rows.items():
            for widget in widgets:
                widget.setVisible(shown[name])
        self._later.start()

    def _preview(self) -> None:
        key = self.formats.current
        if not self.isVisible():
            return
        if key in PICTURES:
            self._pages.setCurrentWidget(self._picture)
            self._show_picture()
        else:
            self._pages.setCurrentWidget(self._text)
            self._text.setPlainText(self._words(key))

    def _show_picture(self) -> None:
        try:
            contents = self.contents()
        except UserError as error:
            self._picture.setText(str(error))
            return
        width, height = self.size_wanted
        room = self._pages.size()
        scale = min((room.width() - 2) / width, (room.height() - 2) / height, 1.0)
        ratio = self.devicePixelRatioF()
        picture = pictures.image(contents, self.looks.current, (width, height), scale * ratio)
        picture.setDevicePixelRatio(ratio)
        self._picture.setPixmap(QPixmap.fromImage(picture))

    def _words(self, key: str) -> str:
        experiment = self._session.document.experiment
        if key == "zip":
            return model_files.overview(experiment) if experiment.run is not None else why_not_open(experiment)
        if key == "py":
            name = f"{experiment.name}.svg"
            return script.program(experiment, name, look=self.looks.current, size=self.size_wanted)
        count = len(experiment.starts) if self.extent.current == "all" else 1
        names = [*experiment.system.states, *(definition.name for definition in experiment.system.definitions)]
        if key == "npz":
            said = ["names: the rows of the arrays below", *(f"t{i + 1}, y{i + 1}" for i in range(min(count, _LINES)))]
            said += ["about: the text below"] if self.described.isChecked() else []
            head = "\n".join(said)
        else:
            head = ",".join(["t", *names] if count == 1 else ["trajectory", "t", *names])
        if not self.described.isChecked():
            return head
        about = exports.about(experiment).items()
        lines = [f"# {name}: {line}" for name, value in about for line in str(value).splitlines()]
        return "\n".join([head, "", *lines] if key == "npz" else [*lines, head])

    def _show_progress(self, share: float) -> None:
        if not self._running:
            return
        self._progress.setText(f"Writing, {share:.0%}")
        if share >= 1.0:
            self._ended()
            super().close_sheet()

    def _ended(self) -> None:
        self._running = False
        self._export.setEnabled(True)
        self._progress.setText("")

    # Layout

    def _lay_out(self) -> None:
        form = QGridLayout()
        form.setContentsMargins(EDGE + 8, 0, EDGE, EDGE)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(12)
        form.setColumnMinimumWidth(0, 64)
        form.addWidget(self.formats, 0, 0, 1, 2)
        form.addWidget(self._help, 1, 0, 1, 2)
        views = QVBoxLayout()
        for name, checked in (("Portrait", True), (SERIES, True), ("Bifurcation diagram", False)):
            self.views[name] = CheckBox(name)
            self.views[name].setChecked(checked)
            views.addWidget(self.views[name])
        parts = QVBoxLayout()
        for box in self.parts.values():
            box.setChecked(True)
            parts.addWidget(box)
        self.described.setChecked(True)
        table = QVBoxLayout()
        table.addWidget(self.extent)
        table.addWidget(self.described)
        size = _line(self.width_field, _word("by"), self.height_field, _word("pixels"))
        motion = _line(self.seconds, _word("s, with"), self.rate, _word("pictures per second"))
        rows = (
            ("views", "Views", views), ("parts", "With", parts), ("look", "Colors", _line(self.looks)),
            ("size", "Size", size), ("film", "Film", motion), ("table", "Trajectories", table),
        )  # fmt: skip
        for number, (key, name, inside) in enumerate(rows, start=2):
            holder, word = QWidget(), label(name, 12, 400, "text2")
            inside.setContentsMargins(0, 0, 0, 0)
            holder.setLayout(inside)
            word.setContentsMargins(0, 5, 0, 0)
            form.addWidget(word, number, 0, Qt.AlignmentFlag.AlignTop)
            form.addWidget(holder, number, 1)
            self._rows[key] = [word, holder]
        form.setRowStretch(len(rows) + 2, 1)
        left = QWidget()
        left.setFixedWidth(FORM)
        left.setLayout(form)
        self._pages.addWidget(self._picture)
        self._pages.addWidget(self._text)
        right = QVBoxLayout()
        right.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        right.addWidget(self._pages)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(left)
        middle.addWidget(hairline(vertical=True))
        middle.addLayout(right, 1)
        self.rows.addLayout(middle, 1)
        self.rows.addWidget(hairline())
        self.rows.addWidget(self._footer())

    def _footer(self) -> QWidget:
        footer = QWidget()
        footer.setFixedHeight(FOOTER)
        row = QHBoxLayout(footer)
        row.setContentsMargins(EDGE + 8, 0, 24, 0)
        row.setSpacing(8)
        row.addWidget(self._progress)
        row.addStretch(1)
        cancel = PlainButton("Cancel")
        cancel.clicked.connect(self.close_sheet)
        self._export = PrimaryButton("Export…")
        self._export.setObjectName("export-button")
        self._export.clicked.connect(self._clicked)
        row.addWidget(cancel)
        row.addWidget(self._export)
        return footer

    def _connect(self) -> None:
        self.formats.current_changed.connect(self._choose)
        for words in (self.looks, self.extent):
            words.current_changed.connect(self._changed)
        for box in (*self.views.values(), *self.parts.values(), self.described):
            box.clicked.connect(self._changed)
        for field in (self.width_field, self.height_field):
            field.number_entered.connect(self._changed)
        self._session.export_changed.connect(self._show_progress)

    def _changed(self, _value: object = None) -> None:
        self._later.start()

    def _clicked(self, _checked: bool = False) -> None:
        self.wanted.emit(f".{self.formats.current}")


_PARTS = {"title": "Title", "equations": "Equations", "values": "Values of parameters and start"}
_SHARES = (1.6, 1.0, 1.4)
_WHY_NOT = {
    "Portrait": "A portrait in space is not drawn with lines; turn it flat first.",
    SERIES: "The time series is hidden.",
    "Bifurcation diagram": "Open the bifurcation diagram first (Ctrl+B).",
}


def _number(value: float, name: str) -> NumberField:
    field = NumberField(value)
    field.setAccessibleName(name)
    field.setToolTip(name)
    return field


def _word(text: str) -> QLabel:
    return label(text, 12, 400, "text3")


def _line(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row
