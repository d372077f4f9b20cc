"""The bifurcation diagram beside the portrait, linked with it both ways."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QStackedWidget

from odeplayground.gui.bifurcation_legend import entries
from odeplayground.gui.panel import Panel
from odeplayground.gui.plots.bifurcation_view import BifurcationView, Shown
from odeplayground.gui.plots.markers import SIGNS, Place
from odeplayground.gui.theme import symbols
from odeplayground.gui.widgets.buttons import FieldButton
from odeplayground.gui.widgets.labels import label
from odeplayground.gui.widgets.legend import Legend
from odeplayground.gui.widgets.segmented import Segment, Segmented
from odeplayground.session import Session, bifurcation_edits, edits
from odeplayground.session.bifurcation_request import bounds_of, drawn_state, part_of, varied, widest
from odeplayground.session.scene import Scene
from odeplayground.spec import DiagramKind, Experiment

FIELD_WIDTH, FIELD_HEIGHT = 76, 28
LEAST = (300, 180)
"""Width and height."""


class BifurcationPanel(Panel):
    """Shows the session's diagram and turns the mouse into edits."""

    close_requested = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Bifurcation")
        self.setObjectName("bifurcation")
        self.setMinimumSize(*LEAST)
        self._make_header()
        self.view = BifurcationView()
        self.view.setObjectName("bifurcation-view")
        self._empty = label("", 13, 400, "text2")
        self._empty.setObjectName("bifurcation-empty")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setContentsMargins(32, 16, 32, 32)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.view)
        self._pages.addWidget(self._empty)
        self.legend = Legend()
        self.rows.addWidget(self.header)
        self.header.show()
        self.rows.addWidget(self._pages, 1)
        self.rows.addWidget(self.legend)
        self._connect()
        self._show_choices(session.document.experiment)
        self._show_diagram()
        if session.simulation.scene is not None:
            self._show_scene(session.simulation.scene)

    def _make_header(self) -> None:
        self.kinds = Segmented([Segment(kind.value, kind.label, tooltip=kind.help) for kind in DiagramKind])
        self.kinds.setObjectName("diagram-kinds")
        self.kinds.setAccessibleName("What the diagram shows")
        self.state = _field("diagram-state", "Which state is drawn")
        self.parameter = _field("diagram-parameter", "Over which parameter")
        self.back = self.header.add_button("arrow-left", "Back to the whole (Backspace)")
        self.back.setObjectName("diagram-back")
        for widget in (self.kinds, self.state, label("over", 12, 400, "text2"), self.parameter):
            self.header.add_widget(widget)
        self.close_button = self.header.add_button("x", "Close the bifurcation diagram (Ctrl+B)")
        self.close_button.setObjectName("diagram-close")

    def _connect(self) -> None:
        session, view = self.session, self.view
        session.diagram.changed.connect(self._show_diagram)
        session.document.changed.connect(self._document_changed)
        session.simulation.scene_changed.connect(self._show_scene)
        self.kinds.current_changed.connect(self._choose_kind)
        self.back.clicked.connect(self._back)
        self.close_button.clicked.connect(self._close)
        view.parameter_dragged.connect(self._drag)
        view.parameter_released.connect(self._released)
        view.box_chosen.connect(self._refine)
        view.equilibrium_clicked.connect(self._go)
        view.back_requested.connect(self._back)

    # What it shows

    def _document_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        if not new.diagram.shown:
            return
        if old.diagram != new.diagram or old.system != new.system or old.units != new.units:
            self._show_choices(new)
            self._show_diagram()
        elif old.values != new.values:
            parameter = varied(new)
            if parameter is not None:
                self.view.set_value(new.parameters[parameter.name])

    def _show_choices(self, experiment: Experiment) -> None:
        parameter, state = varied(experiment), drawn_state(experiment)
        names = [one.name for one in experiment.system.constants]
        self.kinds.set_current(experiment.diagram.kind.value)
        _fill(self.parameter, names, parameter.name if parameter else "", self._choose_parameter)
        _fill(self.state, list(experiment.system.states), state, self._choose_state)
        self.back.setVisible(part_of(experiment) is not None)

    def _show_diagram(self) -> None:
        diagram, experiment = self.session.diagram, self.session.document.experiment
        why = diagram.why_empty
        self._empty.setText(why)
        self._pages.setCurrentIndex(1 if why else 0)
        parameter = varied(experiment)
        if parameter is None:
            self.legend.set_entries([])
            self.header.set_count("")
            return
        state = drawn_state(experiment)
        index = experiment.system.states.index(state)
        value = experiment.parameters[parameter.name]
        part, units = part_of(experiment), experiment.units
        self.view.set_value(value)
        self.view.set_shown(
            Shown(
                picture=diagram.picture,
                dim=not diagram.fresh,
                parameter=parameter.name,
                state=index,
                names=(parameter.name, state),
                units=(units.get(parameter.name, ""), units.get(state, "")),
                bounds=bounds_of(experiment) or (0.0, 1.0),
                window=part.y_range if part else None,
                widest=widest(experiment),
                growing=diagram.busy,
            )
        )
        self.legend.set_entries(entries(diagram.picture, index, state))
        self.header.set_count(diagram.note)

    def _show_scene(self, scene: Scene) -> None:
        parameter = varied(scene.experiment)
        if parameter is None or scene.experiment.diagram.kind is DiagramKind.ORBITS:
            self.view.set_now(())
            return
        index = scene.experiment.system.states.index(drawn_state(scene.experiment))
        value = scene.experiment.parameters[parameter.name]
        signs = [Place(value, float(mark.state[index]), SIGNS[mark.kind]) for mark in scene.true.equilibria]
        self.view.set_now(signs)

    # What a person does

    def _choose_kind(self, key: str) -> None:
        kind = DiagramKind(key)
        self.edit(partial(bifurcation_edits.choose_kind, kind=kind), f"Show {kind.label.lower()}")

    def _choose_parameter(self, name: str, _checked: bool = False) -> None:
        self.edit(partial(bifurcation_edits.choose_parameter, name=name), f"Vary {name}")

    def _choose_state(self, name: str, _checked: bool = False) -> None:
        self.edit(partial(bifurcation_edits.choose_state, name=name), f"Draw {name}")

    def _drag(self, value: float) -> None:
        name = self._parameter_name()
        self.edit(partial(edits.set_parameter, name=name, value=value), f"Set {name}", merge=f"slider {name}")

    def _released(self) -> None:
        name = self._parameter_name()
        self.edit(partial(edits.follow_values, names=(name,)), f"Set {name}", merge=f"slider {name}")
        self.session.document.seal()

    def _go(self, value: float, state: tuple[float, ...]) -> None:
        name = self._parameter_name()
        change = partial(bifurcation_edits.go_to_equilibrium, name=name, value=value, state=state)
        self.edit(lambda old: edits.follow_values(change(old), (name,)), f"Set {name}")

    def _refine(self, x_range: tuple[float, float], y_range: tuple[float, float]) -> None:
        self.edit(partial(bifurcation_edits.refine, x_range=x_range, y_range=y_range), "Look closer")

    def _back(self, _checked: bool = False) -> None:
        self.edit(bifurcation_edits.back, "Look from further away")

    def _close(self, _checked: bool = False) -> None:
        self.close_requested.emit()

    def _parameter_name(self) -> str:
        parameter = varied(self.session.document.experiment)
        assert parameter is not None, "without a parameter there is no diagram to touch"
        return parameter.name


def _field(name: str, tooltip: str) -> FieldButton:
    field = FieldButton("")
    field.setObjectName(name)
    field.setToolTip(tooltip)
    field.setFixedSize(FIELD_WIDTH, FIELD_HEIGHT)
    field.setMenu(QMenu(field))
    return field


def _fill(field: FieldButton, names: list[str], current: str, choose: Callable[[str, bool], None]) -> None:
    """A menu of names in a field; the current one is checked."""
    field.set_label(symbols.symbol(current) if current else "")
    field.setAccessibleName(f"{field.toolTip()}: {current}")
    field.setEnabled(len(names) > 1)
    menu = field.menu()
    if [action.data() for action in menu.actions()] != names:
        menu.clear()
        group = QActionGroup(menu)
        for name in names:
            action = menu.addAction(symbols.symbol(name))
            action.setData(name)
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(partial(choose, name))
    for action in menu.actions():
        action.setChecked(action.data() == current)
