"""What the legend under the portrait says about a scene."""

from __future__ import annotations

import numpy as np

from odeplayground.gui.plots import explanations
from odeplayground.gui.plots.basin_image import AWAY, UNDECIDED
from odeplayground.gui.plots.error_map import TRUSTED
from odeplayground.gui.theme import symbols
from odeplayground.gui.theme.basins import token_of
from odeplayground.gui.widgets.legend import LegendEntry
from odeplayground.gui.widgets.signs import Sign, sign_of
from odeplayground.session import layers
from odeplayground.session.scene import CycleMark, Portrait, Scene
from odeplayground.spec import CycleKind, Experiment, FieldMode, Layer


def legend_entries(scene: Scene, has_samples: bool) -> list[LegendEntry]:
    """One entry per thing that is in the picture or could be switched on; ``key`` is the layer of ``View``."""
    mode = scene.experiment.view.mode
    if mode is FieldMode.ERROR:
        return [
            LegendEntry("error", "difference of the fields", Sign.NONE, "text2", switchable=False),
            LegendEntry("contour", f"below {TRUSTED:g}", Sign.LONG_DASHED, "ink", switchable=False),
            *_samples(scene.experiment, has_samples),
        ]
    both = mode is FieldMode.BOTH and scene.learned is not None
    shown = scene.learned if mode is FieldMode.LEARNED and scene.learned is not None else scene.true
    learned_only = mode is FieldMode.LEARNED and scene.learned is not None
    entries = _curves(scene.experiment, both, learned_only)
    if layers.why_not(scene.experiment, Layer.FIELD):
        entries = [entry for entry in entries if entry.key != "arrows"]
    entries += _nullclines(scene.experiment, shown)
    entries += _cycles(scene.experiment, shown, learned_only)
    entries += _basins(scene.experiment, shown)
    if shown.separatrices:
        entries.append(
            LegendEntry("separatrices", "separatrix", Sign.LONG_DASHED, "ink", scene.experiment.view.separatrices)
        )
    measured = scene.experiment.data is not None and scene.experiment.plan.from_file
    entries += _samples(scene.experiment, has_samples and (both or measured))
    return entries + _equilibria(scene.experiment, shown, learned_only)


def _curves(experiment: Experiment, both: bool, learned_only: bool) -> list[LegendEntry]:
    view = experiment.view
    if both:
        return [
            LegendEntry("arrows", "true field", Sign.ARROW, "field", view.arrows),
            LegendEntry("arrows", "learned field", Sign.ARROW, "learned", view.arrows),
            LegendEntry("trajectories", "true", Sign.THICK, "ink", view.trajectories),
            LegendEntry("trajectories", "learned", Sign.THICK, "learned", view.trajectories),
        ]
    return [
        LegendEntry("arrows", "field", Sign.ARROW, "learned" if learned_only else "field", view.arrows),
        LegendEntry("trajectories", "trajectories", Sign.LINE, "bundle", view.trajectories),
    ]


def _nullclines(experiment: Experiment, portrait: Portrait) -> list[LegendEntry]:
    states = experiment.system.states
    return [
        LegendEntry(
            "nullclines",
            f"{symbols.symbol(name)}′ = 0",
            Sign.DASHED,
            f"v{states.index(name) % 5 + 1}",
            experiment.view.nullclines,
        )
        for name, curves in portrait.nullclines.items()
        if curves and name in states
    ]


def _cycles(experiment: Experiment, portrait: Portrait, learned_only: bool) -> list[LegendEntry]:
    kinds: dict[CycleKind, list[CycleMark]] = {}
    for mark in portrait.cycles:
        kinds.setdefault(mark.kind, []).append(mark)
    color, on = "learned" if learned_only else "cycle", experiment.view.cycles
    return [
        LegendEntry("cycles", _cycle_words(kind, marks), Sign.BAND if marks[0].stable else Sign.LONG_DASHED, color, on)
        for kind, marks in kinds.items()
    ]


def _cycle_words(kind: CycleKind, marks: list[CycleMark]) -> str:
    if len(marks) > 1:
        return f"{len(marks)} {kind.label}s"
    return f"{kind.label}, period {symbols.significant(marks[0].period)}"


def _basins(experiment: Experiment, portrait: Portrait) -> list[LegendEntry]:
    """Every end that some starting point in the window has, those of the largest basins first."""
    basins, on = portrait.basins, experiment.view.basins
    if basins is None:
        return []
    counts = np.bincount(basins.labels.ravel() + 2, minlength=2)
    entries = []
    for label in (int(i) - 2 for i in np.argsort(-counts) if counts[i]):
        if 0 <= label < len(basins.ends):
            words, color = f"to {explanations.place_of(basins.ends[label])}", token_of(label)
        elif label in (AWAY, UNDECIDED):
            words, color = ("goes away", "hover") if label == AWAY else ("not decided", "surface")
        entries.append(LegendEntry("basins", words, Sign.AREA, color, on))
    return entries


def _samples(experiment: Experiment, has_samples: bool) -> list[LegendEntry]:
    if not has_samples:
        return []
    return [LegendEntry("samples", "samples", Sign.SAMPLE, "text2", experiment.view.samples)]


def _equilibria(experiment: Experiment, portrait: Portrait, learned_only: bool) -> list[LegendEntry]:
    kinds = list(dict.fromkeys(mark.kind for mark in portrait.equilibria))
    color = "learned" if learned_only else "ink"
    return [LegendEntry("equilibria", kind.label, sign_of(kind), color, experiment.view.equilibria) for kind in kinds]
