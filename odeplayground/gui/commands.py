"""What every action does. One method per name in ``actions.ACTIONS``."""

from __future__ import annotations

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from odeplayground._version import __version__
from odeplayground.gui.theme import theme
from odeplayground.session import UserError, edits, slider_edits, writing
from odeplayground.session.files import is_table, shared_text
from odeplayground.spec import Experiment, FieldMode

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QFileDialog

    from odeplayground.gui.data.sheet import DataSheet
    from odeplayground.gui.exporting.sheet import ExportSheet
    from odeplayground.gui.gallery.gallery import GallerySheet
    from odeplayground.gui.gallery.new_system import NewSystemSheet
    from odeplayground.gui.help.keys import KeysSheet
    from odeplayground.gui.main_window import MainWindow
    from odeplayground.gui.preferences.sheet import PreferencesSheet

PROJECTS = "ODE Playground project (*.odep)"
READABLE = "Projects, equations and data (*.odep *.txt *.csv *.tsv *.dat)"
TABLES = "Tables of measurements (*.csv *.tsv *.dat *.txt)"


class Commands(QObject):
    """The window's verbs. A mistake of the user's ends as a sentence in the window's notice, never as a traceback."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self._document = window.session.document

    def run(self, name: str) -> None:
        """Do the named action."""
        self._told(getattr(self, name))

    # File

    def new_system(self) -> None:
        self._new_system.open_on()

    def choose_system(self) -> None:
        self._gallery.open_on(self._document.experiment.preset)

    def open_file(self) -> None:
        path = self._ask_to_open("Open", READABLE)
        if path is not None and is_table(path):
            self.open_data(path)
        elif path is not None:
            self._session.open_file(path)

    def load_data(self) -> None:
        path = self._ask_to_open("Load data", TABLES)
        if path is not None:
            self.open_data(path)

    def new_window(self) -> None:
        self._window.windows.open()

    def close_window(self) -> None:
        self._window.close()

    def reopen_window(self) -> None:
        self._window.windows.open_closed()

    def share(self) -> None:
        text = shared_text(self._document.experiment)
        QGuiApplication.clipboard().setText(text)
        self._window.notices.show_success(
            f"The system is on the clipboard as a text of {len(text)} characters. Send it in a message; "
            "Edit > Paste system opens it in another copy."
        )

    def save(self) -> None:
        if self._document.path is None:
            self.save_as()
        else:
            self._session.save(self._document.path)

    def save_as(self) -> None:
        name = self._document.path or Path(f"{self._document.experiment.name}.odep")
        path = self._ask_to_save("Save the project", name, PROJECTS, ".odep")
        if path is not None:
            self._session.save(path)

    def export_picture(self) -> None:
        self._export.open_on("png")

    def export_data(self) -> None:
        self._export.open_on("csv")

    def export_model(self) -> None:
        from odeplayground.session.model_files import needed_run  # not needed for the first picture

        needed_run(self._document.experiment)
        self._export.open_on("zip")

    def quit(self) -> None:
        self._window.windows.close_all()

    # Edit

    def undo(self) -> None:
        self._document.undo()

    def redo(self) -> None:
        self._document.redo()

    def format_equations(self) -> None:
        self._apply(writing.tidied(self._document.experiment), "Format the equations")

    def copy_latex(self) -> None:
        QGuiApplication.clipboard().setText(writing.latex(self._document.experiment.system))
        self._window.notices.show_success("The equations are on the clipboard, as LaTeX.")

    def show_preferences(self) -> None:
        self._preferences.open_on()

    def paste_system(self) -> None:
        self._session.paste(QGuiApplication.clipboard().text())

    def keep_values(self) -> None:
        self._apply(slider_edits.keep(self._document.experiment), "Keep the values")

    def next_values(self) -> None:
        experiment = self._document.experiment
        name = slider_edits.following(experiment)
        self._apply(slider_edits.use(experiment, name), f"Take the values {name}")

    def reset_parameters(self) -> None:
        self._apply(edits.reset_parameters(self._document.experiment), "Reset parameters")

    # View

    def show_true(self) -> None:
        self._show(FieldMode.TRUE)

    def show_learned(self) -> None:
        self._show(FieldMode.LEARNED)

    def show_both(self) -> None:
        self._show(FieldMode.BOTH)

    def show_error(self) -> None:
        self._show(FieldMode.ERROR)

    def fit_view(self) -> None:
        self._session.fit_view()

    def choose_x_axis(self) -> None:
        self._window.portrait.open_axis("x")

    def choose_y_axis(self) -> None:
        self._window.portrait.open_axis("y")

    def show_layers(self) -> None:
        self._window.portrait.open_layers()

    def toggle_space(self) -> None:
        self._window.portrait.toggle_space()

    def add_view(self) -> None:
        self._window.docks.centre.views.add()

    def close_view(self) -> None:
        self._window.docks.centre.views.close_last()

    def toggle_diagram(self) -> None:
        self._window.docks.centre.toggle_diagram()

    def toggle_training_panel(self) -> None:
        self._window.training_panel.toggle()

    def toggle_theme(self) -> None:
        self._window.prefer("theme", "light" if theme().tokens.dark else "dark")

    def focus_portrait(self) -> None:
        self._window.focus_mode.toggle()

    def reset_layout(self) -> None:
        self._window.reset_layout()

    # System

    def play_pause(self) -> None:
        playback = self._session.playback
        playback.pause() if playback.playing else playback.play()

    def to_start(self) -> None:
        self._session.playback.seek(self._session.playback.span[0])

    def to_end(self) -> None:
        self._session.playback.pause()
        self._session.playback.seek(self._session.playback.span[1])

    def step_back(self) -> None:
        self._session.playback.step(-1)

    def step_forward(self) -> None:
        self._session.playback.step(1)

    def previous_sample(self) -> None:
        self._session.step_sample(-1)

    def next_sample(self) -> None:
        self._session.step_sample(1)

    def go_on(self) -> None:
        self._session.go_on()

    def start_from_last(self) -> None:
        self._session.start_from_last()

    def to_steady_state(self) -> None:
        self._session.steady.start()

    def go_to_time(self) -> None:
        self._window.tool_bar.edit_time()

    def add_bundle(self) -> None:
        self._window.portrait.add_bundle()

    def add_start(self) -> None:
        experiment = self._document.experiment
        place = edits.open_place(experiment, self._session.equilibria)
        self._apply(edits.add_start(experiment, place), "Add a starting point")

    # Train

    def train(self) -> None:
        self._session.training.start()

    def pause_training(self) -> None:
        training = self._session.training
        training.resume() if training.paused else training.pause()

    def step_training(self) -> None:
        self._session.training.step()

    def back_to_best(self) -> None:
        self._session.training.back_to_best()

    def stop_training(self) -> None:
        self._session.training.stop()

    def open_learned(self) -> None:
        from odeplayground.session.learned_document import learned_document  # not needed for the first picture

        self._window.windows.open(document=learned_document(self._document.experiment))

    # Help

    def show_help(self) -> None:
        place = self._window.help
        place.close_help() if place.is_open else place.open_help()

    def start_tour(self) -> None:
        self._window.start_tour()

    def show_keys(self) -> None:
        self._keys.open_on()

    def find_command(self) -> None:
        self._window.open_palette()

    def show_hint(self) -> None:
        self._window.show_hint()

    def about(self) -> None:
        from PySide6.QtWidgets import QMessageBox  # not needed for the first picture

        QMessageBox.about(
            self._window,
            "About ODE Playground",
            f"ODE Playground {__version__}\n\nSee dynamical systems move, and learn them from data.\n\n"
            "Free software under the MIT licence. Inter and JetBrains Mono are used under the SIL Open Font License.",
        )

    @cached_property
    def _export(self) -> ExportSheet:
        from odeplayground.gui.exporting.sheet import ExportSheet  # not needed for the first picture

        sheet = ExportSheet(self._window)
        sheet.wanted.connect(self._export_to)
        return sheet

    def _paste(self) -> None:
        self._told(self.paste_system)

    def _export_to(self, suffix: str) -> None:
        name = Path(f"{self._document.experiment.name}{suffix}")
        path = self._ask_to_save("Export", name, f"{suffix[1:].upper()} (*{suffix})", suffix)
        if path is not None:
            self._told(partial(self._export.write, path))

    @cached_property
    def _data(self) -> DataSheet:
        from odeplayground.gui.data.sheet import DataSheet  # not needed for the first picture

        sheet = DataSheet(self._window, self._session)
        sheet.accepted.connect(self._take_data)
        sheet.another_wanted.connect(self._load_another)
        return sheet

    @cached_property
    def _gallery(self) -> GallerySheet:
        from odeplayground.gui.gallery.gallery import GallerySheet  # not needed for the first picture

        gallery = GallerySheet(self._window, self._session)
        gallery.preset_chosen.connect(self.open_preset)
        gallery.file_chosen.connect(self._open_path)
        gallery.command.connect(self.run)
        return gallery

    @cached_property
    def _new_system(self) -> NewSystemSheet:
        from odeplayground.gui.gallery.new_system import NewSystemSheet  # not needed for the first picture

        sheet = NewSystemSheet(self._window, self._session)
        sheet.template_chosen.connect(self._session.new_system)
        sheet.clipboard_chosen.connect(self._paste)
        return sheet

    @cached_property
    def _preferences(self) -> PreferencesSheet:
        from odeplayground.gui.preferences.sheet import PreferencesSheet  # not needed for the first picture

        return PreferencesSheet(self._window, self._session, self._window.prefer)

    @cached_property
    def _keys(self) -> KeysSheet:
        from odeplayground.gui.help.keys import KeysSheet  # not needed for the first picture

        return KeysSheet(self._window, self._session)

    def open_data(self, path: Path) -> None:
        """Show what a table of measurements holds, and ask what it is for."""
        self._data.open_on(path)

    def _load_another(self) -> None:
        self._told(self.load_data)

    def _take_data(self) -> None:
        self._told(self._session.take_data)
        self._data.close_sheet()

    def open_preset(self, name: str) -> None:
        self._told(partial(self._session.open_preset, name))

    def _open_path(self, path: Path) -> None:
        self._told(partial(self._session.open_file, path))

    def _told(self, work: Callable[[], None]) -> None:
        try:
            work()
        except UserError as error:
            self._window.notify(str(error))

    def _apply(self, experiment: Experiment, label: str) -> None:
        self._document.apply(experiment, label)

    def _show(self, mode: FieldMode) -> None:
        self._apply(edits.set_mode(self._document.experiment, mode), f"Show {mode.label.lower()}")

    def _ask_to_open(self, title: str, kind: str) -> Path | None:
        dialog = _dialog(self._window, title, kind)
        dialog.setFileMode(dialog.FileMode.ExistingFile)
        return Path(dialog.selectedFiles()[0]) if dialog.exec() else None

    def _ask_to_save(self, title: str, name: Path, kind: str, suffix: str) -> Path | None:
        dialog = _dialog(self._window, title, kind)
        dialog.setAcceptMode(dialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(str(name))
        return named(Path(dialog.selectedFiles()[0]), suffix) if dialog.exec() else None


def named(path: Path, suffix: str) -> Path:
    """The path with this suffix: a project of another name could not be opened again.

    Raises:
        UserError: such a file exists already, and nobody was asked whether to replace it.
    """
    if path.suffix.lower() == suffix:
        return path
    whole = path.with_name(f"{path.name}{suffix}")
    if whole.exists():
        raise UserError(f"{whole.name} is there already. Choose it in the list to replace it.")
    return whole


def _dialog(window: MainWindow, title: str, kind: str) -> QFileDialog:
    from PySide6.QtWidgets import QFileDialog  # not needed for the first picture

    dialog = QFileDialog(window, title)
    dialog.setObjectName("file-dialog")
    dialog.setNameFilter(kind)
    return dialog
