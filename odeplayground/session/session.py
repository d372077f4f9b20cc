"""The whole app without a window: the document and everything that listens to it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from odeplayground.jobs import Body, Done, Failed, JobFactory, Mailbox, Progress, Runner, ThreadRunner
from odeplayground.session import editor, edits, files, keeping, time_edits, view_edits, views
from odeplayground.session.analysis import ANALYSIS, Analysis
from odeplayground.session.bifurcation import DIAGRAM, Diagram
from odeplayground.session.bifurcation_edits import carried
from odeplayground.session.bifurcation_picture import Picture
from odeplayground.session.comparison import COMPARISON, Comparison
from odeplayground.session.data_import import DATA, DataImport
from odeplayground.session.document import Document
from odeplayground.session.exponents import EXPONENTS, Exponents
from odeplayground.session.gallery import GALLERY, Gallery
from odeplayground.session.ghost import GHOST, Ghost
from odeplayground.session.keeping import RECOVERY, Keeper
from odeplayground.session.panes import CHANNELS as PANE_CHANNELS
from odeplayground.session.panes import Panes
from odeplayground.session.playback import Playback
from odeplayground.session.scene import Scene, Trajectory
from odeplayground.session.sections import CHANNELS as SECTION_CHANNELS
from odeplayground.session.sections import Sections
from odeplayground.session.signal import Signal
from odeplayground.session.simulation import CHANNELS, Simulation
from odeplayground.session.steady import STEADY, Steady, request_of
from odeplayground.session.templates import FIRST_TEMPLATE, template
from odeplayground.session.training import LATEST_ONLY, TRAINING, Training
from odeplayground.session.warm_up import WARM_UP, warm_up_job
from odeplayground.spec import Experiment, FieldMode, FieldUpdate, Point, Problem
from odeplayground.storage import preferences as preferences_file
from odeplayground.storage import presets, project
from odeplayground.storage.errors import FileProblem
from odeplayground.storage.preferences import Preferences
from odeplayground.storage.recovery import Kept

log = logging.getLogger(__name__)

FIRST = "pendulum"
"""The preset that the first start shows."""
EXPORT = "export"
"""A channel."""
_NEARLY = 0.99
"""The largest share that an export is told to have done before it has ended."""


def remembered() -> Preferences:
    """What the program remembers about the person, before there is a session."""
    return preferences_file.load()


class Session:
    """Wires document, simulation, training and playback together. All of it belongs to one thread.

    Workers post to ``mailbox``; set ``mailbox.wake`` to be told, and call :meth:`pump` in the session's thread.
    """

    problem = Signal(str)
    """A sentence about something that went wrong in the background."""
    notice = Signal(str)
    """A sentence about something that was done in the background."""
    warmed = Signal()
    """The heavy libraries are loaded."""

    export_changed = Signal(float)
    """The share of an export that is done; 1 when it has ended, however it has."""

    def __init__(self, experiment: Experiment | None = None, runner: Runner | None = None) -> None:
        self.mailbox = runner.mailbox if runner is not None else Mailbox((*LATEST_ONLY, Picture))
        self.runner = runner if runner is not None else ThreadRunner(self.mailbox)
        self.document = Document(experiment or presets.load(FIRST).experiment)
        self.simulation = Simulation(self.document, self.runner)
        self.panes = Panes(self.document, self.simulation, self.runner)
        self.sections = Sections(self.document, self.simulation, self.runner)
        self.exponents = Exponents(self.runner)
        self.comparison = Comparison(self.document, self.runner)
        self.training = Training(self.document, self.runner, self.comparison)
        self.diagram = Diagram(self.document, self.runner)
        self.playback = Playback(self.document.experiment.t_span)
        self.analysis = Analysis(self.document, self.runner)
        self.steady = Steady(self.document, self.playback, self.runner)
        self.preferences: Preferences = preferences_file.load()
        self.keeper = Keeper(self.document, self.runner, lambda: self.training.document_so_far)
        self.ghost = Ghost(self.document, self.runner)
        self.gallery = Gallery(self.runner, lambda: self.preferences.recent)
        self.data_import = DataImport(self.runner)
        self._handlers: dict[str, Callable[[Body], None]] = {
            **{channel: partial(self.simulation.handle, channel) for channel in CHANNELS},
            **{channel: partial(self.panes.handle, channel) for channel in PANE_CHANNELS},
            **{channel: partial(self.sections.handle, channel) for channel in SECTION_CHANNELS},
            EXPONENTS: self.exponents.handle,
            TRAINING: self.training.handle,
            COMPARISON: self.comparison.handle,
            GALLERY: self.gallery.handle,
            DIAGRAM: self.diagram.handle,
            ANALYSIS: self.analysis.handle,
            STEADY: self.steady.handle,
            EXPORT: self._on_export,
            WARM_UP: self._on_warm_up,
            RECOVERY: self.keeper.handle,
            GHOST: self.ghost.handle,
            DATA: self.data_import.handle,
        }
        self.sections.problem.connect(self.problem.emit)
        self._closed = False
        self._fit_next = False
        self._holding = False
        self.document.changed.connect(self._on_changed)
        self.document.leaving.connect(self.training.leave)
        self.keeper.problem.connect(self.problem.emit)
        self.training.event.connect(self._on_training_event)
        self.training.state_changed.connect(self._on_training_state)
        self.training.looked.connect(self._on_looked)
        self.simulation.scene_changed.connect(self._on_scene)
        self.steady.told.connect(self.notice.emit)

    def start(self) -> None:
        """Compute the first picture. Apart from making the session, so that a window can be painted before."""
        self.simulation.refresh()
        self.panes.refresh()
        self.sections.refresh()
        self.diagram.refresh()
        self.ghost.refresh()
        self.analysis.refresh()

    # Messages from the workers

    def pump(self) -> None:
        """Take in what the workers have posted.

        A listener that raises does not keep the other messages from being taken in; its error follows afterwards.
        """
        errors: list[Exception] = []
        for message in self.runner.drain():
            if isinstance(message.body, Failed):
                log.error("The job %r failed:\n%s", message.channel, message.body.traceback)
            handle = self._handlers.get(message.channel)
            try:
                if handle is not None:
                    handle(message.body)
            except Exception as error:
                errors.append(error)
        try:
            self.simulation.publish()
            self.panes.publish()
        except Exception as error:
            errors.append(error)
        if errors:
            raise errors[0]

    def _on_warm_up(self, body: Body) -> None:
        if isinstance(body, Done):
            self.warmed.emit()

    def _on_export(self, body: Body) -> None:
        if isinstance(body, Progress):
            self.export_changed.emit(min(body.event, _NEARLY))
            return
        self.export_changed.emit(1.0)
        if isinstance(body, Failed):
            self.problem.emit(body.sentence)
        elif isinstance(body, Done):
            self.notice.emit(body.value)

    # Documents

    def story(self) -> str:
        """What the preset of this document is about; empty for an own system."""
        name = self.document.experiment.preset
        return presets.load(name).story if name in presets.presets() else ""

    @property
    def untouched(self) -> bool:
        """Whether nothing would be lost with this document, not even a way back."""
        document = self.document
        fresh = document.undo_label is None and document.path is None
        return fresh and files.is_untouched_preset(document.experiment)

    def recent_files(self) -> list[Path]:
        """The latest projects that are still there."""
        stored = preferences_file.load()
        return [path for path in map(Path, stored.recent) if path.is_file()]

    @property
    def equilibria(self) -> tuple[Point, ...]:
        """The equilibria (n_states,) of the present picture; none before there is one of these states."""
        scene, states = self.simulation.scene, self.document.experiment.system.states
        if scene is None or scene.experiment.system.states != states:
            return ()
        return tuple(tuple(map(float, mark.state)) for mark in scene.true.equilibria)

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the text in the editor."""
        return editor.read(self.document.experiment.text).problems

    def new_system(self, key: str = FIRST_TEMPLATE) -> None:
        """Begin a system of one's own with a template. Undo goes back, as after every other opening."""
        text = template(key).text
        system = editor.read(text).system
        assert system is not None
        self._open(edits.default_experiment(system, text, "New system"), fit=True)

    def begin(self, experiment: Experiment) -> None:
        """Begin with a document that no file has yet, without a way back to another one."""
        self.document.replace(experiment, saved=False)
        self.playback.seek(self.playback.span[0])

    def open_preset(self, name: str) -> None:
        """Begin with a preset.

        Raises:
            UserError: there is none of this name.
        """
        self._open(carried(self.document.experiment, files.read_preset(name)))

    def open_file(self, path: Path) -> None:
        """Open a project, or a text file with equations.

        Raises:
            UserError: it cannot be read, with everything that is wrong with it.
        """
        experiment = files.read_file(path)
        if files.is_project(path):
            self._open(experiment, path)
            self._remember_file(path)
        else:
            self._open(experiment, fit=True)

    def take_data(self) -> None:
        """Put the data that were read into the document, or begin a new one with them. Undo goes back.

        Raises:
            UserError: they cannot be taken yet; the sentence says why.
        """
        taken = self.data_import
        experiment = taken.result(self.document.experiment)
        if taken.for_system:
            self.document.apply(experiment, "Load data")
            self.playback.seek(self.playback.span[0])
        else:
            self._open(experiment)

    def paste(self, text: str) -> None:
        """Open the system in a text: a shared one, or equations.

        Raises:
            UserError: there is none in it.
        """
        self._open(files.read_shared(text), fit=not files.is_shared(text))

    def save(self, path: Path) -> None:
        """Write the project file.

        Raises:
            UserError: it cannot be written; an older file stays as it was.
        """
        with files.told():
            project.save(self.document.experiment, path)
        self.document.mark_saved(path)
        self._remember_file(path)

    def export(self, job: JobFactory) -> None:
        """Write a file in the background; ``export_changed`` tells how far it is, ``notice`` or ``problem`` the end."""
        self.runner.submit(EXPORT, job)
        self.export_changed.emit(0.0)

    def cancel_export(self) -> None:
        """Write no file after all."""
        self.runner.cancel(EXPORT)

    def undo(self) -> None:
        """Take back the last edit."""
        self.document.undo()

    def redo(self) -> None:
        """Do it again."""
        self.document.redo()

    def fit_view(self) -> None:
        """Zoom so that every trajectory fits."""
        self._fit("Fit the trajectories", undoable=True)

    def go_on(self) -> None:
        """Double the time span, and play on from where it ended.

        Raises:
            UserError: it would become too long.
        """
        end = self.document.experiment.t_span[1]
        self.document.apply(time_edits.go_on(self.document.experiment), "Go on in time")
        self.playback.seek(max(self.playback.time, end))
        self.playback.play()

    def start_from_last(self) -> None:
        """Make the last state of the selected trajectory its new start.

        Raises:
            UserError: the solution stops before the end.
        """
        from odeplayground import dynamics

        experiment = self.document.experiment
        autonomous = dynamics.is_autonomous(experiment.system)
        changed = time_edits.start_from_last(experiment, self.selected_trajectory, autonomous)
        self.document.apply(changed, "Start from the last state")
        self.playback.seek(self.playback.span[0])

    def step_sample(self, direction: int) -> None:
        """Hold the time at the next computed point of the selected trajectory, or at the one before."""
        if self.selected_trajectory is not None:
            self.playback.step_along(self.selected_trajectory.t.tolist(), direction)

    @property
    def selected_trajectory(self) -> Trajectory | None:
        """That of the document's selected start; ``None`` while it is computed anew."""
        experiment, scene = self.document.experiment, self.simulation.scene
        if scene is None or request_of(scene.experiment) != request_of(experiment):
            return None
        runs = scene.true.trajectories
        return runs[experiment.selected] if experiment.selected < len(runs) else None

    def why_not_mode(self, mode: FieldMode) -> str:
        """Why this field cannot be shown now; empty if it can."""
        experiment = self.document.experiment
        field = self.training.field if self.training.active else experiment.run and experiment.run.field
        if mode is FieldMode.TRUE or (field and field.states == experiment.system.states):
            return ""
        return "There is no learned field yet. Train a network first."

    def _open(self, experiment: Experiment, path: Path | None = None, *, fit: bool = False) -> None:
        self._fit_next = fit
        self.document.open(experiment, f"Open {experiment.name}", path)
        self.playback.seek(self.playback.span[0])

    # Keeping things

    def restore(self, kept: Kept | None = None) -> bool:
        """Go on with what a window has kept, or else where the last session ended; whether there was something."""
        if kept is None:
            kept = next(iter(keeping.left_open()), None)
        if kept is None or not self.keeper.restore(kept):
            return False
        self.training.compare()  # where a crash cut it off
        self.playback.seek(self.playback.span[0])
        return True

    def autosave(self) -> None:
        """Keep the document for the next start if it has changed. To be called every few seconds; costs nothing."""
        self.keeper.autosave()

    def remember(self, **changes: Any) -> None:
        """Change preferences, such as ``theme="dark"``, and keep them."""
        stored = preferences_file.load()  # another window may have changed them
        latest = self.preferences if stored == Preferences() else stored
        self.preferences = msgspec.structs.replace(latest, **changes)
        try:
            preferences_file.save(self.preferences)
        except FileProblem as error:
            self.problem.emit(str(error))

    def warm_up(self) -> None:
        """Load the heavy libraries in the background. To be called when the first picture is there."""
        self.runner.submit(WARM_UP, partial(warm_up_job, hurried=self._is_dragged))

    def _is_dragged(self) -> bool:
        return self.simulation.hurried

    def close(self) -> None:
        """End all work and keep the document for the next start. A training stops and keeps its best weights."""
        if self._closed:
            return
        self._closed = True
        self.mailbox.wake = None
        self.runner.seal()
        try:
            self.pump()  # what was told last counts too
            self.training.leave()
        except Exception:  # a listener's fault must not cost the document
            log.exception("The training did not end cleanly")
        self.runner.close()
        self.keeper.end()

    def _remember_file(self, path: Path) -> None:
        self.remember(recent=self.preferences.with_recent(path.resolve()).recent)

    # Wires

    def _on_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        self.playback.set_span(new.t_span)

    def _on_training_event(self, event: object) -> None:
        if isinstance(event, FieldUpdate) and self.training.looking is None:
            self.simulation.set_live_field(event.field)

    def _on_looked(self) -> None:
        self.simulation.set_live_field(self.training.shown_field, at_once=True)

    def _hold_playback(self) -> None:
        """Time stands still while a network learns, unless a person lets it run again: moving pictures would take
        most of the processor from the training and the window alike.
        """
        if self.training.running and not self._holding and self.playback.playing:
            self._holding = True
            self.playback.pause()
        elif not self.training.active and self._holding:
            self._holding = False
            self.playback.play()

    def _on_training_state(self) -> None:
        self._hold_playback()
        self.simulation.hide_run(self.training.learns_others)
        self._on_looked()

    def _on_scene(self, scene: Scene) -> None:
        if self._fit_next:
            self._fit_next = False
            self._fit("Fit the trajectories", undoable=False)

    def _fit(self, label: str, *, undoable: bool) -> None:
        experiment, scene = self.document.experiment, self.simulation.scene
        ranges = scene and views.fitted(scene.true, experiment)
        if ranges:
            fitted = view_edits.set_ranges(experiment, ranges)
            (self.document.apply if undoable else self.document.amend)(fitted, label)
