"""The thing itself, moving."""

from __future__ import annotations

from functools import cached_property, partial

from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QMenu

from odeplayground.gui.animations import create
from odeplayground.gui.panel import Panel
from odeplayground.gui.widgets.buttons import IconButton
from odeplayground.session import Session, edits
from odeplayground.session.scene import Scene, Trajectory
from odeplayground.spec import Animation, Experiment, FieldMode


class AnimationPanel(Panel):
    """The drawing that belongs to the experiment, at the moment of the playback, and a button to choose another."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Animation")
        self._kind = session.document.experiment.animation
        self._scene: Scene | None = None
        self._true: Trajectory | None = None
        self._learned: Trajectory | None = None
        self._drawing = create(self._kind)
        self.rows.addWidget(self._drawing)
        self._choose = IconButton("dots-three", "Choose another drawing", color="text3", parent=self)
        self._choose.setObjectName("choose-drawing")
        self._choose.clicked.connect(self._open_menu)
        session.document.changed.connect(self._document_changed)
        session.simulation.scene_changed.connect(self._show_scene)
        session.playback.time_changed.connect(self._show_time)
        if session.simulation.scene is not None:
            self._show_scene(session.simulation.scene)

    @cached_property
    def menu(self) -> QMenu:
        """All drawings; made when it is first opened."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        group = QActionGroup(menu)
        for kind in Animation:
            action = QAction(kind.label, menu)
            action.setToolTip(kind.help)
            action.setCheckable(True)
            action.setData(kind.value)
            group.addAction(action)
            menu.addAction(action)
        group.triggered.connect(self._chosen)
        return menu

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose.move(self.width() - self._choose.width() - 8, 4)
        self._choose.raise_()

    def _open_menu(self, _checked: bool = False) -> None:
        for action in self.menu.actions():
            action.setChecked(action.data() == self._kind.value)
        self.menu.popup(self._choose.mapToGlobal(self._choose.rect().bottomLeft()))

    def _chosen(self, action: QAction) -> None:
        kind = Animation(action.data())
        self.edit(partial(edits.set_animation, animation=kind), f"Draw {kind.label.lower()}")

    def _document_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        if new.animation is not self._kind:
            self._kind = new.animation
            self.rows.removeWidget(self._drawing)
            self._drawing.deleteLater()
            self._drawing = create(self._kind)
            self.rows.addWidget(self._drawing)
            self._choose.raise_()
            self._scene = None
            scene = self.session.simulation.scene
            if scene is not None and scene.experiment.system.states == new.system.states:
                self._show_scene(scene)

    def _show_scene(self, scene: Scene) -> None:
        old, self._scene = self._scene, scene
        if old is not None and _looks_like(old, scene):
            return
        self._drawing.set_experiment(scene.experiment)
        self._true, self._learned = _selected(scene)
        self._drawing.set_trajectory(self._true)
        self._show_time(self.session.playback.time)

    def _show_time(self, time: float) -> None:
        values = [] if self._true is None else self._true.at(time).tolist()
        learned = None if self._learned is None else self._learned.at(time).tolist()
        self._drawing.set_state(values, learned, time)


def _looks_like(one: Scene, other: Scene) -> bool:
    """Whether two scenes differ only in what is not drawn here; the second one of a move brings the background."""
    same_curves = all(a is b for a, b in zip(_selected(one), _selected(other), strict=True))
    return same_curves and one.experiment == other.experiment


def _selected(scene: Scene) -> tuple[Trajectory | None, Trajectory | None]:
    """The selected trajectory of the true field, and of the learned one unless it is hidden."""
    index = scene.experiment.selected
    hidden = scene.experiment.view.mode is FieldMode.TRUE or scene.learned is None
    learned = () if hidden or scene.learned is None else scene.learned.trajectories
    true = scene.true.trajectories
    return (
        true[index] if index < len(true) else None,
        learned[index] if index < len(learned) else None,
    )
