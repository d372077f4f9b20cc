"""The experiment: everything that a project file holds, that undo restores and that a job works on."""

from __future__ import annotations

import msgspec

from odeplayground.spec.candidates import LibrarySettings
from odeplayground.spec.choices import Animation, FieldMode, FieldStyle, Method
from odeplayground.spec.diagram import DiagramSettings
from odeplayground.spec.samples import SamplePlan, Samples
from odeplayground.spec.series import SeriesSettings
from odeplayground.spec.sliders import Controls
from odeplayground.spec.system import AnySystem, System
from odeplayground.spec.training import Epoch, Report, Stage, TrainSpec

Point = tuple[float, ...]


class SolverSettings(msgspec.Struct, frozen=True):
    """How trajectories are computed."""

    method: Method = Method.AUTO
    rtol: float = 1e-6
    atol: float = 1e-9
    t_span: tuple[float, float] | None = None
    """``None``: the system's own time span."""
    step: float | None = None
    """Step of the fixed-step methods; ``None``: a thousandth of the time span."""
    max_step: float | None = None
    """The longest step of the others; ``None``: as they like."""


class Space(msgspec.Struct, frozen=True):
    """The third axis of a view, and from where one looks."""

    z: str
    z_range: tuple[float, float]
    azimuth: float = -55.0
    """Degrees around the third axis."""
    elevation: float = 20.0
    """Degrees above the plane of the other two, from -90 to 90."""
    zoom: float = 1.0


class Cut(msgspec.Struct, frozen=True):
    """Where the points of a Poincaré section lie."""

    state: str = ""
    """The state that has a value there; empty: the times of the forcing, or else the last state."""
    value: float | None = None
    """``None``: the middle of what the trajectory passes."""


class View(msgspec.Struct, frozen=True):
    """What the portrait shows."""

    x: str
    y: str
    """On the axes: states, ``"t"`` or expressions. The first axis of a system with one state is ``"t"``."""
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    mode: FieldMode = FieldMode.TRUE
    arrows: bool = True
    """Whether the field is drawn, in whatever style."""
    nullclines: bool = True
    equilibria: bool = True
    separatrices: bool = True
    trajectories: bool = True
    samples: bool = True
    field_style: FieldStyle = FieldStyle.ARROWS
    cycles: bool = True
    basins: bool = False
    held: dict[str, float] = {}
    """Values at which the background holds states that are on no axis; others are those of the selected start."""
    wrap: tuple[str, ...] = ()
    """Axes with angles, which are drawn between -pi and pi."""
    space: Space | None = None
    """``None``: the view is flat."""
    section: bool = False
    cut: Cut = Cut()


class TrainedRun(msgspec.Struct, frozen=True):
    """The outcome of a training run: kept with the data it was trained on."""

    samples: Samples
    spec: TrainSpec
    field: AnySystem
    best_epoch: int
    seconds: float
    history: tuple[Epoch, ...] = ()
    stages: tuple[Stage, ...] = ()
    report: Report | None = None
    versions: dict[str, str] = {}
    """Of the program, Python and the libraries that computed it."""
    by_hand: tuple[str, ...] = ()
    """What a person changed while it ran, in sentences: with these the settings alone do not bring it back."""


class Experiment(msgspec.Struct, frozen=True):
    """One frozen snapshot of the whole document.

    ``text`` is what stands in the editor, which may be faulty for the moment; ``system`` is its last good reading.
    ``values`` overrides the system's own parameter values (that is where sliders write), ``starts`` are the starting
    points of the drawn trajectories.
    """

    name: str
    text: str
    system: System
    starts: tuple[Point, ...]
    view: View
    values: dict[str, float] = {}
    selected: int = 0
    """Index of the selected starting point."""
    solver: SolverSettings = SolverSettings()
    units: dict[str, str] = {}
    """Unit per state, parameter or ``t``, for display."""
    animation: Animation = Animation.BARS
    plan: SamplePlan = SamplePlan()
    training: TrainSpec = TrainSpec()
    run: TrainedRun | None = None
    preset: str = ""
    """Name of the preset it began with; empty for an own system."""
    diagram: DiagramSettings = DiagramSettings()
    beside: tuple[View, ...] = ()
    """Further views beside the portrait."""
    controls: Controls = Controls()
    series: SeriesSettings = SeriesSettings()
    data: Samples | None = None
    """Measured data from a file; ``plan.from_file`` says whether to train on them."""
    library: LibrarySettings = LibrarySettings()
    """Which terms equations for what was learned are looked for with."""

    @property
    def t_span(self) -> tuple[float, float]:
        """The time span that is solved."""
        return self.solver.t_span or self.system.t_span

    @property
    def parameters(self) -> dict[str, float]:
        """The value of every parameter: the system's own unless overridden."""
        own = dict(zip(self.system.parameters, self.system.values, strict=True))
        return own | {name: value for name, value in self.values.items() if name in own}

    @property
    def own_values(self) -> dict[str, float]:
        """The model's own value of every parameter, which a reset brings back."""
        own = dict(zip(self.system.parameters, self.system.values, strict=True))
        return own | {name: value for name, value in self.controls.typed.items() if name in own}
