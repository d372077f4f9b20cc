"""The window: menus, tool bar, docks, and what ties them to the session."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QElapsedTimer, QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QMenu

from odeplayground.gui import layout
from odeplayground.gui.actions import ACTIONS, MENUS
from odeplayground.gui.bridge import Bridge
from odeplayground.gui.commands import Commands
from odeplayground.gui.file_drops import FileDrops
from odeplayground.gui.focus import HeaderClicks
from odeplayground.gui.ghost_curves import GhostCurves
from odeplayground.gui.notices import Notices
from odeplayground.gui.panels.portrait import PortraitPanel
from odeplayground.gui.panels.training import TrainingPanel
from odeplayground.gui.preferences.effects import resolved, take_effect
from odeplayground.gui.recent_menu import RecentMenu
from odeplayground.gui.room import RightColumn, fit_to_screen, keep_on_screen
from odeplayground.gui.theme import theme
from odeplayground.gui.tool_bar import ToolBar
from odeplayground.gui.widgets.number_field import NumberField
from odeplayground.gui.windows import Windows
from odeplayground.gui.words import tr
from odeplayground.session import Session
from odeplayground.session.scene import Scene
from odeplayground.spec import Experiment, FieldMode

if TYPE_CHECKING:
    from odeplayground.gui.chooser import Chooser
    from odeplayground.gui.focus import FocusMode
    from odeplayground.gui.help.place import HelpPlace
    from odeplayground.gui.tour.tour import Tour

FRAME = 16
"""Milliseconds between two frames of the playback."""
AFTER_FIRST_PICTURE = 400
"""Milliseconds until torch and scipy are loaded in the background."""


class MainWindow(QMainWindow):
    """The whole app in one window."""

    session: Session

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("main-window")
        self.setDockOptions(QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AnimatedDocks)
        self.session = session
        theme().set_palette(session.preferences.palette)
        theme().set(resolved(session.preferences.theme))
        self.bridge = Bridge(session, self)
        self.commands = Commands(self)
        self.actions_by_name = self._make_actions()
        self._make_menus()
        self.tool_bar = ToolBar(session, self.actions_by_name)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.tool_bar)
        self.docks = layout.build(self, session)
        self.notices = Notices(self)
        self._clock = QElapsedTimer()
        self._playing = self._timer(FRAME, self._play)
        self._autosave = self._timer(1000 * session.preferences.autosave_seconds, session.autosave)
        self._connect()
        self._clicks = HeaderClicks(self)
        self._drops = FileDrops(self)
        self._ghosts = GhostCurves(session, self.portrait.view, self.docks.time_series)
        self._right = RightColumn(self.docks.right)
        fit_to_screen(self)
        self._laid_out = self._painted = False

    @cached_property
    def windows(self) -> Windows:
        """All windows of the program, of which this is one."""
        windows = Windows()
        windows.add(self)
        return windows

    @property
    def portrait(self) -> PortraitPanel:
        """The panel in the middle."""
        return self.docks.portrait

    @property
    def training_panel(self) -> TrainingPanel:
        """The panel at the bottom."""
        return self.docks.training_panel

    def notify(self, sentence: str) -> None:
        """Tell the user something that went wrong, without stopping them."""
        self.notices.show_sentence(sentence)

    def reset_layout(self) -> None:
        """Bring the frame back."""
        layout.place(self, self.docks)
        layout.size(self, self.docks)

    @cached_property
    def _palette(self) -> Chooser:
        from odeplayground.gui.chooser import Chooser  # not needed for the first picture
        from odeplayground.gui.palette import HINT, typed

        palette = Chooser("command-palette", HINT, self, partial(typed, self))
        palette.chosen.connect(self._found)
        return palette

    def _found(self, key: str) -> None:
        from odeplayground.gui.palette import follow

        follow(self, key)

    def open_palette(self) -> None:
        """Show the list of everything that can be found by typing."""
        from odeplayground.gui.palette import choices  # not needed for the first picture

        width = 520
        corner = self.mapToGlobal(QPoint((self.width() - width) // 2, 72))
        self._palette.open_at(corner, width, choices(self))

    @cached_property
    def help(self) -> HelpPlace:
        """The help beside the portrait."""
        from odeplayground.gui.help.place import HelpPlace  # not needed for the first picture

        return HelpPlace(self)

    @cached_property
    def focus_mode(self) -> FocusMode:
        """Hides the panels around one of them."""
        from odeplayground.gui.focus import FocusMode  # not needed for the first picture

        return FocusMode(self)

    @cached_property
    def tour(self) -> Tour:
        """The tour through the window."""
        from odeplayground.gui.tour.tour import Tour  # not needed for the first picture

        return Tour(self)

    def start_tour(self) -> None:
        """Begin the tour, or go on where it was left."""
        self.tour.start()

    def prefer(self, name: str, value: object) -> None:
        """Change a preference, remember it, and put it into effect."""
        self.session.remember(**{name: value})
        take_effect(self)

    def set_autosave(self, seconds: int) -> None:
        """How often to look whether there is something to keep."""
        self._autosave.setInterval(1000 * seconds)

    def edit_parameter(self, name: str) -> None:
        """Put the text cursor into the number of a parameter."""
        field = self.docks.parameters.findChild(NumberField, f"field-{name}")
        if field is not None:
            field.setFocus()
            field.selectAll()

    def show_hint(self) -> None:
        """Show the three first steps."""
        self.notices.show_hint()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._laid_out:
            self._laid_out = True
            layout.size(self, self.docks)
            self._restore_geometry()
            self.portrait.view.setFocus()
            QTimer.singleShot(0, self, partial(keep_on_screen, self))  # when the frame is around it

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self._begin)  # when the panels are painted too

    def _begin(self) -> None:
        """Numbers wait until the window is painted, and what is heavy until the first picture is there."""
        if self.session.preferences.play_at_start:
            self.session.playback.play()
        self.session.simulation.scene_changed.connect(self._pictured)
        self.session.start()

    def _pictured(self, scene: Scene) -> None:
        """The first picture is there."""
        self.session.simulation.scene_changed.disconnect(self._pictured)
        QTimer.singleShot(AFTER_FIRST_PICTURE, self, self.session.warm_up)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.tool_bar.fit(event.size().width())
        self._right.fit(event.size().width())

    def closeEvent(self, event: QCloseEvent) -> None:
        self._playing.stop()
        self._autosave.stop()
        if "focus_mode" in self.__dict__:
            self.focus_mode.leave()
        if "help" in self.__dict__:
            self.help.close_help()
        self.session.remember(
            geometry=_text(self.saveGeometry()),
            layout=_text(self.saveState()),
            training_open=self.training_panel.is_open,
        )
        self.session.keeper.geometry = _text(self.saveGeometry())
        self.bridge.close()
        self.session.close()
        super().closeEvent(event)
        if "windows" in self.__dict__:
            self.windows.forget(self)

    def _restore_geometry(self) -> None:
        preferences = self.session.preferences
        if preferences.training_open and not self.training_panel.is_open:
            self.training_panel.toggle()
        if geometry := self.session.keeper.geometry or preferences.geometry:
            self.restoreGeometry(_bytes(geometry))
        if preferences.layout:
            self.restoreState(_bytes(preferences.layout))
            self.notices.settle()

    def _timer(self, milliseconds: int, work: object) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(milliseconds)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(work)
        return timer

    def _connect(self) -> None:
        session = self.session
        session.document.changed.connect(self._document_changed)
        session.document.saved.connect(self._show_title)
        session.playback.playing_changed.connect(self._playing_changed)
        session.problem.connect(self.notify)
        session.notice.connect(self.notices.show_success)
        session.comparison.changed.connect(self._comparison_changed)
        session.training.state_changed.connect(self._update_actions)
        self.tool_bar.command.connect(self.commands.run)
        self.training_panel.command.connect(self.commands.run)
        self.training_panel.attention.connect(self.docks.inspector.show_panel)
        self._autosave.start()
        self._document_changed(session.document.experiment, session.document.experiment, "")
        self._playing_changed(session.playback.playing)

    def _make_actions(self) -> dict[str, QAction]:
        actions = {}
        for spec in ACTIONS:
            action = QAction(tr(spec.text), self)
            action.setShortcut(QKeySequence(spec.shortcut))
            action.setStatusTip(tr(spec.help))
            action.setToolTip(tr(spec.help))
            action.triggered.connect(partial(self._run, spec.name))
            self.addAction(action)
            actions[spec.name] = action
        return actions

    def _run(self, name: str, _checked: bool = False) -> None:
        self.commands.run(name)

    def _make_menus(self) -> None:
        menus = {name: QMenu(tr(name), self) for name in MENUS}
        for spec in ACTIONS:
            if spec.separator:
                menus[spec.menu].addSeparator()
            menus[spec.menu].addAction(self.actions_by_name[spec.name])
            if spec.name == "open_file":
                menus[spec.menu].addMenu(RecentMenu(self))
        for menu in menus.values():
            self.menuBar().addMenu(menu)

    def _document_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        self._show_title()
        self._update_actions()

    def _show_title(self) -> None:
        document = self.session.document
        mark = "*" if document.dirty else ""
        self.setWindowTitle(f"{document.path.name if document.path else document.experiment.name}{mark}")

    def _comparison_changed(self) -> None:
        if self.session.comparison.message:
            self.notify(self.session.comparison.message)

    def _update_actions(self) -> None:
        document, training = self.session.document, self.session.training
        undo, redo = self.actions_by_name["undo"], self.actions_by_name["redo"]
        undo.setText(f"{tr('Undo')} {_inside(document.undo_label)}" if document.undo_label else tr("Undo"))
        undo.setEnabled(document.undo_label is not None)
        redo.setText(f"{tr('Redo')} {_inside(document.redo_label)}" if document.redo_label else tr("Redo"))
        redo.setEnabled(document.redo_label is not None)
        for name in ("open_learned", "export_model"):
            self.actions_by_name[name].setEnabled(document.experiment.run is not None)
        for mode in FieldMode:
            self.actions_by_name[f"show_{mode}"].setEnabled(not self.session.why_not_mode(mode))
        self.actions_by_name["train"].setEnabled(not training.running and not training.paused)
        self.actions_by_name["pause_training"].setEnabled(training.running or training.paused)
        self.actions_by_name["step_training"].setEnabled(training.paused)
        self.actions_by_name["stop_training"].setEnabled(training.running or training.paused)

    def _playing_changed(self, playing: bool) -> None:
        if playing:
            self._clock.start()
            self._playing.start()
        else:
            self._playing.stop()

    def _play(self) -> None:
        # While training or dragging, a third of the frames: worker and curves need the time.
        in_need = self.session.training.running or self.session.simulation.hurried
        if in_need and self._clock.elapsed() < 3 * FRAME:
            return
        self.session.playback.advance(self._clock.restart() / 1000)


def _inside(label: str) -> str:
    """A label inside a sentence; names of parameters keep their capitals."""
    return label[:1].lower() + label[1:]


def _text(data: QByteArray) -> str:
    return bytes(data.toBase64().data()).decode("ascii")


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode("ascii"))
